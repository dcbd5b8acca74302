/** What a schema can't say of a rule: what its properties have to do with each other, and with the column that it is for. */
import { type Place, type PlacedFault, toFault } from '../../document/fault.ts';
import { listed, quoted } from '../../document/short.ts';
import { didYouMean } from '../../document/suggestion.ts';
import { nameKinds } from '../../ingest/names.ts';
import type { TableColumn } from '../../tables.ts';
import type { Mapping } from './mapping.ts';
import { columnsOfTable, kindOfName, readingOf } from './readings.ts';
import type { ColumnRule, ReadAs } from './rule.ts';
import { longRule } from './rule-columns.ts';
import { isAbsolute } from './time-format.ts';

/** What is wrong with the rule at a place, which is for a column of ours that the table may not have. */
export function ruleFaults(
  mapping: Mapping,
  ours: string,
  rule: ColumnRule,
  column: TableColumn | undefined,
  place: Place = ['columns', ours],
): PlacedFault[] {
  if (!column) {
    const known = Object.keys(columnsOfTable(mapping.table));
    return [
      toFault(
        place,
        () => `${mapping.table} has no column ${quoted(ours)}.${didYouMean(ours, known)} It has ${listed(known)}.`,
      ),
    ];
  }
  const as = readingOf(rule, column);
  const found = [
    ...sourceFaults(rule),
    ...otherwiseFaults(rule, as),
    ...caseFaults(rule),
    ...nameFaults(ours, as),
    ...phoneFaults(ours, rule, as),
    ...timeFaults(ours, rule, column, as, mapping.timezone),
    ...secondsFaults(ours, column, as),
  ];
  return [
    ...found.map(([within, message]) => ({ place: [...place, ...within], message })),
    ...choiceFaults(place, rule, column, as),
    ...orFaults(mapping, place, rule, column),
  ];
}

/** A fault with its place within the rule. */
type Fault = readonly [within: Place, message: string];

/** What is said where a property does not go with the others. */
const takeOut = (property: keyof ColumnRule, why: string): Fault => [[property], `${why} Take it out.`];

/** Where the texts come from, and what is made of them at once. */
function sourceFaults(rule: ColumnRule): Fault[] {
  const [source, second] = (['from', 'join', 'value', 'cases'] as const).filter((one) => rule[one] !== undefined);
  const hasTexts = source === 'from' || source === 'join';
  const needsTexts = (properties: readonly (keyof ColumnRule)[], message: string) =>
    properties.flatMap((one): Fault[] => (rule[one] !== undefined && !hasTexts ? [[[one], message]] : []));
  return [
    ...(source ? [] : [[[], 'It has no value. Give it one of from, join, value or cases.'] as const]),
    ...(second ? [[[second], `It has ${source} already. Keep one of them.`] as const] : []),
    ...needsTexts(['values'], 'It needs texts of the file: give from or join, too.'),
    ...(rule.between !== undefined && source !== 'join'
      ? [takeOut('between', 'It stands between joined texts only.')]
      : []),
    ...needsTexts(['after', 'before'], 'It cuts texts of the file: give from or join, too.'),
  ];
}

function otherwiseFaults(rule: ColumnRule, as: ReadAs): Fault[] {
  const mayNotFit = rule.values ?? rule.cases ?? rule.after ?? rule.before;
  if (rule.otherwise === undefined || mayNotFit !== undefined || as === 'phone') return [];
  return [takeOut('otherwise', 'It goes with values, cases, after, before or as phone: nothing else can fail to fit.')];
}

function caseFaults({ cases = [] }: ColumnRule): Fault[] {
  return cases.flatMap(({ value, from }, index): Fault[] =>
    (value === undefined) === (from === undefined) ? [[['cases', index], 'Give it either value or from.']] : [],
  );
}

function nameFaults(ours: string, as: ReadAs): Fault[] {
  if (as !== 'name' || kindOfName(ours)) return [];
  return [takeOut('as', `A name gets an id in ${nameKinds.map((kind) => `${kind}_id`).join(', ')} only.`)];
}

function phoneFaults(ours: string, rule: ColumnRule, as: ReadAs): Fault[] {
  if (as !== 'phone') {
    return (['country_code', 'dial_prefix'] as const).flatMap((one) =>
      rule[one] === undefined ? [] : [takeOut(one, 'It goes with as phone.')],
    );
  }
  const isLead: Fault = [['as'], 'A phone number stands for a lead: only lead_id can be made of it.'];
  const isWritten: Fault = [['values'], 'Phone numbers don\u2019t belong into a mapping. Take them out.'];
  return [...(ours === 'lead_id' ? [] : [isLead]), ...(rule.values ? [isWritten] : [])];
}

function timeFaults(
  ours: string,
  { format, timezone }: ColumnRule,
  column: TableColumn,
  as: ReadAs,
  zoneOfAll: string | undefined,
): Fault[] {
  if (as !== 'time') {
    return [
      ...(format === undefined ? [] : [takeOut('format', 'It goes with as time.')]),
      ...(timezone === undefined ? [] : [takeOut('timezone', 'It goes with as time.')]),
    ];
  }
  const isLocal = format !== undefined && format !== 'iso' && !isAbsolute(format);
  const hasNoZone: Fault = [
    ['timezone'],
    'Such a time is local: say where, here or once for the whole mapping ("timezone": "Asia/Ho_Chi_Minh").',
  ];
  return [
    ...(column.kind === 'instant' ? [] : [takeOut('as', `${ours} holds no time.`)]),
    ...(isLocal && (timezone ?? zoneOfAll) === undefined ? [hasNoZone] : []),
  ];
}

function secondsFaults(ours: string, column: TableColumn, as: ReadAs): Fault[] {
  const isOfSeconds = as === 'seconds' || as === 'milliseconds' || as === 'clock';
  return isOfSeconds && column.kind !== 'seconds' ? [takeOut('as', `${ours} holds no seconds.`)] : [];
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
