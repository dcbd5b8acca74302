import type { Reconciliation } from '../../ingest/reconciliation.ts';

/** What a sync did with the rows that it read. */
export interface SyncTally {
  /** Rows of the call log: read = unchanged + written + running. */
  read: number;
  /** Rows whose hour is as it was taken in before. */
  unchanged: number;
  written: number;
  /** Calls that are still on: they go in when they have ended. */
  running: number;
  /** Calls of agents who talked by the call log, without a row in the agent log. */
  withoutAgentRow: number;
  /** Rows of in-groups that went on with a dial. */
  joined: number;
  /** Rows of in-groups without a dial before them: calls that customers made. */
  inbound: number;
  /** Rows that said a call again. */
  repeated: number;
  /** Rows whose length is none: below zero, or more than a day. */
  withoutLength: number;
  /** Rows of the call log with neither a date nor an epoch: nothing tells of which hour they are. */
  timeless: number;
  leads: number;
  /** Leads without an entry date: those dated by their first dial, and those that were never dialed. */
  leadsDatedByDial: number;
  leadsUndated: number;
  outcomes: Map<string, number>;
  /** By the status in lower case. */
  statuses: Map<string, number>;
  taken: Map<string, TableTally>;
}

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

/** A tally of nothing. */
export function openTally(): SyncTally {
  return {
    read: 0,
    unchanged: 0,
    written: 0,
    running: 0,
    withoutAgentRow: 0,
    joined: 0,
    inbound: 0,
    repeated: 0,
    withoutLength: 0,
    timeless: 0,
    leads: 0,
    leadsDatedByDial: 0,
    leadsUndated: 0,
    outcomes: new Map(),
    statuses: new Map(),
    taken: new Map(),
  };
}

/** Counts one more of something. */
export function countOne(map: Map<string, number>, key: string, more = 1): void {
  map.set(key, (map.get(key) ?? 0) + more);
}

/** Adds what became of a file. */
export function addTaken({ taken }: SyncTally, found: Reconciliation): void {
  const of: TableTally = taken.get(found.table) ?? {
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
    of.first.push(`line ${line}: ${faults.map(({ field, reason }) => `${field}: ${reason}`).join('; ')}`);
  }
  taken.set(found.table, of);
}
