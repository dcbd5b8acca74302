/** Finds calls that a sync has sent, and removes those that turn out to be parts of others. */
import { type Static, Type } from 'typebox';
import { closed } from '../shapes.ts';
import { type Sql, sql } from '../sql.ts';
import { ingested } from '../store/door.ts';
import type { Store } from '../store/store.ts';

/** A call that is in, as JSON. */
export const sentCallSchema = closed({
  call_id: Type.String(),
  key: Type.String({ description: 'Stands for campaign, start and id: what no other call has' }),
  version: Type.String({ description: 'Changes whenever the call is sent again' }),
});
/** A call that is in: which one, and as it was sent last. */
export type SentCall = Static<typeof sentCallSchema>;

/** From when to when calls began, in epoch milliseconds: only there is looked. */
export interface SentPeriod {
  from: number;
  to: number;
}

// Columns of the sort key alone: a removal by another one would bring earlier versions back. As a hash, since who sends calls reads none.
const key = sql`hex(sipHash128(campaign_id, started_at, call_key))`;
const within = ({ from, to }: SentPeriod): Sql =>
  sql`started_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND started_at <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')`.bind(
    { from, to },
  );

/** The calls of a tenant that have one of these ids. */
export function findSentCalls(
  store: Store,
  tenantId: number,
  { ids, ...period }: SentPeriod & { ids: readonly string[] },
): Promise<SentCall[]> {
  return select(store, tenantId, sql`${within(period)} AND call_id IN {ids:Array(String)}`.bind({ ids }));
}

/**
 * Removes those of these calls that nobody has sent since: what they were made of is part of other calls now. Gives how many
 * there were.
 */
export async function dropSentCalls(
  store: Store,
  tenantId: number,
  { calls, ...period }: SentPeriod & { calls: readonly SentCall[] },
): Promise<number> {
  const areThese = (keys: readonly string[]) =>
    sql`${within(period)} AND has({keys:Array(String)}, ${key})`.bind({ keys });
  const versions = new Map(calls.map((call) => [call.key, call.version]));
  const found = await select(store, tenantId, areThese([...versions.keys()]));
  const stale = found.filter((call) => versions.get(call.key) === call.version).map((call) => call.key);
  if (stale.length === 0) return 0;
  const removal = ingested.calls.removal(tenantId, areThese(stale));
  await store.command(sql`${removal} SETTINGS mutations_sync = 2`, { timeoutMs: 3_600_000 });
  return stale.length;
}

const select = (store: Store, tenantId: number, which: Sql) =>
  store.query<SentCall>(
    sql`SELECT call_id, ${key} AS key, hex(sipHash128(version)) AS version FROM ${ingested.calls.of(tenantId)} AS calls WHERE ${which}`,
    { lane: 'files', tenantId },
  );
