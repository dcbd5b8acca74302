/** What may be wrong with how a mapping merges parts of calls, and the remedy of each. */
import type { PlacedFault } from '../../document/fault.ts';
import { tables } from '../../tables.ts';
import type { Mapping } from './mapping.ts';
import { tellsCallsApart } from './merge-rule.ts';
import { readingOf } from './readings.ts';
import { asList, longRule, longRules } from './rule-columns.ts';

/** What a schema can't say of how parts of calls are merged. */
export function mergeFaults(mapping: Mapping): PlacedFault[] {
  const { table, merge, columns } = mapping;
  if (!merge) return [];
  const faults: PlacedFault[] = [];
  const add = (place: (string | number)[], message: string) => void faults.push({ place, message });
  if (table !== 'calls') add(['merge'], `Only calls have parts, not ${table}. Take it out.`);
  const start = columns.started_at;
  const isTime = longRules(start ?? '').every((rule) => readingOf(rule, tables.calls.columns.started_at) === 'time');
  if (start !== undefined && !isTime) {
    add(['columns', 'started_at'], 'A call begins with its earliest part: read it as a time ("as": "time").');
  }
  for (const list of ['add', 'add_linked'] as const) {
    for (const [index, column] of (merge[list] ?? []).entries()) {
      if (columns[column] === undefined)
        add(['merge', list, index], `The mapping has no ${column} to add up. Take it out.`);
      else if (list === 'add_linked' && merge.add?.includes(column))
        add(['merge', list, index], 'It is added up over all parts already (add). Keep one of them.');
    }
  }
  if (merge.talk_from !== undefined && merge.add?.includes('talk_sec'))
    add(['merge', 'talk_from'], 'talk_sec is added up over all parts already (add). Keep one of them.');
  if (merge.within !== undefined && merge.same === undefined)
    add(['merge', 'within'], 'It goes with same. Take it out.');
  if (merge.add_linked !== undefined && merge.linked === undefined)
    add(['merge', 'add_linked'], 'It goes with linked. Take it out.');
  const { second_leg: leg } = merge;
  if (leg !== undefined && asList(merge.by).length > 1)
    add(['merge', 'second_leg'], 'It names a row by merge.by: keep one column there, such as uuid.');
  if (leg !== undefined && asList(merge.by)[0] === leg)
    add(['merge', 'second_leg'], 'It is merge.by itself: write there what each leg has for itself, such as uuid.');
  if (leg !== undefined && tellsCallsApart(merge))
    add(['merge', 'second_leg'], 'It does not go with same and linked. Keep one way.');
  for (const [from, to] of Object.entries(merge.linked ?? {})) {
    if (from === to) add(['merge', 'linked', from], 'It is one column: write it under same.');
  }
  return [...faults, ...idFaults(mapping)];
}

/** Rows with one id are one call anyway: an id that all rows with one key have leaves nothing to be told apart. */
function idFaults({ merge, columns }: Mapping): PlacedFault[] {
  if (!merge || !tellsCallsApart(merge)) return [];
  const [first] = asList(longRule(columns.call_id ?? '').from);
  if (first === undefined || first !== asList(merge.by)[0]) return [];
  const message = `Rows with one call_id are always one call, and all that merge.by puts together have the same: make it of what each row of a call has for itself, such as uniqueid.`;
  return [{ place: ['columns', 'call_id'], message }];
}
