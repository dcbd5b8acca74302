/** When the last call began: how far the calls go that a question is about. */
import { sql } from '../sql.ts';
import { earliestMs } from '../tables.ts';
import type { RunQuery } from './report.ts';
import { openStarts } from './scope.ts';
import { dayMs } from './time.ts';

// Whoever dials today is found in a day's rows; only of whoever stopped long ago all are looked at.
const spansMs = [1, 8, 40, 370].map((days) => days * dayMs);

/**
 * The start of a tenant's last call before an instant, or of a campaign's, in epoch milliseconds; undefined when there is
 * none. Calls that are dated later do not count.
 */
export async function lastCallAt(
  query: RunQuery,
  tenantId: number,
  campaignId: number | undefined,
  before: number,
): Promise<number | undefined> {
  let to = before;
  for (const from of [...spansMs.map((ms) => before - ms), earliestMs]) {
    if (from >= to) continue;
    const starts = openStarts(tenantId, { from, to }, campaignId);
    const [found] = await query<{ calls: number; at: number }>(
      sql`SELECT count() AS calls, toUnixTimestamp64Milli(max(starts.started_at)) AS at FROM ${starts} AS starts`,
    );
    if (found && found.calls > 0) return found.at;
    to = from;
  }
  return undefined;
}
