import { type AbandonTerms, minuteMs, termColumns, termsOf } from '../engine/abandon.ts';
import * as metrics from '../engine/metrics.ts';
import { openScope } from '../engine/scope.ts';
import type { Settings } from '../engine/settings.ts';
import { integer, sql } from '../sql.ts';
import type { Store } from '../store/store.ts';

/** A campaign's abandon figures at one minute: over its own window, which ends there. */
export interface Snapshot extends AbandonTerms {
  campaignId: number;
  /** The minute, in epoch milliseconds. */
  at: number;
  attempts: number;
  abandoned: number;
}

/** Which minutes of which tenant: the first and the last, both whole UTC minutes. */
export interface MinuteSpan {
  tenantId: number;
  settings: Settings;
  first: number;
  last: number;
}

type Step = AbandonTerms & { campaign_id: number; at: number; attempts: number; abandoned: number };

/**
 * Every active campaign of a tenant at every minute of a span, in the order of campaigns and minutes. A campaign without a call in its window
 * is there when it has a row, or is named in `also`; one that only calls name is active, with the defaults.
 */
export async function measureMinutes(
  store: Store,
  span: MinuteSpan,
  also: readonly number[] = [],
): Promise<Snapshot[]> {
  const byCampaign = new Map<number, Step[]>();
  for (const step of await readSteps(store, span, also)) {
    const steps = byCampaign.get(step.campaign_id);
    if (steps) steps.push(step);
    else byCampaign.set(step.campaign_id, [step]);
  }
  return [...byCampaign.values()].flatMap((steps) => toSnapshots(steps, span));
}

/** The minutes of one campaign, from the changes of its counts in order. */
function toSnapshots(steps: readonly Step[], { first, last }: MinuteSpan): Snapshot[] {
  const [{ campaign_id: campaignId, name, status, limit_millionths, window_minutes, basis }] = steps as [Step];
  const snapshots: Snapshot[] = [];
  let [next, attempts, abandoned] = [0, 0, 0];
  for (let at = first; at <= last; at += minuteMs) {
    for (let step = steps[next]; step && step.at <= at; step = steps[++next]) {
      attempts += step.attempts;
      abandoned += step.abandoned;
    }
    snapshots.push({ campaignId, name, status, limit_millionths, window_minutes, basis, at, attempts, abandoned });
  }
  return snapshots;
}

/** The changes of each campaign's counts: a call comes in at the first minute after it, and leaves a window later. */
async function readSteps(store: Store, { tenantId, settings, first, last }: MinuteSpan, also: readonly number[]) {
  const longest = await longestWindow(store, tenantId, settings);
  const scope = openScope({
    tenantId,
    window: { from: first - longest * minuteMs, to: last },
    filters: {},
    settings,
  });
  const minute = integer(minuteMs);
  const counted = sql`
    SELECT calls.campaign_id AS campaign_id,
      (intDiv(toUnixTimestamp64Milli(calls.started_at), ${minute}) + 1) * ${minute} AS comes,
      ${metrics.dials} AS dials, ${metrics.answers} AS answers, ${metrics.abandoned} AS abandoned
    FROM ${scope.calls} AS calls GROUP BY campaign_id, comes
    UNION ALL SELECT quiet.campaign_id, {first:Int64}, 0, 0, 0 FROM ${scope.campaigns} AS quiet
    UNION ALL SELECT arrayJoin({also:Array(UInt64)}), {first:Int64}, 0, 0, 0`;
  const fallback = termsOf(0);
  const isNamed = sql`known.campaign_id != 0`;
  const length = sql`if(${isNamed}, known.abandon_window_minutes, ${integer(fallback.window_minutes)}) * ${minute}`;
  const steps = await store.query<Step>(
    sql`SELECT moves.campaign_id AS campaign_id, tupleElement(moves.move, 1) AS at,
        sum(tupleElement(moves.move, 2) * moves.attempts) AS attempts, sum(tupleElement(moves.move, 2) * moves.abandoned) AS abandoned,
        any(moves.name) AS name, any(moves.status) AS status, any(moves.window_minutes) AS window_minutes,
        any(moves.basis) AS basis, any(moves.limit_millionths) AS limit_millionths
      FROM (
        SELECT counted.campaign_id AS campaign_id, counted.abandoned AS abandoned, ${termColumns},
          if(known.abandon_basis = 'live_answers', counted.answers, counted.dials) AS attempts,
          arrayJoin([(greatest(counted.comes, {first:Int64}), toInt64(1)), (toInt64(counted.comes + ${length}), toInt64(-1))]) AS move
        FROM (${counted}) AS counted
        LEFT JOIN ${scope.campaigns} AS known ON known.campaign_id = counted.campaign_id
        WHERE (NOT ${isNamed} OR known.status = 'active') AND counted.comes + ${length} > {first:Int64}
      ) AS moves
      WHERE at <= {last:Int64}
      GROUP BY campaign_id, at ORDER BY campaign_id, at`.bind({ first, last, also }),
    { timeoutMs: 300_000 },
  );
  return steps.map((step) => (step.name === '' ? { ...step, ...termsOf(step.campaign_id) } : step));
}

async function longestWindow(store: Store, tenantId: number, settings: Settings): Promise<number> {
  const { campaigns } = openScope({ tenantId, window: { from: 0, to: 0 }, filters: {}, settings });
  const [found] = await store.query<{ minutes: number }>(
    sql`SELECT max(known.abandon_window_minutes) AS minutes FROM ${campaigns} AS known WHERE known.status = 'active'`,
  );
  return Math.max(found?.minutes ?? 0, termsOf(0).window_minutes);
}
