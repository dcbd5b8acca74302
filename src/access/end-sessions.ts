/** What becomes of sessions when a store is made of a backup. */
import { sql } from '../sql.ts';
import { tokens } from '../store/kept/access.ts';
import type { KeptRowOf } from '../store/kept.ts';
import type { Store } from '../store/store.ts';

const columns = tokens.read('tokens', ...(tokens.written as (keyof KeptRowOf<typeof tokens>)[]));

/**
 * Ends the sessions and links in a store that nobody serves yet: who signed out after the backup stays so, and nobody has an eye on
 * the sessions of a copy. Tokens stay as they were.
 */
export async function endSessions(store: Store, at: number): Promise<void> {
  const rows = await store.query<KeptRowOf<typeof tokens>>(
    sql`SELECT ${columns} FROM ${tokens.ofEveryTenant} AS tokens WHERE tokens.kind IN ('session', 'link') AND isNull(tokens.revoked_at)`,
  );
  if (rows.length === 0) return;
  const revoked_at = new Date(at).toISOString();
  await tokens.add(
    store,
    rows.map((row) => ({ ...row, revoked_at, version: Math.max(at, Number(row.version) + 1) })),
  );
}
