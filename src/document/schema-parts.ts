/** A JSON Schema, or a part of one. */
export type Schema = Record<string, unknown>;

/** A schema for every property of a type: the compiler finds one that is missing or too many. */
export type Properties<T> = { [Name in keyof Required<T>]: Schema };

/** An object of these properties and no others. */
export function closed(properties: Record<string, Schema>, required: readonly string[] = []): Schema {
  return { type: 'object', properties, ...(required.length > 0 && { required }), additionalProperties: false };
}

/** A definition of the schema by its name, with a sentence of its own. */
export const refer = (name: string, description?: string): Schema => ({
  ...(description && { description }),
  $ref: `#/$defs/${name}`,
});

/** One of several objects, told apart by a property. */
export function oneOfBy(property: string, alternatives: readonly Schema[]): Schema {
  return { type: 'object', discriminator: { propertyName: property }, oneOf: alternatives };
}
