/** Which tenants are measured behind the others, and how far they have come: as the store keeps it. */
import { sql } from '../sql.ts';
import { monitorLags } from '../store/kept/monitor.ts';
import type { Store } from '../store/store.ts';
import type { Mark } from './marks.ts';

/** Up to where a tenant has been measured that can't keep pace with the others. */
export interface Lag {
  tenantId: number;
  /** The last minute that is over, in epoch milliseconds. */
  at: number;
  /** Under which its events are written, as if it had a mark of its own. */
  underMark: number;
  version: number;
}

/** The tenants that lag behind the mark. */
export function readLags(store: Store): Promise<Lag[]> {
  return store.query<Lag>(
    sql`SELECT lags.tenant_id AS tenantId, toUnixTimestamp64Milli(lags.at) AS at, lags.under_mark AS underMark, lags.version AS version
      FROM ${monitorLags.ofEveryTenant} AS lags WHERE NOT lags.is_over ORDER BY at, tenantId`,
  );
}

/** A tenant stays behind where the mark of all is. */
export async function beginLag(store: Store, tenantId: number, mark: Mark): Promise<Lag> {
  const [before] = await store.query<{ version: number }>(
    sql`SELECT max(lags.version) AS version FROM ${monitorLags.versions.of(tenantId)} AS lags`,
  );
  // What was written of the minutes that are measured again was written under that mark.
  return writeLag(store, { tenantId, at: mark.at, underMark: mark.version, version: before?.version ?? 0 });
}

/** A tenant that lags has been measured further. */
export function moveLag(store: Store, lag: Lag, at: number): Promise<Lag> {
  return writeLag(store, { ...lag, at, underMark: lag.underMark + 1 });
}

/** A tenant is where the mark of all is. */
export async function endLag(store: Store, lag: Lag): Promise<void> {
  await writeLag(store, lag, true);
}

async function writeLag(store: Store, lag: Lag, isOver = false): Promise<Lag> {
  const { tenantId, at, underMark } = lag;
  const version = lag.version + 1;
  await monitorLags.add(store, [{ tenant_id: tenantId, at, under_mark: underMark, is_over: isOver, version }]);
  return { ...lag, version };
}
