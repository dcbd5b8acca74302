/** What a schema finds wrong with a customer’s package, in words. */
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Place, PlacedFault } from '../../document/fault.ts';
import type { Schema } from '../../document/published.ts';
import { toFaults, toPlainMessage } from '../../document/schema-errors.ts';
import { didYouMean } from '../../document/suggestion.ts';
import type { Report } from '../../engine/report.ts';
import { ruleKinds } from './rule-schema.ts';
import { toCustomerSchema } from './schema.ts';
import { type FaultInText, textFormats } from './text-formats.ts';

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
  return (content) => (isValid(content) ? [] : toFaults(isValid.errors ?? [], content, toMessage));
}

function toMessage(error: ErrorObject, place: Place): string {
  const { keyword, params, data } = error;
  const schema = error.parentSchema as Schema;
  switch (keyword) {
    case 'additionalProperties':
      return toUnknown(params.additionalProperty, schema, place);
    case 'discriminator':
      return toUnknownOf(error, place);
    case 'enum':
    case 'const':
      return toUnknownWord(data, keyword === 'enum' ? params.allowedValues : [params.allowedValue], place);
    case 'format':
      return textFormats[params.format as keyof typeof textFormats](data as string) ?? 'It can\u2019t be read.';
    case 'minItems':
    case 'maxItems':
      return `There are ${(data as unknown[]).length}. Give ${schema.minItems} or ${schema.maxItems}.`;
    case 'minProperties':
      return 'The rule changes nothing. Give it fill, color or bold.';
    default:
      return (
        toPlainMessage(error) ??
        `It breaks the schema (${keyword}). "dialtally customer schema" prints what may stand here.`
      );
  }
}

const quote = (words: readonly unknown[]) => words.map((word) => JSON.stringify(word)).join(', ');

/** A property that nobody knows, or one that this kind of column does not have. */
function toUnknown(name: string, schema: Schema, place: Place): string {
  const known = Object.keys(schema.properties as object);
  if (isReports(place)) return toUnknownWord(name, known, place);
  if (isOfColumn(place) && (name === 'rules' || name === 'number_format')) {
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
  if (tag === 'kind' && ruleKinds.some((kind) => kind === tagValue)) {
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
const isOfColumn = (place: Place) => place.length === 5 && place[2] === 'columns';
