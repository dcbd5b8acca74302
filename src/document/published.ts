/** Turns the schemas that we check with into those that we publish, with their keywords in the order of reading. */
import type { TSchema } from 'typebox';

/** A JSON Schema, or a part of one, as it is published. */
export type Schema = Record<string, unknown>;

/** A schema as people read it: plain JSON, in which each part says first what it is. */
export function toPublished(schema: TSchema): Schema {
  const text = JSON.stringify(schema, (key, value) => (isSchema(key, value) ? inOrder(value) : value));
  return JSON.parse(text);
}

/** Beside schemas there are lists, words, and objects of schemas by name. */
const isSchema = (key: string, value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && key !== 'properties' && key !== '$defs';

const keywords = (
  '$schema title description $ref type discriminator oneOf enum const format pattern minimum maximum minLength maxLength ' +
  'minItems items maxItems properties required additionalProperties minProperties maxProperties $defs'
).split(' ');

const inOrder = (schema: Schema): Schema =>
  Object.fromEntries(Object.entries(schema).sort(([one], [other]) => keywords.indexOf(one) - keywords.indexOf(other)));
