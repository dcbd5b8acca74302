/** The seals of a backup's files: made with it, and held against what is there when it is restored. */
import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Static, Type } from 'typebox';
import { BackupDamaged, QueryCanceled } from '../errors.ts';
import { amount, closed } from '../shapes.ts';
import type { OnStep } from './operation.ts';

/** What a file holds: as many bytes, and their SHA-256. */
export const sealSchema = closed({ bytes: amount(), sha256: Type.String() });
/** What a file holds. */
export type Seal = Static<typeof sealSchema>;

/** The seals of the files of a backup, by their paths in it. */
export type Seals = Record<string, Seal>;

interface Reading {
  onStep: OnStep;
  /** Ends it. */
  signal?: AbortSignal | undefined;
}

/** Reads every file of a backup but those left out, one after the other. */
export async function readSeals(directory: string, without: readonly string[], reading: Reading): Promise<Seals> {
  const sizes = await readSizes(directory, without);
  const seals: Seals = {};
  for await (const [file, sha256] of readHashes(directory, sizes, reading)) {
    seals[file] = { bytes: sizes.get(file) ?? 0, sha256 };
  }
  return seals;
}

/** Throws BackupDamaged with the first file that is missing, is cut short, is changed, or was never part of the backup. */
export async function assertSealed(
  directory: string,
  seals: Seals,
  without: readonly string[],
  reading: Reading,
): Promise<void> {
  const fault = await findFault(directory, seals, without, reading).catch((error) => {
    if (error instanceof Unreadable) return error.message;
    throw error;
  });
  if (fault !== undefined) throw new BackupDamaged(directory, fault);
}

async function findFault(
  directory: string,
  seals: Seals,
  without: readonly string[],
  reading: Reading,
): Promise<string | undefined> {
  const sizes = await readSizes(directory, without);
  // All that can be seen without reading comes first: it costs nothing.
  for (const [file, { bytes }] of Object.entries(seals)) {
    const found = sizes.get(file);
    if (found === undefined) return `${file} is missing`;
    if (found < bytes) return `${file} is cut short`;
    if (found > bytes) return `${file} is longer than it was`;
  }
  const surplus = [...sizes.keys()].find((file) => !Object.hasOwn(seals, file));
  if (surplus !== undefined) return `${surplus} does not belong to it (move it away if it is yours)`;
  for await (const [file, sha256] of readHashes(directory, sizes, reading)) {
    if (sha256 !== seals[file]?.sha256) return `${file} is changed`;
  }
  return undefined;
}

async function readSizes(directory: string, without: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));
  for (const file of files.sort()) {
    if (without.includes(file)) continue;
    sizes.set(file, (await stat(join(directory, file)).catch(toUnreadable(file))).size);
  }
  return sizes;
}

async function* readHashes(
  directory: string,
  sizes: ReadonlyMap<string, number>,
  { onStep, signal }: Reading,
): AsyncGenerator<[file: string, sha256: string]> {
  // One buffer for all of them: a backup has thousands of small files, and some that memory would not hold.
  const buffer = Buffer.allocUnsafe(256 * 1024);
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  let done = 0;
  for (const [file, size] of sizes) {
    if (signal?.aborted) throw new QueryCanceled();
    onStep('checking files', { done, total });
    yield [file, await hash(join(directory, file), buffer, signal).catch(toUnreadable(file))];
    done += size;
  }
}

async function hash(path: string, buffer: Buffer, signal: AbortSignal | undefined): Promise<string> {
  const sum = createHash('sha256');
  const file = await open(path);
  try {
    for (;;) {
      if (signal?.aborted) throw new QueryCanceled();
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return sum.digest('hex');
      sum.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

class Unreadable extends Error {}

const toUnreadable = (file: string) => (error: unknown) => {
  throw error instanceof QueryCanceled ? error : new Unreadable(`${file} can\u2019t be read`, { cause: error });
};
