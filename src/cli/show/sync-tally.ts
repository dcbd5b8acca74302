/** What the reports of all syncs say alike. */
import type { TableTally } from '../../dialers/tally.ts';
import { toTable } from './table.ts';

const right = (label: string) => ({ label, align: 'right' as const });

/** What became of rows, by the table that they went to. */
export type Ingested = ReadonlyMap<string, TableTally>;

/** How many rows of all tables. */
export const sumOfTables = (ingested: Ingested, of: 'taken_in' | 'refused'): number =>
  [...ingested.values()].reduce((all, table) => all + table[of], 0);

/** How far the sync is. */
export function toLag(caughtUpAt: string | null): string {
  if (caughtUpAt === null) return 'stopped before it had caught up';
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(caughtUpAt)) / 1000));
  return `caught up with ${caughtUpAt.slice(0, 19)}Z, lag ${seconds} s`;
}

/** What was refused, by table and reason, and where the rows are kept. */
export function toRefusedTables(ingested: Ingested, url: string | undefined): string[] {
  const tables = [...ingested].filter(([, { refused }]) => refused > 0);
  if (tables.length === 0) return [];
  const rows = tables.flatMap(([table, { refused_by }]) => [...refused_by].map(([why, n]) => [String(n), table, why]));
  const at = tables.flatMap(([table, { imports }]) =>
    imports.slice(-3).map((id) => `  ${table}: ${url ?? ''}/api/telesales/ingest/refused?import_id=${id}&limit=10000`),
  );
  return [
    toTable([right('Refused'), { label: 'Table' }, { label: 'Reason' }], rows),
    `All refused rows are kept for 30 days, for a token of role admin:\n${at.join('\n')}`,
  ];
}
