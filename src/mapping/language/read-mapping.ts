/** Reads the text of a mapping, and tells all that is wrong with it. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Place, type PlacedFault, toJsonPath } from '../../document/fault.ts';
import { parseDocument } from '../../document/parse.ts';
import type { Schema } from '../../document/published.ts';
import { repeatedNames } from '../../document/repeated-names.ts';
import { toFaults, toPlainMessage } from '../../document/schema-errors.ts';
import { listed, quoted, shorten } from '../../document/short.ts';
import { didYouMean } from '../../document/suggestion.ts';
import { tableNames } from '../../tables.ts';
import { faultInSize } from './bounds.ts';
import { faultsOfFormats } from './formats.ts';
import type { Mapping } from './mapping.ts';
import { mappingFaults } from './mapping-faults.ts';
import { toMappingSchema } from './mapping-schema.ts';
import { columnsOfTable } from './readings.ts';

/** A mapping, or what is wrong with it: each fault with its place as a JSON path, of very many the first. */
export type ReadMapping =
  | { mapping: Mapping; faults: [] }
  | { mapping?: never; faults: { path: string; message: string }[] };

/** Reads the text of a mapping. */
export function readMapping(text: string): ReadMapping {
  const parsed = parseDocument(text.replace(/^\ufeff/, ''));
  if ('message' in parsed) return { faults: [parsed] };
  return check(parsed.content, () =>
    repeatedNames(text).map((place) => ({ place, message: 'The name stands here twice. Keep one.' })),
  );
}

/** Checks a mapping that is read already. */
export function checkMapping(content: unknown): ReadMapping {
  return check(content, () => []);
}

// More are not read at once, and are mended one kind at a time.
const mostTold = 50;

function check(content: unknown, faultsInText: () => PlacedFault[]): ReadMapping {
  const tooLarge = faultInSize(content);
  const faults = tooLarge ? [tooLarge] : [...faultsInText(), ...faultsIn(content)];
  // The file's texts are composed before they are held against those of the mapping.
  if (faults.length === 0)
    return { mapping: JSON.parse(JSON.stringify(content).normalize('NFC')) as Mapping, faults: [] };
  const told = faults.slice(0, mostTold).map(({ place, message }) => ({ path: toJsonPath(place), message }));
  if (faults.length === told.length) return { faults: told };
  const more = { path: '$', message: `There are ${faults.length - told.length} more faults. Mend these first.` };
  return { faults: [...told, more] };
}

function faultsIn(content: unknown): PlacedFault[] {
  const isValid = schemaCheck();
  if (isValid(content)) return mappingFaults(content as Mapping);
  const errors = isValid.errors ?? [];
  const faults = toFaults(errors, content, (error, place) => toMessage(error, place, content));
  return [...faults, ...furtherFaults(content, errors, faults)];
}

// What breaks a rule of these is of the right shape still.
const shapely = ['format', 'pattern', 'enum', 'minimum', 'maximum', 'minLength', 'maxLength', 'additionalProperties'];

/** What else is wrong with a mapping that breaks the schema, as far as its shape can be gone by. */
function furtherFaults(content: unknown, errors: readonly ErrorObject[], known: readonly PlacedFault[]): PlacedFault[] {
  const broken = new Set<string>();
  for (const { instancePath, keyword, params, data } of errors) {
    const [, part, column, property] = instancePath.split('/');
    if (part === 'columns' && column === undefined && keyword === 'additionalProperties') {
      broken.add(params.additionalProperty);
    } else if (part === 'columns' && column !== undefined) {
      if (!shapely.includes(keyword) || property === 'as') broken.add(column);
    } else if (!shapely.includes(keyword) || part === 'table' || data === undefined) return [];
  }
  const mapping = content as Mapping;
  const own = columnsOfTable(mapping.table);
  // A column that can't be read stands there all the same, so that nothing is said to be missing.
  const columns = Object.entries(mapping.columns).flatMap(([column, rule]): [string, Mapping['columns'][string]][] => {
    if (!broken.has(column)) return [[column, rule]];
    return Object.hasOwn(own, column) ? [[column, { value: '-' }]] : [];
  });
  const places = new Set(known.map(({ place }) => JSON.stringify(place)));
  return mappingFaults({ ...mapping, columns: Object.fromEntries(columns) }).filter(
    ({ place }) => !places.has(JSON.stringify(place)) && !(place[0] === 'columns' && broken.has(String(place[1]))),
  );
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
  for (const [name, faultIn] of Object.entries(faultsOfFormats)) {
    ajv.addFormat(name, (text: string) => faultIn(text) === undefined);
  }
  compiled = ajv.compile(toMappingSchema());
  return compiled;
}

function toMessage(error: ErrorObject, place: Place, content: unknown): string {
  const { keyword, params, data } = error;
  switch (keyword) {
    case 'additionalProperties':
      return toUnknown(
        params.additionalProperty,
        (isOfColumns(place) && ownColumns(content)) || Object.keys((error.parentSchema as Schema).properties as object),
      );
    case 'enum':
      return toUnknownWord(data, params.allowedValues, place);
    case 'format':
    case 'pattern':
      return (
        faultsOfFormats[(error.parentSchema as Schema).format as string]?.(data as string) ?? 'It can\u2019t be read.'
      );
    case 'maxItems':
      return `It has too many. Take at most ${params.limit}.`;
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

const isOfColumns = (place: Place) => place.length === 2 && place[0] === 'columns';

/** The columns of the table that a mapping is for, when it names one. */
function ownColumns(content: unknown): string[] | undefined {
  const { table } = content as { table?: unknown };
  const known = tableNames.find((one) => one === table);
  return known && Object.keys(columnsOfTable(known));
}

function toUnknown(name: string, known: readonly string[]): string {
  return `There is no ${quoted(name)} here.${didYouMean(name, known)} There may be ${listed(known)}.`;
}

function toUnknownWord(word: unknown, known: readonly unknown[], place: Place): string {
  const what = place.length === 1 && place[0] === 'table' ? 'no table' : 'no value that is known here';
  const meant = typeof word === 'string' ? didYouMean(word, known.map(String)) : '';
  const shown = typeof word === 'string' ? quoted(word) : shorten(JSON.stringify(word));
  return `${shown} is ${what}.${meant} There are ${known.map((one) => JSON.stringify(one)).join(', ')}.`;
}
