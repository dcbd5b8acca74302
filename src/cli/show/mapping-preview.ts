/** What the first rows of a file become by a mapping, as a text. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { openConversion } from '../../mapping/convert.ts';
import type { Mapping } from '../../mapping/language/mapping.ts';
import type { Merge } from '../../mapping/language/merge-rule.ts';
import { asList } from '../../mapping/language/rule-columns.ts';
import { openRecordSource } from '../../mapping/source/open-source.ts';
import type { RecordSource } from '../../mapping/source/record.ts';
import { toPrintable } from './printable.ts';
import { toTable } from './table.ts';

/** At most so many rows of a file as a table, what of them does not go in, and what else is to be known of it. */
export async function toPreview(mapping: Mapping, data: string, most: number): Promise<string> {
  const bytes = createReadStream(data);
  try {
    const source = await openRecordSource(mapping, bytes);
    const { table, notes } = await readFirst(mapping, source, most);
    const absent = source.absent?.() ?? [];
    return [
      table,
      ...(notes.length > 0 ? [`Not taken in, of ${basename(data)}:\n${notes.map(toPrintable).join('\n')}`] : []),
      ...absent.map(({ column, meant }) =>
        toPrintable(`None of these records has ${column}: it is taken as empty.${meant}`),
      ),
      ...(mapping.merge ? [toMergeRule(mapping.merge)] : []),
    ].join('\n\n');
  } finally {
    bytes.destroy();
  }
}

async function readFirst(mapping: Mapping, source: RecordSource, most: number) {
  const conversion = openConversion(mapping, source, {
    resolveNames: async (_kind, names) => new Map(names.map((name) => [name, `(id of ${name})`])),
  });
  const columns = conversion.makings.map(({ column }) => column);
  const rows: string[][] = [];
  const notes: string[] = [];
  const number = mapping.file?.format === 'json' ? 'record' : 'line';
  for await (const batch of conversion.batches()) {
    for (const one of batch.slice(0, most - rows.length - notes.length)) {
      if (one.kind === 'row')
        rows.push([String(one.made.line), ...columns.map((column) => String(one.made.row[column] ?? ''))]);
      else if (one.kind === 'skipped') notes.push(`  ${number} ${one.line}: skipped: ${one.because}`);
      else {
        for (const { field, reason } of one.bad.faults) notes.push(`  ${number} ${one.bad.line}: ${field}: ${reason}`);
      }
    }
    if (rows.length + notes.length >= most) break;
  }
  const head = [
    { label: number === 'line' ? 'Line' : 'Record', align: 'right' as const },
    ...columns.map((label) => ({ label })),
  ];
  return { table: toTable(head, rows), notes };
}

/** Which rows become one call, in words. */
function toMergeRule({ by, same, linked = {}, within, second_leg: leg }: Merge): string {
  const apart = within === undefined ? '' : ` at most ${within} s apart`;
  const ties = [
    ...(same === undefined ? [] : [`they have the same ${asList(same).join(' or ')}${apart}`]),
    ...Object.entries(linked).map(([from, to]) => `the one\u2019s ${from} is the other\u2019s ${to}`),
  ];
  const rule = ties.length === 0 ? '' : ` where ${ties.join(', or ')}`;
  const left = leg === undefined ? '' : ` One that another row names as its ${leg} is left out.`;
  return toPrintable(`Rows with the same ${asList(by).join(', else ')} become one call when they go in${rule}.${left}`);
}
