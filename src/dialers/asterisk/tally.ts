/** The counts of a sync of Asterisk's call records: what became of each row that was read. */
import type { MappedReconciliation } from '../../mapping/reconciliation.ts';
import { addIngested, countOne, type TableTally } from '../tally.ts';

/** What a sync did with the rows that it read: read = unchanged + written + earlier. */
export interface CdrTally {
  read: number;
  /** Rows of hours that are as they were ingested before. */
  unchanged: number;
  written: number;
  /** Rows of calls that began before the part that is read. */
  earlier: number;
  /** Rows without a start. */
  undated: number;
  /** Rows that were read, by disposition. */
  dispositions: Map<string, number>;
  /** Of those that were written: rows that the mapping leaves out, by why. */
  skipped: Map<string, number>;
  /** Of those that were written: rows that are parts of calls, beside the one that stands for each. */
  merged: number;
  /** Calls that went in without a part that is refused. */
  incomplete: number;
  /** Calls that were in, and are parts of others by what came later. */
  replaced: number;
  /** What went in, by outcome. */
  outcomes: Map<string, number>;
  ingested: Map<string, TableTally>;
}

/** A tally of nothing. */
export function openCdrTally(): CdrTally {
  return {
    read: 0,
    unchanged: 0,
    written: 0,
    earlier: 0,
    undated: 0,
    dispositions: new Map(),
    skipped: new Map(),
    merged: 0,
    incomplete: 0,
    replaced: 0,
    outcomes: new Map(),
    ingested: new Map(),
  };
}

/** Adds what became of lines, whose rows have names to tell people. */
export function addMapped(tally: CdrTally, found: MappedReconciliation, nameOf: (line: number) => string): void {
  addIngested(tally.ingested, found, nameOf);
  for (const { because, rows } of found.skipped_by) countOne(tally.skipped, because, rows);
  for (const [outcome, calls] of Object.entries(found.by_outcome)) countOne(tally.outcomes, outcome, calls);
  tally.merged += found.merged;
  tally.incomplete += found.incomplete_calls;
}
