/** Clears away, at the start, temporary tables of a process that ended in the middle of its work. */
import { name, sql } from '../sql.ts';
import type { Store } from './store.ts';

/** Drops the tables that work left behind which ended with its process. Only for a store that no other process uses. */
export async function dropLeftovers(store: Store): Promise<void> {
  const left = await store.query<{ name: string }>(
    sql`SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'staging\\_%'`,
  );
  for (const table of left) await store.command(sql`DROP TABLE IF EXISTS ${name(table.name)} SYNC`);
}
