/** Writes down the minutes at which campaigns were over their limit, each once and for good. */
import { minuteMs } from '../engine/abandon.ts';
import { sql } from '../sql.ts';
import { breaches } from '../store/kept/monitor.ts';
import type { KeptRowOf } from '../store/kept.ts';
import type { Store } from '../store/store.ts';
import type { Snapshot } from './minutes.ts';

/**
 * Writes minutes of a tenant over the limit down: some thousands at most. A minute that is in the ledger stays as it is. Gives how
 * many were new.
 */
export async function recordBreaches(
  store: Store,
  tenantId: number,
  snapshots: readonly Snapshot[],
  now: number,
): Promise<number> {
  if (snapshots.length === 0) return 0;
  const fresh = new Map(snapshots.map((snapshot) => [`${snapshot.campaignId} ${snapshot.at}`, snapshot]));
  const minutes = snapshots.map(({ at }) => at);
  // Beside them there may be many others of the same campaigns: those are passed over, and not held.
  const written = store.stream<{ key: string }>(
    sql`SELECT concat(toString(campaign_id), ' ', toString(toUnixTimestamp64Milli(window_to))) AS key
      FROM ${breaches.versions.of(tenantId)} AS breaches WHERE campaign_id IN ({campaigns:Array(UInt64)})
        AND window_to >= fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND window_to <= fromUnixTimestamp64Milli({last:Int64}, 'UTC')`.bind(
      {
        campaigns: [...new Set(snapshots.map(({ campaignId }) => campaignId))],
        first: minutes.reduce((a, b) => Math.min(a, b)),
        last: minutes.reduce((a, b) => Math.max(a, b)),
      },
    ),
    // Whoever measures holds a place of the clock's own lane meanwhile, and must not wait for another there.
    { lane: 'own' },
  );
  for await (const rows of written) for (const { key } of rows) fresh.delete(key);
  await breaches.add(
    store,
    [...fresh.values()].map((snapshot) => toRow(tenantId, snapshot, now)),
    { lane: 'own' },
  );
  return fresh.size;
}

function toRow(tenantId: number, snapshot: Snapshot, now: number): KeptRowOf<typeof breaches> {
  return {
    tenant_id: tenantId,
    campaign_id: snapshot.campaignId,
    window_to: snapshot.at,
    window_from: snapshot.at - snapshot.window_minutes * minuteMs,
    basis: snapshot.basis,
    attempts_total: snapshot.attempts,
    attempts_abandoned: snapshot.abandoned,
    limit_pct: snapshot.limit_millionths / 1_000_000,
    recorded_at: now,
    version: now,
  };
}
