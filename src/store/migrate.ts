/** Brings the tables to this version, one numbered step after another. */
import { readdirSync, readFileSync } from 'node:fs';
import { shipped, sql } from '../sql.ts';
import { readRewrite, runRewrite, type UpgradeOptions } from './rewrite.ts';
import type { Store } from './store.ts';

const directory = new URL('./migrations/', import.meta.url);

/** A numbered step of the schema: `0001-tables.sql` is number 1. */
export interface Migration {
  number: number;
  file: string;
  statements: readonly string[];
}

/** All migrations that ship with this version, in order. */
export function readMigrations(): Migration[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({
      number: Number.parseInt(file, 10),
      file,
      statements: readFileSync(new URL(file, directory), 'utf8')
        .replaceAll(/--[^\n]*/g, '')
        .split(';')
        .map((statement) => statement.trim())
        .filter(Boolean),
    }));
}

/**
 * Brings the store's tables to this version; safe to run again, also after a stop in the middle. Gives what it applied.
 * Throws UpgradeNeedsRoom when there is too little of it.
 */
export async function migrate(
  store: Store,
  { migrations = readMigrations(), ...options }: UpgradeOptions & { migrations?: readonly Migration[] } = {},
): Promise<Migration[]> {
  await store.command(
    sql`CREATE TABLE IF NOT EXISTS migrations (number UInt32, file String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
      ENGINE = MergeTree ORDER BY number`,
  );
  const done = await store.query<{ number: number }>(sql`SELECT number FROM migrations`);
  const applied = new Set(done.map((row) => row.number));
  const pending = migrations.filter((migration) => !applied.has(migration.number));
  for (const migration of pending) {
    // A step that was begun before a crash is begun again: what is there already is left as it is.
    for (const text of migration.statements) {
      const rewrite = readRewrite(text);
      if (rewrite) await runRewrite(store, rewrite, options);
      else await store.command(shipped(text.replace(/^CREATE TABLE (?!IF)/, 'CREATE TABLE IF NOT EXISTS ')));
    }
    await store.insert('migrations', [{ number: migration.number, file: migration.file }]);
  }
  return pending;
}
