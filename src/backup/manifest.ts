/** The file that makes a directory a backup: what it says, and how it is begun, finished and read. */
import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { BackupDamaged, BackupNewer, BackupUnfinished, NotABackup } from '../errors.ts';
import { amount, closed, isoInstant, named } from '../shapes.ts';
import { readMigrations } from '../store/migrate.ts';
import { version } from '../version.ts';
import { contentsSchema } from './contents.ts';
import { sealSchema } from './copied-files.ts';

/** What a backup says of itself, as JSON. */
export const manifestSchema = closed({
  format: Type.Literal(2),
  version: Type.String({ description: 'The version that made it' }),
  migrations: Type.Array(Type.Integer(), { description: 'The numbers of the migrations that its tables have' }),
  taken_at: isoInstant('When the rows were taken: everything acknowledged before is in it'),
  tables: named(contentsSchema),
  bytes: amount('Bytes of the rows'),
  files: named(sealSchema, { description: 'Every file of the backup but this one' }),
});
/** What a backup says of itself. It is there only when the backup is complete. */
export type Manifest = Static<typeof manifestSchema>;

/** What travels beside the rows when it is there: without it, the demo would not know how far it was made. */
export const companions: readonly string[] = ['demo.json'];

/** ClickHouse's own part of a backup. */
export const rowsPath = (directory: string) => join(directory, 'clickhouse');

/** The files by which a backup is known, which seal themselves. */
export const manifestFiles: readonly string[] = ['manifest.json', 'manifest.json.part'];

const manifestPath = (directory: string) => join(directory, 'manifest.json');
const unfinishedPath = (directory: string) => `${manifestPath(directory)}.part`;

/** Marks a directory as a backup that is not finished. Throws when it is marked already. */
export async function beginManifest(directory: string): Promise<void> {
  await writeSynced(unfinishedPath(directory), `${JSON.stringify({ version })}\n`, 'wx');
}

/** Takes the mark away. */
export async function dropManifest(directory: string): Promise<void> {
  await rm(unfinishedPath(directory), { force: true });
}

/** Makes a backup complete, all at once. */
export async function finishManifest(directory: string, manifest: Manifest): Promise<void> {
  await writeSynced(unfinishedPath(directory), toText(manifest), 'w');
  await rename(unfinishedPath(directory), manifestPath(directory));
}

/** What a backup says of itself. Throws when it is none, not finished, damaged, or of a newer version than this one. */
export async function readManifest(directory: string): Promise<Manifest> {
  const written = await readIfThere(manifestPath(directory));
  if (written === undefined) {
    const isBegun = (await readIfThere(unfinishedPath(directory))) !== undefined;
    throw isBegun ? new BackupUnfinished(directory) : new NotABackup(directory);
  }
  const manifest = isSealed(written) ? parse(written) : undefined;
  if (manifest === undefined) throw new BackupDamaged(directory, 'manifest.json is changed or cut short');
  const known = new Set(readMigrations().map(({ number }) => number));
  if (manifest.format !== 2 || isNewer(manifest.version) || manifest.migrations.some((number) => !known.has(number))) {
    throw new BackupNewer(directory, manifest.version, version);
  }
  return manifest as Manifest;
}

/** A manifest as JSON, whose last line is the SHA-256 of all above it: a byte that changes anywhere is seen. */
function toText(manifest: Manifest): string {
  return seal(`${JSON.stringify(manifest, null, 2).slice(0, -'\n}'.length)},\n`);
}

const sealStart = '  "sha256": "';
const seal = (above: string) => `${above}${sealStart}${createHash('sha256').update(above).digest('hex')}"\n}\n`;
const isSealed = (text: string) => text === seal(text.slice(0, Math.max(0, text.lastIndexOf(sealStart))));

function parse(text: string): (Omit<Manifest, 'format'> & { format: number }) | undefined {
  try {
    const manifest = JSON.parse(text) as Manifest;
    const { tables, files, migrations } = manifest;
    const isWhole =
      Number.isInteger(manifest.format) &&
      /^\d+\.\d+\.\d+/.test(manifest.version) &&
      migrations.every(Number.isInteger) &&
      Object.values(files).every(({ bytes, sha256 }) => Number.isInteger(bytes) && /^[0-9a-f]{64}$/.test(sha256)) &&
      Object.entries(tables).every(
        ([table, { rows, checksum }]) => /^\w+$/.test(table) && Number.isInteger(rows) && /^\d+$/.test(checksum),
      );
    return isWhole ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a version comes after this one. */
function isNewer(other: string): boolean {
  const numbers = (text: string) => text.split(/[.-]/, 3).map(Number);
  const [mine, theirs] = [numbers(version), numbers(other)];
  const place = theirs.findIndex((number, index) => number !== mine[index]);
  return place >= 0 && (theirs[place] ?? 0) > (mine[place] ?? 0);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

async function writeSynced(path: string, text: string, flags: 'w' | 'wx'): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
