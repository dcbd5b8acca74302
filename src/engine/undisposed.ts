/** How many dials of the newest days have no disposition yet. */
import { type Sql, sql } from '../sql.ts';
import type { About } from './about-schema.ts';
import { toLocal } from './local-time.ts';
import * as metrics from './metrics.ts';
import { withNamedColumns } from './named-columns.ts';
import type { Desk, Question } from './run.ts';
import { openScope, type Window } from './scope.ts';
import { defaultSettings } from './settings.ts';
import { dayMs, hourMs } from './time.ts';
import { bucketsIn, toBucketLabel } from './time-buckets.ts';

const mostDays = 3;

/** The newest days of a window that have begun, the newest first: how many dials were handled, and are not disposed yet. */
export async function readUndisposed(
  { report, filters, timezone }: Question,
  window: Window,
  { tenantId, now, query, settings = defaultSettings }: Desk,
): Promise<About['undisposed']> {
  const begun = { from: window.from, to: Math.min(window.to, now + 1) };
  const days = bucketsIn(begun, timezone, 'day').slice(-mostDays).reverse();
  const first = days.at(-1);
  if (first === undefined) return [];
  // Somewhat before the first day begins: by how much clocks differ from UTC.
  const from = Math.max(window.from, first * dayMs - 26 * hourMs);
  const span = { from, to: window.to };
  // Spec: a report on the present is the whole campaign's, whoever asks.
  const narrowed = report.over === 'now' ? { campaignId: filters.campaignId } : filters;
  const scope = openScope({ tenantId, window: span, filters: narrowed, settings });
  const statement = withNamedColumns(toStatement(scope.calls, timezone, span), scope);
  const rows = await query<About['undisposed'][number]>(statement);
  return days.map((number) => {
    const day = toBucketLabel(number, 'day');
    return rows.find((row) => row.day === day) ?? { day, handled: 0, undisposed: 0, pct: 0 };
  });
}

function toStatement(calls: Sql, timezone: string, span: Window): Sql {
  return sql`SELECT toString(toDate(${toLocal(sql`calls.started_at`, timezone, span)})) AS day, ${metrics.handled} AS handled,
      ${metrics.undisposed} AS undisposed, ${metrics.undisposedPct(1)} AS pct
    FROM ${calls} AS calls GROUP BY day`;
}
