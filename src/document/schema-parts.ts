/** Pieces that our schemas for JSON files are put together from: references, and choices between objects. */
import { type TSchema, type TUnsafe, Type } from 'typebox';

/** A definition of the schema by its name, with a sentence of its own. */
export function refer<Defined>(name: string, description?: string): TUnsafe<Defined> {
  return Type.Unsafe({ ...(description && { description }), $ref: `#/$defs/${name}` });
}

/** One of several objects, told apart by a property. */
export function oneOfBy<Alternative>(property: string, alternatives: readonly TSchema[]): TUnsafe<Alternative> {
  return Type.Unsafe({ type: 'object', discriminator: { propertyName: property }, oneOf: alternatives });
}
