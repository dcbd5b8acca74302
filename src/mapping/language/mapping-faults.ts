/** Everything that may be wrong with a mapping of the right shape, gathered from all of its parts. */
import type { PlacedFault } from '../../document/fault.ts';
import type { TableColumn } from '../../tables.ts';
import { fileFaults } from './file-faults.ts';
import type { Mapping } from './mapping.ts';
import { mergeFaults } from './merge-faults.ts';
import { columnsOfTable } from './readings.ts';
import { asList, longRule, phoneColumns } from './rule-columns.ts';
import { ruleFaults } from './rule-faults.ts';

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
