/** A campaign’s abandon rate at each of many instants, from the changes of its counts. */
import { type Sql, sql } from '../sql.ts';
import { type AbandonTerms, isOverLimit, minuteMs } from './abandon.ts';
import * as metrics from './metrics.ts';
import type { RunQuery } from './report.ts';
import { percentOf } from './round.ts';
import type { Window } from './scope.ts';
import { dayMs, hourMs } from './time.ts';

interface Counts {
  total: number;
  abandoned: number;
}

/** A campaign's rate in the window that ended at an instant. */
export interface HistoryPoint {
  at: string;
  attempts_total: number;
  attempts_abandoned: number;
  abandon_rate_pct: number;
  breached: boolean;
}

/** By which terms a history is told, and up to when. */
export interface HistoryAsked {
  terms: AbandonTerms;
  /** Epoch milliseconds. */
  end: number;
  /** What lay in the window that ended then. */
  present: Counts;
}

const hours = (7 * dayMs) / hourMs;
const lastHour = (end: number) => Math.floor(end / hourMs) * hourMs;
const firstHour = (end: number) => lastHour(end) - (hours - 1) * hourMs;

/** In which span a campaign's calls make up its history: the windows of its hours, from the first one's start to the last one's end. */
export const historySpan = (end: number, { window_minutes }: AbandonTerms): Window => ({
  from: firstHour(end) - window_minutes * minuteMs,
  to: lastHour(end),
});

/**
 * A campaign's window as it ended at each full UTC hour of the 7 days up to an instant, and at that instant; the oldest
 * first. Its calls of that span are read once: each call is in the windows from one hour to another, so calls are counted by those
 * two, and a running sum over the hours does the rest.
 */
export async function readAbandonHistory(
  query: RunQuery,
  calls: Sql,
  { terms, end, present }: HistoryAsked,
): Promise<HistoryPoint[]> {
  const windowMs = terms.window_minutes * minuteMs;
  const [first, last] = [firstHour(end), lastHour(end)];
  const changes = await query<Counts & { enters: number; leaves: number }>(
    // Hour k is the first one after a call (it enters), or after the call's window (it leaves).
    sql`SELECT toUInt32(if(at < {first:Int64}, 0, intDiv(at - {first:Int64}, {hour:Int64}) + 1)) AS enters,
        toUInt32(intDiv(at + {window:Int64} - {first:Int64}, {hour:Int64}) + 1) AS leaves,
        ${terms.basis === 'attempts' ? metrics.dials : metrics.answers} AS total, ${metrics.abandoned} AS abandoned
      FROM (SELECT toUnixTimestamp64Milli(calls.started_at) AS at, calls.is_dial AS is_dial, calls.is_answer AS is_answer,
        calls.is_abandoned AS is_abandoned FROM ${calls} AS calls) AS calls
      GROUP BY enters, leaves`.bind({ first, window: windowMs, hour: hourMs }),
  );
  const points = Array.from({ length: hours }, (_, hour) => ({ at: first + hour * hourMs, total: 0, abandoned: 0 }));
  for (const { enters, leaves, total, abandoned } of changes) {
    add(points[enters], total, abandoned);
    add(points[leaves], -total, -abandoned);
  }
  for (const [hour, point] of points.entries()) {
    const before = points[hour - 1];
    if (before) add(point, before.total, before.abandoned);
  }
  if (last < end) points.push({ at: end, ...present });
  return points.map(({ at, total, abandoned }) => ({
    at: new Date(at).toISOString(),
    attempts_total: total,
    attempts_abandoned: abandoned,
    abandon_rate_pct: percentOf(abandoned, total, 2),
    breached: isOverLimit(abandoned, total, terms.limit_millionths),
  }));
}

function add(point: Counts | undefined, total: number, abandoned: number): void {
  if (!point) return;
  point.total += total;
  point.abandoned += abandoned;
}
