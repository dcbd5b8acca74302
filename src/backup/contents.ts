/** What a backup holds of the store, and how a table is measured to compare it with its copy. */
import { type Static, Type } from 'typebox';
import { amount, closed } from '../shapes.ts';
import { name, sql } from '../sql.ts';
import type { Store } from '../store/store.ts';

/** What a table holds, as JSON: as many rows, and a sum over all that is in them. */
export const contentsSchema = closed({ rows: amount(), checksum: Type.String() });
/** What a table holds. */
export type Contents = Static<typeof contentsSchema>;

/** Nothing but time may end the work on a large store. */
export const limits = { timeoutMs: 24 * 3_600_000 };

/** The tables that a backup holds: all but those of imports that run. */
export async function listTables(store: Store): Promise<string[]> {
  const found = await store.query<{ name: string }>(
    sql`SELECT name FROM system.tables
      WHERE database = currentDatabase() AND name NOT LIKE 'staging\\_%' AND NOT is_temporary ORDER BY name`,
  );
  return found.map((table) => table.name);
}

/** Reads every row of a table, the replaced ones too. */
export async function measure(store: Store, table: string, signal?: AbortSignal): Promise<Contents> {
  // ClickHouse: the hash of a row is NULL, and left out of the sum, when one of its columns is; a tuple's is not.
  const [contents = { rows: 0, checksum: '0' }] = await store.query<Contents>(
    sql`SELECT count() AS rows, toString(sum(cityHash64(tuple(*)))) AS checksum FROM ${name(table)}`,
    { ...limits, ...(signal && { signal }) },
  );
  return contents;
}
