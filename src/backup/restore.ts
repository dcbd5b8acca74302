/** The restoring of a backup: a new store is made beside, checked, and only then takes its place. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupDamaged, BackupFailed, DataDirectoryHasRows, DialtallyError } from '../errors.ts';
import { join as joinSql, name, sql, sqlText } from '../sql.ts';
import { openEmbedded } from '../store/embedded.ts';
import { migrate } from '../store/migrate.ts';
import { makePrivate, makePrivateAlone } from '../store/private.ts';
import type { Store } from '../store/store.ts';
import { limits, measure } from './contents.ts';
import { assertSealed } from './copied-files.ts';
import { companions, type Manifest, manifestFiles, readManifest, rowsPath } from './manifest.ts';
import { type OnStep, runBeside, toReason } from './operation.ts';

/** Which backup goes where. */
export interface RestoreRequest {
  /** The backup. */
  directory: string;
  /** The data directory that it becomes; no process holds it. */
  dataDir: string;
  /** Where the store lives in it. */
  storePath: string;
  onStep?: OnStep;
  /** Does something to the store when all is right, before it takes its place. */
  onMade?: (store: Store, manifest: Manifest) => Promise<void>;
}

/** Where a restore makes a store, before it takes its place. */
export const makingPath = (storePath: string) => `${storePath}.restoring`;

/**
 * Makes a data directory of a backup: all of it, row for row, or nothing. Throws what is wrong with the backup, and
 * DataDirectoryHasRows.
 */
export async function restore({
  directory,
  dataDir,
  storePath,
  onStep = () => {},
  onMade = async () => {},
}: RestoreRequest): Promise<Manifest> {
  const manifest = await readManifest(directory);
  await assertSealed(directory, manifest.files, manifestFiles, { onStep });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await assertWithoutRows(dataDir, storePath);
  // Made and checked beside the place it takes at the end, so that whatever stops it leaves nothing half done.
  const making = makingPath(storePath);
  await rm(making, { recursive: true, force: true });
  try {
    const store = await openEmbedded({ path: making, readers: 1 });
    try {
      await restoreRows(store, directory, manifest, onStep);
      onStep('bringing the tables to this version');
      await migrate(store, { say: (sentence) => onStep(sentence) });
      await onMade(store, manifest);
    } finally {
      await store.close();
    }
    for (const file of companions.filter((file) => Object.hasOwn(manifest.files, file)))
      await copyCompanion(directory, dataDir, file);
    await assertWithoutRows(dataDir, storePath);
    await rm(storePath, { recursive: true, force: true });
    await rename(making, storePath);
    makePrivateAlone(dataDir);
    for (const path of [storePath, ...companions.map((file) => join(dataDir, file))]) makePrivate(path);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    throw error instanceof DialtallyError ? error : new BackupFailed(dataDir, toReason(error), { cause: error });
  }
  return manifest;
}

async function restoreRows(store: Store, directory: string, { tables }: Manifest, onStep: OnStep): Promise<void> {
  const listed = joinSql(
    Object.keys(tables).map((table) => sql`TABLE ${name(table)}`),
    sql`, `,
  );
  const statement = sql`RESTORE ${listed} FROM File(${sqlText(rowsPath(directory))})`;
  try {
    // The tables before their rows: only a table that is there can be kept from merging, which would remove replaced and
    // outdated rows before they are counted.
    await store.command(sql`${statement} SETTINGS structure_only = 1`);
    await store.command(sql`SYSTEM STOP MERGES`);
    await runBeside(store, statement, { step: 'writing', onStep });
  } catch (error) {
    throw toDamage(error, directory, 'its tables');
  }
  for (const [table, { rows, checksum }] of Object.entries(tables)) {
    onStep(`checking ${table}`);
    try {
      const found = await measure(store, table);
      if (found.rows === rows && found.checksum === checksum && (await isIntact(store, table))) continue;
    } catch (error) {
      throw toDamage(error, directory, `the table ${table}`);
    }
    throw new BackupDamaged(directory, `the rows of ${table} are not those that were backed up`);
  }
}

/** Whether the engine finds each file of a table as it wrote it: reading all rows passes by its indexes. */
async function isIntact(store: Store, table: string): Promise<boolean> {
  const [check] = await store.query<{ result: number }>(
    sql`CHECK TABLE ${name(table)} SETTINGS check_query_single_value_result = 1`,
    limits,
  );
  return Number(check?.result) === 1;
}

/** What the engine can't read is a damaged backup, unless it is this machine that lacks room or permission. */
function toDamage(error: unknown, directory: string, what: string): unknown {
  if (error instanceof DialtallyError || /the disk is full|may not write/.test(toReason(error))) return error;
  // The engine says all that it knows, stacks and lists of files: a person needs the place.
  const [, part, table] = /while restoring part (\S+) of table \w+\.(\w+)/.exec((error as Error).message) ?? [];
  const place = part ? `part ${part} of ${table}` : what;
  return new BackupDamaged(directory, `${place} can\u2019t be read`, { cause: error });
}

/** A store that was only ever started may be replaced; one with rows of any tenant may not. */
async function assertWithoutRows(dataDir: string, storePath: string): Promise<void> {
  if (!existsSync(storePath)) return;
  const store = await openEmbedded({ path: storePath, readers: 1 });
  try {
    const owned = await store.query<{ table: string }>(
      sql`SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'tenant_id' ORDER BY table`,
    );
    const filled: string[] = [];
    for (const { table } of owned) {
      const [found] = await store.query<{ rows: number }>(sql`SELECT count() AS rows FROM ${name(table)}`);
      if (found && found.rows > 0) filled.push(`${table}: ${found.rows}`);
    }
    if (filled.length > 0) throw new DataDirectoryHasRows(dataDir, filled.join(', '));
  } finally {
    await store.close();
  }
}

async function copyCompanion(directory: string, dataDir: string, file: string): Promise<void> {
  try {
    await copyFile(join(directory, file), join(dataDir, file));
  } catch (error) {
    throw new BackupDamaged(directory, `${file} can\u2019t be read`, { cause: error });
  }
}
