/** What became of files of tables, as a text. */
import type { Reconciliation } from '../../ingest/reconciliation.ts';
import type { RefusedRow } from '../../ingest/refused.ts';
import { toPrintable } from './printable.ts';
import { toTable } from './table.ts';

/** What became of one file: its rows, or why it could not be read. */
export interface FileResult {
  name: string;
  found?: Reconciliation;
  unreadable?: string;
}

const firstRows = 10;

/** What became of every row, for a person to read. */
export function toReport(results: readonly FileResult[], url: string | undefined): string {
  const read = results.flatMap(({ found }) => found ?? []);
  return [
    toRowCounts(results),
    ...read.flatMap((found) => (found.held_back ? [`${found.file}: ${found.held_back}`] : [])),
    ...toRefusals(read),
    ...read.flatMap(({ file, unknown_columns: unknown, held_back }) =>
      unknown.length > 0 && !held_back ? [`${file}: unknown columns were ignored: ${unknown.join(', ')}`] : [],
    ),
    ...results.flatMap(({ name, unreadable }) => (unreadable === undefined ? [] : [`${name}: ${unreadable}`])),
    ...toWhereabouts(read, url),
  ].join('\n\n');
}

function toRowCounts(results: readonly FileResult[]): string {
  const counts = results.map(({ name, found }) => [name, found?.rows_read, found?.taken_in, found?.refused] as const);
  const sum = (index: 1 | 2 | 3) => counts.reduce((total, row) => total + (row[index] ?? 0), 0);
  const rows = results.length > 1 ? [...counts, ['total', sum(1), sum(2), sum(3)] as const] : counts;
  return toTable(
    [
      { label: 'File' },
      { label: 'Rows read', align: 'right' },
      { label: 'Taken in', align: 'right' },
      { label: 'Refused', align: 'right' },
    ],
    rows.map((row) => row.map((cell) => String(cell ?? '-'))),
  );
}

/** What was refused, by reason, and the first rows of it. */
export function toRefusals(read: readonly (Reconciliation & { numbered_by?: 'line' | 'record' })[]): string[] {
  const reasons = read.flatMap(({ file, refused_by }) =>
    refused_by.map(({ field, reason, rows }) => [String(rows), file, field, reason]),
  );
  if (reasons.length === 0) return [];
  const first = read
    .flatMap(({ file, first_refused, numbered_by: by = /\.parquet$/i.test(file) ? 'row' : 'line' }) =>
      first_refused.map((row) => ({ file: `${file} ${by}`, row })),
    )
    .slice(0, firstRows)
    .flatMap(({ file, row }) => toFaultLines(file, row));
  return [
    toTable(
      [{ label: 'Refused', align: 'right' }, { label: 'File' }, { label: 'Field' }, { label: 'Reason' }],
      reasons,
    ),
    `The first of them:\n${first.join('\n')}`,
  ];
}

function toFaultLines(numbered: string, { line, faults, row }: RefusedRow): string[] {
  const startsOn = row['(line)'] === undefined ? '' : ` (line ${row['(line)']})`;
  const place = `${numbered} ${line}${startsOn}`;
  return faults.map(({ field, reason }) => {
    const was = columnsIn(field).flatMap((column) => {
      const text = row[column];
      if (!text) return [];
      const shown = toPrintable(JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text));
      return [column === field ? shown : `${column} ${shown}`];
    });
    return `  ${place}: ${field}: ${reason}${was.length > 0 ? ` (was ${was.join(', ')})` : ''}`;
  });
}

/** The columns that a field's name is about: itself, or by a mapping `theirs, theirs (ours)`. */
function columnsIn(field: string): string[] {
  const [, theirs, ours] = /^(.+) \((\w+)\)$/.exec(field) ?? [];
  return theirs === undefined || ours === undefined ? [field] : [...theirs.split(', '), ours];
}

/** Where the refused rows can be read. */
export function toWhereabouts(read: readonly Reconciliation[], url: string | undefined): string[] {
  const refused = read.filter((found) => found.refused > 0);
  if (refused.length === 0) return [];
  const at = refused.map(
    ({ import_id, file }) => `  ${file}: ${url ?? ''}/api/telesales/ingest/refused?import_id=${import_id}&limit=10000`,
  );
  return [`All refused rows are kept for 30 days, for a token of role admin:\n${at.join('\n')}`];
}
