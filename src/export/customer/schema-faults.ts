import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Report } from '../../engine/report.ts';
import { type Place, toPlace } from './fault.ts';
import { ruleKinds } from './rule-schema.ts';
import { toCustomerSchema } from './schema.ts';
import type { Schema } from './schema-parts.ts';
import { didYouMean } from './suggestion.ts';
import { type FaultInText, textFormats } from './text-formats.ts';

/** What is wrong at a place of `customer.json`. */
export interface PlacedFault {
  place: Place;
  message: string;
}

type SchemaCheck = (content: unknown) => PlacedFault[];

// To compile it takes a third of a second.
const known = new WeakMap<readonly Report[], SchemaCheck>();

/** Compiles the schema into a check that names every fault at once, each with its remedy. */
export function openSchemaCheck(reports: readonly Report[]): SchemaCheck {
  const check = known.get(reports) ?? compile(reports);
  known.set(reports, check);
  return check;
}

function compile(reports: readonly Report[]): SchemaCheck {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, discriminator: true, messages: false });
  for (const [name, faultIn] of Object.entries<FaultInText>(textFormats)) {
    ajv.addFormat(name, (text: string) => faultIn(text) === undefined);
  }
  const isValid = ajv.compile(toCustomerSchema(reports));
  return (content) => (isValid(content) ? [] : toFaults(isValid.errors ?? [], content));
}

function toFaults(errors: readonly ErrorObject[], content: unknown): PlacedFault[] {
  const faults = new Map<string, PlacedFault>();
  for (const error of errors) {
    // A text may break two rules of one remedy.
    const place = placeOf(error, content);
    const key = JSON.stringify(place);
    if (!faults.has(key) || error.keyword === 'format') faults.set(key, { place, message: toMessage(error, place) });
  }
  return [...faults.values()];
}

/** The place of an error: of the property itself where one is missing or too many. */
function placeOf({ instancePath, keyword, params }: ErrorObject, content: unknown): Place {
  const place = toPlace(instancePath, content);
  if (keyword === 'additionalProperties') return [...place, params.additionalProperty];
  if (keyword === 'required') return [...place, params.missingProperty];
  return keyword === 'discriminator' ? [...place, params.tag] : place;
}

function toMessage(error: ErrorObject, place: Place): string {
  const { keyword, params, data } = error;
  const schema = error.parentSchema as Schema;
  switch (keyword) {
    case 'required':
      return `It is missing. Add ${JSON.stringify(params.missingProperty)}. ${aboutOf(schema, params.missingProperty)}`.trim();
    case 'additionalProperties':
      return toUnknown(params.additionalProperty, schema, place);
    case 'discriminator':
      return toUnknownOf(error, place);
    case 'enum':
    case 'const':
      return toUnknownWord(data, keyword === 'enum' ? params.allowedValues : [params.allowedValue], place);
    case 'type':
      return `It must be ${types[params.type as string] ?? params.type}, not ${nameOf(data)}.`;
    case 'format':
      return textFormats[params.format as keyof typeof textFormats](data as string) ?? 'It can\u2019t be read.';
    case 'minimum':
      return `${data} is too small. Take ${params.limit} or more.`;
    case 'maximum':
      return `${data} is too large. Take ${params.limit} or less.`;
    case 'minLength':
      return 'It is empty. Write a text, or leave it out.';
    case 'maxLength':
      return `It is too long. Take at most ${params.limit} characters.`;
    case 'minItems':
    case 'maxItems':
      return `There are ${(data as unknown[]).length}. Give ${schema.minItems} or ${schema.maxItems}.`;
    case 'minProperties':
      return 'The rule changes nothing. Give it fill, color or bold.';
    default:
      return `It breaks the schema (${keyword}). "dialtally customer schema" prints what may stand here.`;
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
const quote = (words: readonly unknown[]) => words.map((word) => JSON.stringify(word)).join(', ');

function aboutOf(schema: Schema, property: string): string {
  const { description } = (schema.properties as Record<string, { description?: string }> | undefined)?.[property] ?? {};
  return description ?? '';
}

/** A property that nobody knows, or one that this kind of column does not have. */
function toUnknown(name: string, schema: Schema, place: Place): string {
  const known = Object.keys(schema.properties as object);
  if (isReports(place)) return toUnknownWord(name, known, place);
  if (name === 'rules' || name === 'number_format') {
    const fits =
      name === 'rules'
        ? 'columns of numbers, text, known words, yes and no take them'
        : 'columns of numbers and moments take it';
    return `It does not fit ${schema.title}: only ${fits}. Take it out.`;
  }
  return `There is no ${JSON.stringify(name)} here.${didYouMean(name, known)} There may be ${known.join(', ')}.`;
}

/** A value of `name` or `kind` that none of the alternatives has. */
function toUnknownOf({ params, data, parentSchema }: ErrorObject, place: Place): string {
  const { tag, tagValue } = params as { tag: string; tagValue: unknown };
  const alternatives = (parentSchema as { oneOf: { properties: Record<string, Schema> }[] }).oneOf;
  const known = alternatives.flatMap(({ properties }) => {
    const { const: only, enum: several } = properties[tag] as { const?: string; enum?: string[] };
    return several ?? [only as string];
  });
  if (!Object.hasOwn(data as object, tag)) return `It is missing. Write one of ${quote(known)}.`;
  if (tag === 'kind' && ruleKinds.includes(tagValue as string)) {
    return `A rule of kind ${JSON.stringify(tagValue)} needs a column of numbers. This column takes ${quote(known)}.`;
  }
  return toUnknownWord(tagValue, known, place);
}

function toUnknownWord(word: unknown, known: readonly unknown[], place: Place): string {
  const what = isReports(place)
    ? 'no report'
    : place.at(-1) === 'kind'
      ? 'no kind of rule'
      : place.at(-1) === 'name' || place.at(-2) === 'left_out'
        ? `no column of ${place[1]}`
        : 'no value that is known here';
  const meant = typeof word === 'string' ? didYouMean(word, known.map(String)) : '';
  return `${JSON.stringify(word)} is ${what}.${meant} There are ${quote(known)}.`;
}

const isReports = (place: Place) => place.length === 2 && place[0] === 'reports';
