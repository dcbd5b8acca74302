/** Turns what a JSON Schema validator finds into faults that the author of a file can act on. */
import type { ErrorObject } from 'ajv/dist/2020.js';
import { type Place, type PlacedFault, toFault, toPlace } from './fault.ts';
import type { Schema } from './published.ts';

/** The errors of a schema as faults: one a place, each with a message of the schema's own, which is made when it is asked for. */
export function toFaults(
  errors: readonly ErrorObject[],
  content: unknown,
  toMessage: (error: ErrorObject, place: Place) => string,
): PlacedFault[] {
  const faults = new Map<string, PlacedFault>();
  for (const error of errors) {
    // A text may break two rules of one remedy.
    const place = placeOf(error, content);
    const key = JSON.stringify(place);
    if (!faults.has(key) || error.keyword === 'format')
      faults.set(
        key,
        toFault(place, () => toMessage(error, place)),
      );
  }
  return [...faults.values()];
}

/** The place of an error: of the property itself where one is missing, too many, or has a name that none may have. */
function placeOf({ instancePath, keyword, params }: ErrorObject, content: unknown): Place {
  const place = toPlace(instancePath, content);
  if (keyword === 'additionalProperties') return [...place, params.additionalProperty];
  if (keyword === 'required') return [...place, params.missingProperty];
  if (keyword === 'propertyNames') return [...place, params.propertyName];
  return keyword === 'discriminator' ? [...place, params.tag] : place;
}

/** What any schema says of what is missing, of another type, too small, too large or too long; undefined for the rest. */
export function toPlainMessage({ keyword, params, data, parentSchema }: ErrorObject): string | undefined {
  switch (keyword) {
    case 'required':
      return `It is missing. Add ${JSON.stringify(params.missingProperty)}. ${aboutOf(parentSchema as Schema, params.missingProperty)}`.trim();
    case 'type': {
      const expected = [params.type as string | string[]].flat().map((type) => types[type] ?? type);
      return `It must be ${expected.join(' or ')}, not ${nameOf(data)}.`;
    }
    case 'minimum':
      return `${data} is too small. Take ${params.limit} or more.`;
    case 'maximum':
      return `${data} is too large. Take ${params.limit} or less.`;
    case 'minLength':
      return 'It is empty. Write a text, or leave it out.';
    case 'maxLength':
      return `It is too long. Take at most ${params.limit} characters.`;
    default:
      return undefined;
  }
}

const types: Record<string, string> = {
  object: 'an object in braces',
  array: 'a list in brackets',
  string: 'a text in quotes',
  number: 'a number without quotes',
  integer: 'a whole number without quotes',
  boolean: 'true or false',
};

const nameOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeName(value)}`);
const typeName = (value: unknown) =>
  ({ string: 'text', boolean: 'true or false' })[typeof value as string] ?? typeof value;

function aboutOf(schema: Schema, property: string): string {
  const { description } = (schema.properties as Record<string, { description?: string }> | undefined)?.[property] ?? {};
  return description ?? '';
}
