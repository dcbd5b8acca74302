/** The mapping that Asterisk's call records go through: the shipped one, and any as it fits the table at hand. */
import { readFileSync } from 'node:fs';
import type { Mapping } from '../../mapping/language/mapping.ts';
import { namedColumns } from '../../mapping/language/rule-columns.ts';
import { toMakings } from '../../mapping/values/makings.ts';
import type { CdrReader } from './source.ts';

/** The mapping that rows go through when no other is given: the one that is shipped for Asterisk's CSV. */
export function readShippedMapping(): Mapping {
  const path = new URL('../../../examples/mappings/asterisk-cdr-csv.json', import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Mapping;
}

/** The columns of Asterisk's CSV that a mapping names. */
export const columnsOfMapping = (mapping: Mapping): string[] => [
  ...new Set(namedColumns(mapping).map(([column]) => column)),
];

/** The same mapping for rows that are written as a reader reads them: columns that the table lacks are left out at the end. */
export function toOwnMapping(mapping: Mapping, { columns, present, zone }: CdrReader): Mapping {
  return { ...mapping, timezone: zone, file: { columns: columns.map(({ name }) => name), fewest: present } };
}

/** Opens the reading of the id that a mapping gives to the call of a row. */
export function toCallIdOf(mapping: Mapping, { columns }: CdrReader): (fields: readonly string[]) => string {
  const { call_id: rule } = mapping.columns;
  const positionOf = (name: string) => columns.findIndex((column) => column.name === name);
  const [making] =
    rule === undefined ? [] : toMakings({ ...mapping, columns: { call_id: rule } }, positionOf, undefined);
  return (fields) => {
    const made = making?.make(fields) ?? '';
    return typeof made === 'string' ? made : 'text' in made ? made.text : '';
  };
}
