/** What became of files that went in by a mapping, as a text. */
import type { MappedReconciliation } from '../../mapping/reconciliation.ts';
import { toPrintableLines } from './printable.ts';
import { toRefusals, toWhereabouts } from './reconciliation.ts';
import { toTable } from './table.ts';

/** What became of one file that went in by a mapping, or why it could not be read. */
export interface MappedResult {
  name: string;
  found?: MappedReconciliation;
  unreadable?: string;
}

const right = (label: string) => ({ label, align: 'right' as const });

/** What became of every row, beside the file's own totals, for a person to read. */
export function toMappedReport(results: readonly MappedResult[], url: string | undefined): string {
  const read = results.flatMap(({ found }) => found ?? []);
  return [
    toRowCounts(results),
    ...read.flatMap((found) => (found.held_back ? [`${found.file}: ${found.held_back}`] : [])),
    ...read.flatMap((found) => [...toSkips(found), ...toMerged(found), ...toTotals(found), ...toTimes(found)]),
    ...toAbsent(read),
    ...toRefusals(read),
    ...results.flatMap(({ name, unreadable }) => (unreadable === undefined ? [] : [`${name}: ${unreadable}`])),
    ...toWhereabouts(read, url),
  ].join('\n\n');
}

function toRowCounts(results: readonly MappedResult[]): string {
  const columns = ['rows_read', 'skipped', 'merged', 'refused', 'taken_in'] as const;
  const counts = results.map(({ name, found }) => [name, ...columns.map((column) => found?.[column])]);
  const sum = (index: number) => counts.reduce((total, row) => total + (Number(row[index]) || 0), 0);
  const rows = results.length > 1 ? [...counts, ['total', ...columns.map((_, index) => sum(index + 1))]] : counts;
  return toTable(
    [{ label: 'File' }, ...['Rows read', 'Skipped', 'Merged', 'Refused', 'Taken in'].map(right)],
    rows.map((row) => row.map((cell) => String(cell ?? '-'))),
  );
}

function toSkips({ file, skipped_by: skipped }: MappedReconciliation): string[] {
  const some = skipped.filter(({ rows }) => rows > 0);
  return some.length === 0
    ? []
    : [`${file}: skipped: ${some.map(({ because, rows }) => `${rows} ${because}`).join(', ')}`];
}

const mostSizes = 10;

/** What was joined, and what was taken in though a part of it was refused. */
function toMerged({ file, merged_calls: merged, incomplete_calls: incomplete }: MappedReconciliation): string[] {
  const times = (count: number) => (count === 1 ? 'once' : `${count} times`);
  const shown = merged.slice(0, mostSizes).map(({ parts, calls }) => `${parts} parts became 1 call: ${times(calls)}`);
  const others = merged.slice(mostSizes).reduce((sum, { calls }) => sum + calls, 0);
  return [
    ...(merged.length > 0
      ? [`${file}: ${[...shown, ...(others > 0 ? [`more parts: ${times(others)}`] : [])].join('; ')}`]
      : []),
    ...(incomplete > 0
      ? [
          `${file}: ${incomplete} ${incomplete === 1 ? 'call was' : 'calls were'} taken in without a part that is refused: another part decides`,
        ]
      : []),
  ];
}

/** The file's own values with what became of their rows, then what was taken in by our words. */
function toTotals({ file, table, source_totals: totals, by_outcome, by_disposition }: MappedReconciliation): string[] {
  const columns = Object.keys(totals[0]?.values ?? {});
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([word, rows]) => `${rows} ${word}`)
      .join(', ');
  const ours = (label: string, counts: Record<string, number>) =>
    Object.keys(counts).length === 0 ? [] : [`${file}: ${table} taken in by ${label}: ${list(counts)}`];
  const sources =
    columns.length === 0
      ? []
      : [
          toTable(
            [
              ...columns.map((label) => ({ label })),
              ...['Rows', 'Skipped', 'Merged', 'Refused', 'Taken in'].map(right),
              { label: 'As' },
            ],
            totals.map(({ values, rows, skipped, merged, refused, taken_in, outcomes }) => [
              ...columns.map((column) => values[column] || '(empty)'),
              ...[rows, skipped, merged, refused, taken_in].map(String),
              list(outcomes),
            ]),
          ),
        ];
  return [...sources, ...ours('outcome', by_outcome), ...ours('disposition', by_disposition)].map(toPrintableLines);
}

function toTimes({ file, repeated_times: times }: MappedReconciliation): string[] {
  if (times === 0) return [];
  return [
    `${file}: ${times} local ${times === 1 ? 'time' : 'times'} that the clock showed twice, taken as local_times.repeated says`,
  ];
}

/** Columns that no record of any file has: in one file alone, it may be that nobody answered. */
function toAbsent(read: readonly MappedReconciliation[]): string[] {
  const some = read.filter(({ rows_read }) => rows_read > 0);
  const [first, ...others] = some;
  if (!first) return [];
  const where = others.length === 0 ? first.file : 'these files';
  return first.absent_columns.flatMap(({ column }) => {
    const found = some.flatMap(({ absent_columns }) => absent_columns.filter((one) => one.column === column));
    if (found.length < some.length) return [];
    const meant = found.find((one) => one.meant !== '')?.meant ?? '';
    return [toPrintableLines(`No record of ${where} has ${column}: it was taken as empty.${meant}`)];
  });
}
