/** The abandon figures of campaigns at every minute of a span, as one query counts them. */
import { type AbandonTerms, minuteMs, termColumns, termsOf } from '../engine/abandon.ts';
import * as metrics from '../engine/metrics.ts';
import { withNamedColumns } from '../engine/named-columns.ts';
import { openScope, openTables, type WiderReads, type Window } from '../engine/scope.ts';
import type { Settings } from '../engine/settings.ts';
import { type Sql, sql, sqlInteger } from '../sql.ts';
import type { QueryOptions, Store } from '../store/store.ts';

/** A campaign's abandon figures at one minute: over its own window, which ends there. */
export interface Snapshot extends AbandonTerms {
  campaignId: number;
  /** The minute, in epoch milliseconds. */
  at: number;
  attempts: number;
  abandoned: number;
}

/** Minutes in a row at which a campaign's figures are the same: the first and the last. */
export interface Run extends Omit<Snapshot, 'at'> {
  from: number;
  to: number;
}

/** Which minutes of which tenant: the first and the last, both whole UTC minutes. */
export interface MinuteSpan {
  tenantId: number;
  settings: Settings;
  first: number;
  last: number;
  /** Not all campaigns, but those whose id leaves `rest` when it is divided by `of`. */
  part?: CampaignPart | undefined;
}

/** One part of a tenant's campaigns, of so many. */
export interface CampaignPart {
  of: number;
  rest: number;
}

/** Whether a campaign is in a part. */
export const isIn = (campaignId: Sql, { of, rest }: CampaignPart): Sql =>
  sql`${campaignId} % ${sqlInteger(of)} = ${sqlInteger(rest)}`;

/** What the clock reads beyond the minutes that it measures. */
export const minuteReads: WiderReads<Window & { longest: number }, 'inWindows'> = {
  inWindows: {
    of: 'calls',
    why: 'At each minute a campaign is measured over its own window, which may begin long before.',
    span: ({ from, to, longest }) => ({ from: from - longest * minuteMs, to }),
    filters: 'asked',
  },
};

type Step = AbandonTerms & { campaign_id: number; at: number; attempts: number; abandoned: number };

// What one query may hold, whoever's campaigns they are.
const mostBytes = 1024 ** 3;

/**
 * The campaigns of a tenant that are active and have a call in a window of the span, and those of `also` (a SELECT of `campaign_id`): minute by
 * minute, in the order of campaigns. One that only calls name is active, with the defaults. They come in pieces, and are held nowhere.
 */
export async function* readRuns(
  store: Store,
  span: MinuteSpan,
  also?: Sql,
  { timeoutMs = 300_000 }: Pick<QueryOptions, 'timeoutMs'> = {},
): AsyncGenerator<Run[]> {
  const statement = await toStatement(store, span, also);
  let steps: Step[] = [];
  for await (const rows of store.stream<Step>(statement, { timeoutMs, memoryBytes: mostBytes })) {
    const runs: Run[] = [];
    for (const row of rows) {
      if (steps[0] && steps[0].campaign_id !== row.campaign_id) {
        addRuns(runs, steps, span);
        steps = [];
      }
      steps.push(row);
    }
    yield runs;
  }
  const runs: Run[] = [];
  addRuns(runs, steps, span);
  yield runs;
}

/** The same for every active campaign that has a row, or is named in `also`, with each minute apart: for few of both. */
export async function measureMinutes(
  store: Store,
  span: MinuteSpan,
  also: readonly number[] = [],
): Promise<Snapshot[]> {
  const { campaigns } = openTables(span.tenantId);
  const all = sql`SELECT known.campaign_id AS campaign_id FROM ${campaigns} AS known UNION ALL SELECT arrayJoin({also:Array(UInt64)})`;
  const snapshots: Snapshot[] = [];
  for await (const runs of readRuns(store, span, all.bind({ also }))) {
    for (const { from, to, ...run } of runs)
      for (let at = from; at <= to; at += minuteMs) snapshots.push({ ...run, at });
  }
  return snapshots;
}

/** The runs of one campaign, from the changes of its counts in order. */
function addRuns(runs: Run[], steps: readonly Step[], { first, last }: MinuteSpan): void {
  if (!steps[0]) return;
  const { campaign_id: campaignId, name, status, limit_millionths, window_minutes, basis } = steps[0];
  const terms = name === '' ? termsOf(campaignId) : { name, status, limit_millionths, window_minutes, basis };
  let [from, attempts, abandoned] = [first, 0, 0];
  for (const step of steps) {
    if (step.at > from) runs.push({ campaignId, ...terms, from, to: step.at - minuteMs, attempts, abandoned });
    from = step.at;
    attempts += step.attempts;
    abandoned += step.abandoned;
  }
  runs.push({ campaignId, ...terms, from, to: last, attempts, abandoned });
}

/**
 * The changes of each campaign's counts: a call comes in at the first minute after it, and leaves a window later. What comes before the
 * span, or leaves after it, is counted together.
 */
async function toStatement(store: Store, { tenantId, settings, first, last, part }: MinuteSpan, also?: Sql) {
  const longest = await longestWindow(store, tenantId);
  const window = { from: first, to: last };
  const scope = openScope({ tenantId, window, filters: {}, settings }, minuteReads, { ...window, longest });
  const minute = sqlInteger(minuteMs);
  const partOf = (campaignId: Sql) => (part ? isIn(campaignId, part) : sql`1`);
  const known = sql`(SELECT * FROM ${scope.campaigns} AS rows WHERE ${partOf(sql`rows.campaign_id`)})`;
  const isNamed = sql`known.campaign_id != 0`;
  const isActive = sql`(NOT ${isNamed} OR known.status = 'active')`;
  const length = sql`toInt64(if(${isNamed}, known.abandon_window_minutes, ${sqlInteger(termsOf(0).window_minutes)})) * ${minute}`;
  const dialed = sql`
    SELECT rows.campaign_id AS campaign_id, rows.is_dial AS is_dial, rows.is_answer AS is_answer, rows.is_abandoned AS is_abandoned,
      known.abandon_basis AS basis, (intDiv(toUnixTimestamp64Milli(rows.started_at), ${minute}) + 1) * ${minute} AS comes, ${length} AS length
    FROM ${scope.inWindows} AS rows LEFT JOIN ${known} AS known ON known.campaign_id = rows.campaign_id
    WHERE ${partOf(sql`rows.campaign_id`)} AND ${isActive} AND comes + length > {first:Int64}`;
  const counted = sql`
    SELECT calls.campaign_id AS campaign_id, greatest(calls.comes, {first:Int64}) AS enters,
      least(calls.comes + calls.length, {last:Int64} + ${minute}) AS leaves,
      toInt64(if(any(calls.basis) = 'live_answers', ${metrics.answers}, ${metrics.dials})) AS attempts, toInt64(${metrics.abandoned}) AS abandoned
    FROM (${dialed}) AS calls GROUP BY campaign_id, enters, leaves`;
  const quiet = sql`
    SELECT also.campaign_id, {first:Int64}, {last:Int64} + ${minute}, toInt64(0), toInt64(0)
    FROM (${also ?? sql``}) AS also
    LEFT JOIN ${known} AS known ON known.campaign_id = also.campaign_id WHERE ${partOf(sql`also.campaign_id`)} AND ${isActive}`;
  const statement =
    sql`SELECT steps.campaign_id AS campaign_id, steps.at AS at, steps.attempts AS attempts, steps.abandoned AS abandoned, ${termColumns}
      FROM (
        SELECT moves.campaign_id AS campaign_id, tupleElement(moves.move, 1) AS at,
          sum(tupleElement(moves.move, 2) * moves.attempts) AS attempts, sum(tupleElement(moves.move, 2) * moves.abandoned) AS abandoned
        FROM (
          SELECT counted.campaign_id AS campaign_id, counted.attempts AS attempts, counted.abandoned AS abandoned,
            arrayJoin([(counted.enters, toInt64(1)), (counted.leaves, toInt64(-1))]) AS move
          FROM (${also ? sql`${counted} UNION ALL ${quiet}` : counted}) AS counted
        ) AS moves
        WHERE at <= {last:Int64} GROUP BY campaign_id, at
      ) AS steps
      LEFT JOIN ${known} AS known ON known.campaign_id = steps.campaign_id
      ORDER BY campaign_id, at`.bind({ first, last });
  return withNamedColumns(statement, scope);
}

async function longestWindow(store: Store, tenantId: number): Promise<number> {
  const { campaigns } = openTables(tenantId);
  const [found] = await store.query<{ minutes: number }>(
    sql`SELECT max(known.abandon_window_minutes) AS minutes FROM ${campaigns} AS known WHERE known.status = 'active'`,
  );
  return Math.max(found?.minutes ?? 0, termsOf(0).window_minutes);
}
