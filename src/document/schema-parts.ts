import {
  type Static,
  type TObject,
  type TObjectOptions,
  type TProperties,
  type TSchema,
  type TUnsafe,
  Type,
} from 'typebox';

/** An object of these properties and no others. */
export function closed<Properties extends TProperties>(
  properties: Properties,
  options: TObjectOptions = {},
): TObject<Properties> {
  return Type.Object(properties, { ...options, additionalProperties: false });
}

/** An object whose names are anybody's, with values of one kind. */
export function named<Value extends TSchema>(
  value: Value,
  options: TObjectOptions = {},
): TUnsafe<Record<string, Static<Value>>> {
  return Type.Unsafe({ type: 'object', additionalProperties: value, ...options });
}

/** A definition of the schema by its name, with a sentence of its own. */
export function refer<Defined>(name: string, description?: string): TUnsafe<Defined> {
  return Type.Unsafe({ ...(description && { description }), $ref: `#/$defs/${name}` });
}

/** One of several objects, told apart by a property. */
export function oneOfBy<Alternative>(property: string, alternatives: readonly TSchema[]): TUnsafe<Alternative> {
  return Type.Unsafe({ type: 'object', discriminator: { propertyName: property }, oneOf: alternatives });
}
