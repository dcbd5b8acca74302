/** What a world is made of, and what is asked about it. */

/** One row as a file would carry it: column name to value. */
export type Row = Record<string, string | number | boolean | null | undefined>;

/** The tables that rows go into. */
export type Table = 'campaigns' | 'teams' | 'agents' | 'dispositions' | 'caller_ids' | 'leads' | 'calls';

/** One row taken in for a tenant; `taken_in_at` (ISO instant) is the stamp of a row without `updated_at`. */
export interface Sending {
  tenant_id: number;
  table: Table;
  row: Row;
  taken_in_at: string;
}

/** Everything that was taken in, in that order, and the instant at which questions are asked. */
export interface World {
  now: string;
  sendings: Sending[];
}

/** One question: a report, the tenant of the token, and the query parameters as sent over HTTP. */
export interface Ask {
  report: string;
  tenant_id: number;
  params: Record<string, string | string[]>;
  /** What the tenant judges by; the defaults when it has said nothing. */
  thresholds?: Thresholds;
}

/** What a tenant judges by; shares are percentages as written. */
export interface Thresholds {
  meaningfulSec: number;
  minDials: number;
  baselineDays: number;
  baselineMinDials: number;
  blockBelowBaseline: string;
  blockBelowAsr: string;
  blockRejected: string;
  warnBelowBaseline: string;
  warnShortCalls: string;
  warnRejected: string;
}

/** What a tenant judges by that has said nothing. */
export const DEFAULTS: Thresholds = {
  meaningfulSec: 30,
  minDials: 20,
  baselineDays: 28,
  baselineMinDials: 50,
  blockBelowBaseline: '50',
  blockBelowAsr: '5',
  blockRejected: '20',
  warnBelowBaseline: '80',
  warnShortCalls: '40',
  warnRejected: '10',
};
