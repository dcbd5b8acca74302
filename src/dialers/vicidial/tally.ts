/** The counts of a sync of VICIdial or of an export: what became of each row that was read. */
import type { TableTally } from '../tally.ts';

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
  /** By the table. */
  ingested: Map<string, TableTally>;
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
    ingested: new Map(),
  };
}
