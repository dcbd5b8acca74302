import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Place, type PlacedFault, toJsonPath } from '../../document/fault.ts';
import { parseDocument } from '../../document/parse.ts';
import { repeatedNames } from '../../document/repeated-names.ts';
import { toFaults, toPlainMessage } from '../../document/schema-errors.ts';
import type { Schema } from '../../document/schema-parts.ts';
import { didYouMean } from '../../document/suggestion.ts';
import { contentFaults } from './content-faults.ts';
import { phoneFormParts } from './hash.ts';
import { faultInTimeZone } from './local-time.ts';
import type { Mapping } from './mapping.ts';
import { toMappingSchema } from './schema.ts';
import { faultInTimeFormat } from './time-format.ts';

/** A mapping, or all that is wrong with it: each fault with its place as a JSON path. */
export type ReadMapping =
  | { mapping: Mapping; faults: [] }
  | { mapping?: never; faults: { path: string; message: string }[] };

/** Reads the text of a mapping. */
export function readMapping(text: string): ReadMapping {
  const parsed = parseDocument(text.replace(/^\ufeff/, ''));
  if ('message' in parsed) return { faults: [parsed] };
  const repeated = repeatedNames(text).map((place) => ({ place, message: 'The name stands here twice. Keep one.' }));
  return toRead([...repeated, ...faultsIn(parsed.content)], parsed.content);
}

/** Checks a mapping that is read already. */
export function checkMapping(content: unknown): ReadMapping {
  return toRead(faultsIn(content), content);
}

function toRead(faults: readonly PlacedFault[], content: unknown): ReadMapping {
  if (faults.length === 0) return { mapping: content as Mapping, faults: [] };
  return { faults: faults.map(({ place, message }) => ({ path: toJsonPath(place), message })) };
}

function faultsIn(content: unknown): PlacedFault[] {
  const isValid = schemaCheck();
  if (!isValid(content)) return toFaults(isValid.errors ?? [], content, toMessage);
  return contentFaults(content as Mapping);
}

const formats: Record<string, (text: string) => string | undefined> = {
  timezone: faultInTimeZone,
  'time-format': faultInTimeFormat,
  encoding: faultInEncoding,
  'country-code': (text) => faultInPart(text, phoneFormParts.country_code),
  'dial-prefix': (text) => faultInPart(text, phoneFormParts.dial_prefix),
};

const faultInPart = (text: string, { pattern, rule }: { pattern: string; rule: string }) =>
  new RegExp(pattern).test(text) ? undefined : rule;

function faultInEncoding(name: string): string | undefined {
  try {
    new TextDecoder(name);
    return undefined;
  } catch {
    return 'It is no encoding that is known here. Write its WHATWG name, such as utf-8, windows-1252 or gb18030.';
  }
}

let compiled: ValidateFunction | undefined;

/** The schema, compiled once: it takes some hundred milliseconds. */
function schemaCheck(): ValidateFunction {
  if (compiled) return compiled;
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    messages: false,
    allowUnionTypes: true,
    strictTypes: false,
  });
  for (const [name, faultIn] of Object.entries(formats)) {
    ajv.addFormat(name, (text: string) => faultIn(text) === undefined);
  }
  compiled = ajv.compile(toMappingSchema());
  return compiled;
}

function toMessage(error: ErrorObject, place: Place): string {
  const { keyword, params, data } = error;
  switch (keyword) {
    case 'additionalProperties':
      return toUnknown(params.additionalProperty, Object.keys((error.parentSchema as Schema).properties as object));
    case 'enum':
      return toUnknownWord(data, params.allowedValues, place);
    case 'format':
    case 'pattern':
      return formats[(error.parentSchema as Schema).format as string]?.(data as string) ?? 'It can\u2019t be read.';
    case 'minItems':
    case 'minProperties':
      return 'It is empty. Fill it, or leave it out.';
    default:
      return (
        toPlainMessage(error) ??
        `It breaks the schema (${keyword}). "dialtally mapping schema" prints what may stand here.`
      );
  }
}

function toUnknown(name: string, known: readonly string[]): string {
  return `There is no ${JSON.stringify(name)} here.${didYouMean(name, known)} There may be ${known.join(', ')}.`;
}

function toUnknownWord(word: unknown, known: readonly unknown[], place: Place): string {
  const what = place.length === 1 && place[0] === 'table' ? 'no table' : 'no value that is known here';
  const meant = typeof word === 'string' ? didYouMean(word, known.map(String)) : '';
  return `${JSON.stringify(word)} is ${what}.${meant} There are ${known.map((one) => JSON.stringify(one)).join(', ')}.`;
}
