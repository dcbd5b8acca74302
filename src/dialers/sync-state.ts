/** Where the server keeps how far each sync is, so that no two of one source overwrite each other. */
import { type Static, Type } from 'typebox';
import { SyncConflict } from '../errors.ts';
import { amount, closed } from '../shapes.ts';
import { sql } from '../sql.ts';
import { syncStates } from '../store/kept/ingest.ts';
import type { Store } from '../store/store.ts';
import { inTurn } from '../store/turns.ts';

/** How far a sync is, as JSON. */
export const syncStateSchema = closed({
  state: Type.String({ description: 'In its own words; empty before the first' }),
  revision: amount('How often that was kept'),
});
/** How far a sync is, in its own words; `revision` counts how often that was kept. */
export type KeptState = Static<typeof syncStateSchema>;

/** What a sync of this source kept last; an empty state of revision 0 before the first. */
export async function findSyncState(store: Store, tenantId: number, source: string): Promise<KeptState> {
  const [found] = await store.query<KeptState>(
    sql`SELECT state, revision FROM ${syncStates.of(tenantId)} AS states WHERE source = {source:String}`.bind({
      source,
    }),
    { lane: 'own', tenantId },
  );
  return found ?? { state: '', revision: 0 };
}

/** Keeps a sync's state on top of the revision that it knows. Throws SyncConflict when that is not the last one. */
export function keepSyncState(
  store: Store,
  tenantId: number,
  source: string,
  { state, revision }: KeptState,
): Promise<KeptState> {
  return inTurn(store, { what: 'sync states', tenantId }, async () => {
    const last = await findSyncState(store, tenantId, source);
    if (last.revision !== revision) throw new SyncConflict(source);
    const next = { state, revision: revision + 1 };
    await syncStates.add(store, [{ tenant_id: tenantId, source, ...next }], {
      lane: 'own',
      tenantId,
    });
    return next;
  });
}
