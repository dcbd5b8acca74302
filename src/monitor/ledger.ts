import { minuteMs } from '../engine/abandon.ts';
import { fromMs, sql } from '../sql.ts';
import type { Store } from '../store/store.ts';
import type { Snapshot } from './minutes.ts';

/** A minute of a tenant's campaign over its limit. */
export interface Breach {
  tenantId: number;
  snapshot: Snapshot;
}

/** Writes minutes over the limit down. A minute that is in the ledger stays as it is. Gives how many were new. */
export async function recordBreaches(store: Store, breaches: readonly Breach[], now: number): Promise<number> {
  const minutes = breaches.map(({ snapshot }) => snapshot.at);
  if (minutes.length === 0) return 0;
  const written = await store.query<{ key: string }>(
    sql`SELECT concat(toString(tenant_id), ' ', toString(campaign_id), ' ', toString(toUnixTimestamp64Milli(window_to))) AS key
      FROM breaches WHERE window_to >= fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND window_to <= fromUnixTimestamp64Milli({last:Int64}, 'UTC')`.bind(
      { first: minutes.reduce((a, b) => Math.min(a, b)), last: minutes.reduce((a, b) => Math.max(a, b)) },
    ),
  );
  const known = new Set(written.map(({ key }) => key));
  const fresh = breaches.filter(
    ({ tenantId, snapshot: { campaignId, at } }) => !known.has(`${tenantId} ${campaignId} ${at}`),
  );
  await store.insert(
    'breaches',
    fresh.map(({ tenantId, snapshot }) => toRow(tenantId, snapshot, now)),
  );
  return fresh.length;
}

function toRow(tenantId: number, snapshot: Snapshot, now: number) {
  return {
    tenant_id: tenantId,
    campaign_id: snapshot.campaignId,
    window_to: fromMs(snapshot.at),
    window_from: fromMs(snapshot.at - snapshot.window_minutes * minuteMs),
    basis: snapshot.basis,
    attempts_total: snapshot.attempts,
    attempts_abandoned: snapshot.abandoned,
    limit_pct: (snapshot.limit_millionths / 1_000_000).toFixed(6),
    recorded_at: fromMs(now),
    // The first one written has the highest.
    version: Number.MAX_SAFE_INTEGER - now,
  };
}
