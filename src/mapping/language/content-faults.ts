import { type Place, type PlacedFault, toFault } from '../../document/fault.ts';
import { listed, quoted } from '../../document/short.ts';
import { didYouMean } from '../../document/suggestion.ts';
import { nameKinds } from '../../ingest/names.ts';
import type { TableColumn } from '../../tables.ts';
import { fileFaults } from './file-faults.ts';
import type { Mapping } from './mapping.ts';
import { mergeFaults } from './merge-faults.ts';
import { asList, longRule, phoneColumns } from './named-columns.ts';
import { columnsOfTable, kindOfName, readingOf } from './readings.ts';
import type { ColumnRule, ReadAs } from './rule.ts';
import { isAbsolute } from './time-format.ts';

/** What a schema can't say of a mapping: what its parts have to do with each other. */
export function mappingFaults(mapping: Mapping): PlacedFault[] {
  const columns = columnsOfTable(mapping.table);
  return [
    ...missingFaults(mapping, columns),
    ...Object.entries(mapping.columns).flatMap(([ours, rule]) =>
      ruleFaults(mapping, ours, longRule(rule), columns[ours]),
    ),
    ...fileFaults(mapping),
    ...mergeFaults(mapping),
    ...talkFaults(mapping),
    ...countFaults(mapping),
  ];
}

function missingFaults({ table, columns: given }: Mapping, columns: Record<string, TableColumn>): PlacedFault[] {
  return Object.entries(columns).flatMap(([column, { required, meaning }]) =>
    required && given[column] === undefined
      ? [
          {
            place: ['columns', column],
            message: `It is missing: a row of ${table} without it is refused. Say where it comes from. ${meaning}.`,
          },
        ]
      : [],
  );
}

function ruleFaults(
  mapping: Mapping,
  ours: string,
  rule: ColumnRule,
  column: TableColumn | undefined,
  place: Place = ['columns', ours],
): PlacedFault[] {
  const { table, timezone } = mapping;
  if (!column) {
    const known = Object.keys(columnsOfTable(table));
    return [
      toFault(
        place,
        () => `${table} has no column ${quoted(ours)}.${didYouMean(ours, known)} It has ${listed(known)}.`,
      ),
    ];
  }
  const faults: PlacedFault[] = [];
  const add = (property: string | undefined, message: string) =>
    void faults.push({ place: property === undefined ? place : [...place, property], message });
  const sources = (['from', 'join', 'value', 'cases'] as const).filter((source) => rule[source] !== undefined);
  const [source, second] = sources;
  if (!source) add(undefined, 'It has no value. Give it one of from, join, value or cases.');
  if (second) add(second, `It has ${source} already. Keep one of them.`);
  if (rule.values && source !== 'from' && source !== 'join')
    add('values', 'It needs texts of the file: give from or join, too.');
  if (rule.between !== undefined && source !== 'join')
    add('between', 'It stands between joined texts only. Take it out.');
  for (const mark of ['after', 'before'] as const) {
    if (rule[mark] !== undefined && source !== 'from' && source !== 'join')
      add(mark, 'It cuts texts of the file: give from or join, too.');
  }
  const as = readingOf(rule, column);
  const mayNotFit = rule.values ?? rule.cases ?? rule.after ?? rule.before;
  if (rule.otherwise !== undefined && mayNotFit === undefined && as !== 'phone') {
    add(
      'otherwise',
      'It goes with values, cases, after, before or as phone: nothing else can fail to fit. Take it out.',
    );
  }
  for (const [index, one] of (rule.cases ?? []).entries()) {
    const has = [one.value !== undefined, one.from !== undefined].filter(Boolean).length;
    if (has !== 1) faults.push({ place: [...place, 'cases', index], message: 'Give it either value or from.' });
  }
  if (as === 'name' && !kindOfName(ours)) {
    add('as', `A name gets an id in ${nameKinds.map((kind) => `${kind}_id`).join(', ')} only. Take it out.`);
  }
  if (as === 'phone' && ours !== 'lead_id')
    add('as', 'A phone number stands for a lead: only lead_id can be made of it.');
  if (as === 'phone' && rule.values) add('values', 'Phone numbers don\u2019t belong into a mapping. Take them out.');
  if (as !== 'phone') {
    if (rule.country_code !== undefined) add('country_code', 'It goes with as phone. Take it out.');
    if (rule.dial_prefix !== undefined) add('dial_prefix', 'It goes with as phone. Take it out.');
  }
  if (as === 'time' && column.kind !== 'instant') add('as', `${ours} holds no time. Take it out.`);
  if (as !== 'time') {
    if (rule.format !== undefined) add('format', 'It goes with as time. Take it out.');
    if (rule.timezone !== undefined) add('timezone', 'It goes with as time. Take it out.');
  } else {
    const format = rule.format ?? 'iso';
    const zone = rule.timezone ?? timezone;
    if (zone === undefined && format !== 'iso' && !isAbsolute(format)) {
      add(
        'timezone',
        'Such a time is local: say where, here or once for the whole mapping ("timezone": "Asia/Ho_Chi_Minh").',
      );
    }
  }
  if (['seconds', 'milliseconds', 'clock'].includes(as) && column.kind !== 'seconds') {
    add('as', `${ours} holds no seconds. Take it out.`);
  }
  return [...faults, ...choiceFaults(place, rule, column, as), ...orFaults(mapping, place, rule, column)];
}

/** A rule that stands in for another one is of the same kind: what it gives goes the same way. */
function orFaults(mapping: Mapping, place: Place, rule: ColumnRule, column: TableColumn): PlacedFault[] {
  if (rule.or === undefined) return [];
  const other = longRule(rule.or);
  const isName = (one: ColumnRule) => readingOf(one, column) === 'name';
  const message = 'A name gets an id: read both as names ("as": "name"), or neither.';
  return [
    ...(isName(rule) === isName(other) ? [] : [{ place: [...place, 'or'], message }]),
    ...ruleFaults(mapping, String(place[1]), other, column, [...place, 'or']),
  ];
}

/** Values of ours that the mapping writes itself, where the table takes a few words only. */
function choiceFaults(place: Place, rule: ColumnRule, { choices }: TableColumn, as: ReadAs): PlacedFault[] {
  if (!choices || as !== 'text') return [];
  const written: [unknown, Place][] = [
    [rule.value, ['value']],
    [rule.otherwise, ['otherwise']],
    ...Object.entries(rule.values ?? {}).map(([text, value]): [unknown, Place] => [value, ['values', text]]),
    ...(rule.cases ?? []).map((one, index): [unknown, Place] => [one.value, ['cases', index, 'value']]),
  ];
  return written.flatMap(([value, at]) =>
    typeof value === 'string' && !choices.includes(value)
      ? [
          toFault(
            [...place, ...at],
            () => `${quoted(value)} is no ${place[1]}.${didYouMean(value, choices)} There are ${choices.join(', ')}.`,
          ),
        ]
      : [],
  );
}

/** When talk began is read as when a call did. */
function talkFaults(mapping: Mapping): PlacedFault[] {
  const { table, merge: { talk_from: rule } = {} } = mapping;
  if (rule === undefined || table !== 'calls') return [];
  return ruleFaults(mapping, 'started_at', longRule(rule), columnsOfTable(table).started_at, ['merge', 'talk_from']);
}

function countFaults(mapping: Mapping): PlacedFault[] {
  const phones = phoneColumns(mapping);
  return asList(mapping.count).flatMap((column, index) =>
    phones.has(column)
      ? [{ place: ['count', index], message: 'It holds phone numbers, which are never shown. Take it out.' }]
      : [],
  );
}
