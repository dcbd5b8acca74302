/** Copies of whole tables while they are rewritten: finding and dropping them, comparing, and waiting for those of other processes. */
import { setTimeout as wait } from 'node:timers/promises';
import { name, type Sql, sql } from '../sql.ts';
import type { Store } from './store.ts';

/** Nothing but time may end the work on a large table. */
export const unhurried = { timeoutMs: 24 * 3_600_000 };

/** What the names of a table's copies begin with: they are in no backup. */
export const copiesOf = (table: string) => `staging_rewritten_${table}_`;

/** The copies of a table that are there, made by whichever process. */
export async function listCopies(store: Store, table: string): Promise<string[]> {
  const found = await store.query<{ name: string }>(
    sql`SELECT name FROM system.tables
      WHERE database = currentDatabase() AND startsWith(name, {copies:String}) ORDER BY name`.bind({
      copies: copiesOf(table),
    }),
  );
  return found.map((copy) => copy.name);
}

/** Drops the copies of a table. */
export async function dropCopies(store: Store, table: string): Promise<void> {
  for (const copy of await listCopies(store, table)) await store.command(sql`DROP TABLE IF EXISTS ${name(copy)} SYNC`);
}

/** A partition of a table or of its copy. */
export interface ComparedPartition {
  partition: string;
  /** The copy has rows of it. */
  is_begun: boolean;
  /** The rows that count are as many in both, and those of the copy have the values that the table's shall have. */
  is_same: boolean;
}

/** How far a copy holds what its table does: `column` there is to be `value` here. */
export function comparePartitions(
  store: Store,
  { table, value, copy, column }: { table: string; value: Sql; copy: string; column: Sql },
): Promise<ComparedPartition[]> {
  const rowsOf = (place: string, what: Sql) =>
    sql`SELECT _partition_id AS partition, (count(), sum(cityHash64(${what}))) AS rows FROM ${name(place)} FINAL GROUP BY partition`;
  // One statement, so that whoever waits for the copy sees that somebody works on it.
  return store.query<ComparedPartition>(
    sql`SELECT partition, copied.rows.1 > 0 AS is_begun, copied.rows = wanted.rows AS is_same
      FROM (${rowsOf(table, value)}) AS wanted FULL JOIN (${rowsOf(copy, column)}) AS copied USING partition ORDER BY partition`,
    unhurried,
  );
}

// A copy that has not merged yet takes somewhat more than its table.
const sizeOfCopy = 1.1;

/** The table whose copy will take most, beyond what is copied of it already. */
export async function findLargest(
  store: Store,
  tables: readonly string[],
): Promise<{ table: string; bytes: number } | undefined> {
  const sizes = await store.query<{ table: string; bytes: number }>(
    sql`SELECT table, sum(bytes_on_disk) AS bytes FROM system.parts
      WHERE database = currentDatabase() AND active GROUP BY table`,
  );
  const sizeOf = (isMeant: (table: string) => boolean) =>
    sizes.reduce((sum, { table, bytes }) => (isMeant(table) ? sum + bytes : sum), 0);
  const remaining = tables.map((table) => ({
    table,
    bytes: Math.max(0, sizeOfCopy * sizeOf((one) => one === table) - sizeOf((one) => one.startsWith(copiesOf(table)))),
  }));
  return remaining.sort((one, other) => other.bytes - one.bytes)[0];
}

/** Waits while another process copies a table: as long as its copy grows, or a statement names it. */
export async function untilCopiesStandStill(
  store: Store,
  table: string,
  { patienceMs, onWait }: { patienceMs: number; onWait: () => void },
): Promise<void> {
  let [seen, since] = ['', performance.now()];
  for (;;) {
    const [state = { copies: '[]', running: 0 }] = await store.query<{ copies: string; running: number }>(
      sql`SELECT toString(arraySort(groupArray((name, total_rows)))) AS copies,
          (SELECT count() FROM system.processes
            WHERE position(query, {copies:String}) > 0 AND position(query, 'system.processes') = 0) AS running
        FROM system.tables WHERE database = currentDatabase() AND startsWith(name, {copies:String})`.bind({
        copies: copiesOf(table),
      }),
    );
    if (state.copies === '[]') return;
    if (seen === '') onWait();
    if (state.copies !== seen || state.running > 0) [seen, since] = [state.copies, performance.now()];
    if (performance.now() - since > patienceMs) return;
    await wait(Math.min(1000, patienceMs));
  }
}
