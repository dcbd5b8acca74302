/** Brings the rows of an older version up to date where ClickHouse can't update a column in place. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { StoreChanged, UpgradeNeedsRoom } from '../errors.ts';
import { name, type Sql, shipped, sql, sqlText } from '../sql.ts';
import {
  comparePartitions,
  copiesOf,
  dropCopies,
  findLargest,
  listCopies,
  unhurried,
  untilCopiesStandStill,
} from './copies.ts';
import { clickhouseCode, isFull } from './failures.ts';
import { freeBytesOf } from './room.ts';
import { insertSettings } from './row-files.ts';
import type { Store } from './store.ts';

/** A column of some tables that is computed anew where a row has an old value. */
export interface Rewrite {
  tables: readonly string[];
  column: Sql;
  /** Whether a row has an old value, which a computed one never is. */
  isOld: Sql;
  /** The value that it shall have. */
  value: Sql;
}

/** How the rows of a store are brought to this version. */
export interface UpgradeOptions {
  /** Is told what will be done, before it is begun. */
  say?: (sentence: string) => void;
  /** What stays free on the disk; as much as for bodies when not given. */
  reserveBytes?: number | undefined;
  /** How long another process's copy stands still before that process is taken for gone. */
  patienceMs?: number;
}

const gone = new Set([60, 218]); // UNKNOWN_TABLE, TABLE_IS_DROPPED

/** Reads `REWRITE table, ... SET column = value WHERE is_old`, our own word; undefined for any other statement. */
export function readRewrite(statement: string): Rewrite | undefined {
  const found = /^REWRITE\s+([\w,\s]+?)\s+SET\s+(\w+)\s*=\s*(.+?)\s+WHERE\s+(.+)$/s.exec(statement);
  if (!found) return undefined;
  const [, tables = '', column = '', value = '', where = ''] = found;
  const isOld = shipped(where);
  return {
    tables: tables.split(/\s*,\s*/),
    column: name(column),
    isOld,
    value: sql`if(${isOld}, ${shipped(value)}, ${name(column)})`,
  };
}

/**
 * Rewrites a column that the engine refuses to update, such as a version: each table is copied, partition by partition, and
 * the copy takes its place at once. What there is to do is read from the rows, so it may be stopped anywhere and run again.
 * Throws UpgradeNeedsRoom before it begins.
 */
export async function runRewrite(store: Store, rewrite: Rewrite, options: UpgradeOptions): Promise<void> {
  const { say = () => {}, reserveBytes } = options;
  const old: string[] = [];
  for (const table of rewrite.tables) {
    if (await hasOldRows(store, rewrite, table)) old.push(table);
    else await settle(store, table);
  }
  const largest = await findLargest(store, old);
  if (!largest) return;
  const freeBytes = await freeBytesOf(store, reserveBytes);
  if (freeBytes < largest.bytes) throw new UpgradeNeedsRoom({ ...largest, freeBytes });
  say(
    `Upgrading ${old.join(', ')}: their rows are copied, one table after the other. The largest copy, of ${largest.table}, takes up to ` +
      `${Math.ceil(largest.bytes / 1024 ** 2)} MB of disk until it replaces the table. What stops this loses nothing: the next start goes on.`,
  );
  for (const table of old) {
    await rewriteTable(store, rewrite, table, options);
    say(`Upgraded ${table}.`);
  }
}

/**
 * Copies a table and puts the copy in its place. Should several processes do so on one store, each drops the others' copies
 * before it looks at the rows, and none can put in place what is gone: only the last one does, and of rows as it saw them.
 */
async function rewriteTable(store: Store, rewrite: Rewrite, table: string, options: UpgradeOptions): Promise<void> {
  const { say = () => {}, patienceMs = 30_000 } = options;
  const onWait = () => say(`Another process upgrades ${table}: waiting for it.`);
  for (;;) {
    // An embedded store is this process's alone: a copy in it was left by one that is gone.
    if (store.engine === 'server') await untilCopiesStandStill(store, table, { patienceMs, onWait });
    const copy = `${copiesOf(table)}${randomUUID().replaceAll('-', '')}`;
    try {
      await store.command(sql`CREATE TABLE ${name(copy)} AS ${name(table)}`);
      // Parts that were merged stay on disk for minutes: the copy would take several times its size.
      await store.command(sql`SYSTEM STOP MERGES ${name(copy)}`);
      await takeOver(store, rewrite, table, copy);
      if (await hasOldRows(store, rewrite, table)) {
        await fill(store, rewrite, table, copy);
        await store.command(sql`EXCHANGE TABLES ${name(table)} AND ${name(copy)}`);
      }
      return await settle(store, table);
    } catch (error) {
      if (isFull(error)) await dropCopies(store, table);
      if (!gone.has(clickhouseCode(error) ?? 0)) throw error;
      // Another process dropped a copy: two that dropped each other's do not meet again.
      await wait(1000 * Math.random());
    }
  }
}

/** Lets a table go on whose rows are as they shall be: it merges, though it was a copy, and what stood in its place is gone. */
async function settle(store: Store, table: string): Promise<void> {
  if ((await listCopies(store, table)).length === 0) return;
  await store.command(sql`SYSTEM START MERGES ${name(table)}`);
  await dropCopies(store, table);
}

/** Keeps the partitions that other processes copied to their end, and drops their copies. */
async function takeOver(store: Store, { column, value }: Rewrite, table: string, copy: string): Promise<void> {
  const kept = new Set<string>();
  for (const other of (await listCopies(store, table)).filter((one) => one !== copy)) {
    for (const { partition, is_same } of await comparePartitions(store, { table, value, copy: other, column })) {
      if (!is_same || kept.has(partition)) continue;
      kept.add(partition);
      await store.command(sql`ALTER TABLE ${name(copy)} ATTACH PARTITION ID ${sqlText(partition)} FROM ${name(other)}`);
    }
    await store.command(sql`DROP TABLE IF EXISTS ${name(other)} SYNC`);
  }
}

/** Copies what a copy does not hold yet. Throws StoreChanged when the table does not hold the same at its end. */
async function fill(store: Store, { column, value }: Rewrite, table: string, copy: string): Promise<void> {
  const compare = () => comparePartitions(store, { table, value, copy, column });
  for (const { partition, is_begun } of await compare()) {
    if (is_begun) continue;
    const rows = sql`SELECT * REPLACE (${value} AS ${column}) FROM ${name(table)} WHERE _partition_id = ${sqlText(partition)}`;
    await store.command(sql`INSERT INTO ${name(copy)} ${rows} SETTINGS ${insertSettings}`, unhurried);
  }
  if ((await compare()).some(({ is_same }) => !is_same)) throw new StoreChanged(table);
}

async function hasOldRows(store: Store, { isOld }: Rewrite, table: string): Promise<boolean> {
  const found = await store.query(sql`SELECT 1 AS one FROM ${name(table)} WHERE ${isOld} LIMIT 1`, unhurried);
  return found.length > 0;
}
