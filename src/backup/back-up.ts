/** The making of a backup: a snapshot of all tables, written, measured and sealed while work goes on. */
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupElsewhere, BackupFailed, BackupPlaceMissing, BackupTargetTaken, DialtallyError } from '../errors.ts';
import { join as joinSql, name, sql, sqlText } from '../sql.ts';
import { makePrivate } from '../store/private.ts';
import type { Store } from '../store/store.ts';
import { version } from '../version.ts';
import { type Contents, limits, listTables, measure } from './contents.ts';
import { readSeals } from './copied-files.ts';
import {
  beginManifest,
  companions,
  dropManifest,
  finishManifest,
  type Manifest,
  manifestFiles,
  rowsPath,
} from './manifest.ts';
import { type OnStep, runBeside, toReason } from './operation.ts';

/** Where a backup goes, and of what. */
export interface BackupRequest {
  /** A directory that is not there yet, or empty. */
  directory: string;
  /** The data directory that the store is of. */
  dataDir: string;
  now: () => number;
  onStep?: OnStep;
  /** Ends it; what was written is removed. */
  signal?: AbortSignal;
}

/** Writes every row into a directory while others go on reading and writing. Everything acknowledged before is in it. */
export async function backUp(store: Store, request: BackupRequest): Promise<Manifest> {
  const { directory } = request;
  if (store.engine === 'server') throw new BackupElsewhere(await readDatabase(store));
  await claim(directory);
  try {
    const manifest = await writeAll(store, request);
    await finishManifest(directory, manifest);
    makePrivate(directory);
    return manifest;
  } catch (error) {
    await rm(rowsPath(directory), { recursive: true, force: true }).catch(() => {});
    for (const file of companions) await rm(join(directory, file), { force: true }).catch(() => {});
    await dropManifest(directory).catch(() => {});
    throw toFailure(error, directory);
  }
}

async function writeAll(store: Store, request: BackupRequest): Promise<Manifest> {
  const { directory, dataDir, onStep = () => {}, signal } = request;
  // Before the rows: a demo that was made up to an earlier instant is only topped up again.
  await copyCompanions(dataDir, directory);
  const takenAt = new Date(request.now()).toISOString();
  const snapshot = await takeSnapshot(store);
  try {
    const measured: [string, Contents][] = [];
    for (const [table, copy] of snapshot.copies) {
      onStep(`reading ${table}`);
      measured.push([table, await measure(store, copy, signal)]);
    }
    const listed = snapshot.copies.map(([table, copy]) => sql`TABLE ${name(copy)} AS ${name(table)}`);
    const target = sql`File(${sqlText(rowsPath(directory))})`;
    const bytes = await runBeside(store, sql`BACKUP ${joinSql(listed, sql`, `)} TO ${target}`, {
      step: 'writing',
      onStep,
      signal,
    });
    const migrations = await store.query<{ number: number }>(
      sql`SELECT DISTINCT number FROM migrations ORDER BY number`,
    );
    return {
      format: 2,
      version,
      migrations: migrations.map(({ number }) => number),
      taken_at: takenAt,
      tables: Object.fromEntries(measured),
      bytes,
      files: await readSeals(directory, manifestFiles, { onStep, signal }),
    };
  } finally {
    await snapshot.drop();
  }
}

/**
 * The tables as they are now, by hard links: no row is copied, and what comes in later is not in it. So what is measured is
 * what is written.
 */
async function takeSnapshot(store: Store) {
  const mark = `staging_backup_${randomUUID().replaceAll('-', '')}`;
  const copies: [table: string, copy: string][] = [];
  const drop = async () => {
    for (const [, copy] of copies) await store.command(sql`DROP TABLE IF EXISTS ${name(copy)} SYNC`);
  };
  try {
    for (const table of await listTables(store)) {
      const copy = `${mark}_${table}`;
      copies.push([table, copy]);
      await store.command(sql`CREATE TABLE ${name(copy)} CLONE AS ${name(table)}`, limits);
      // Merging would remove replaced and outdated rows between measuring and writing.
      await store.command(sql`SYSTEM STOP MERGES ${name(copy)}`);
    }
    return { copies, drop };
  } catch (error) {
    await drop();
    throw error;
  }
}

/** Makes the directory, and marks it as a backup that is not finished. */
async function claim(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    if ((await readdir(directory)).length > 0) throw new BackupTargetTaken(directory);
    // The place may have been there before, open to everybody.
    makePrivate(directory);
    await beginManifest(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new BackupPlaceMissing(directory, { cause: error });
    throw code === 'EEXIST' || code === 'ENOTDIR' ? new BackupTargetTaken(directory) : toFailure(error, directory);
  }
}

async function copyCompanions(from: string, to: string): Promise<void> {
  for (const file of companions) {
    try {
      await copyFile(join(from, file), join(to, file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

async function readDatabase(store: Store): Promise<string> {
  const [found] = await store.query<{ name: string }>(sql`SELECT currentDatabase() AS name`);
  return found?.name ?? 'dialtally';
}

function toFailure(error: unknown, directory: string): unknown {
  if (error instanceof DialtallyError) return error;
  return new BackupFailed(directory, toReason(error), { cause: error });
}
