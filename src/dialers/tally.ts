/** Counting what became of a sync's rows, table by table: the same for every dialer. */
import type { Reconciliation } from '../ingest/reconciliation.ts';

/** What became of the rows that were written to one table. */
export interface TableTally {
  rows_read: number;
  taken_in: number;
  refused: number;
  refused_by: Map<string, number>;
  imports: string[];
  /** The first refused rows, by line, with what is wrong. */
  first: string[];
}

type Counted = 'table' | 'import_id' | 'rows_read' | 'taken_in' | 'refused' | 'refused_by' | 'first_refused';

/** Counts one more of something. */
export function countOne(map: Map<string, number>, key: string, more = 1): void {
  map.set(key, (map.get(key) ?? 0) + more);
}

/** Adds what became of a file; a line of it is told by what `nameOf` calls it. */
export function addIngested(
  ingested: Map<string, TableTally>,
  found: Pick<Reconciliation, Counted>,
  nameOf = (line: number) => `line ${line}`,
): void {
  const of: TableTally = ingested.get(found.table) ?? {
    rows_read: 0,
    taken_in: 0,
    refused: 0,
    refused_by: new Map(),
    imports: [],
    first: [],
  };
  of.rows_read += found.rows_read;
  of.taken_in += found.taken_in;
  of.refused += found.refused;
  for (const { field, reason, rows } of found.refused_by) countOne(of.refused_by, `${field}: ${reason}`, rows);
  if (found.refused > 0) of.imports.push(found.import_id);
  for (const { line, faults } of found.first_refused.slice(0, 10 - of.first.length)) {
    of.first.push(`${nameOf(line)}: ${faults.map(({ field, reason }) => `${field}: ${reason}`).join('; ')}`);
  }
  ingested.set(found.table, of);
}
