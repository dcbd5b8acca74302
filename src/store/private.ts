/** Keeps what this program writes from all other users of the machine. */
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** From now on, whatever this process writes is for its user alone: the engine takes the modes of its files from here. */
export function writePrivately(): void {
  process.umask(0o077);
}

/** Makes a file, or a directory with all that is in it, readable by its user alone, whatever it was before. Missing ones are passed over. */
export function makePrivate(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found || found.isSymbolicLink()) return;
  closeToOthers(path, found.mode);
  if (!found.isDirectory()) return;
  for (const name of readdirSync(path)) makePrivate(join(path, name));
}

/** The same for a directory without what is in it. */
export function makePrivateAlone(directory: string): void {
  const found = lstatSync(directory, { throwIfNoEntry: false });
  // A directory that is meant for everybody (/tmp) is not made this program's own.
  const isShared = ((found?.mode ?? 0) & 0o1000) !== 0;
  if (found?.isDirectory() && !isShared) closeToOthers(directory, found.mode);
}

function closeToOthers(path: string, mode: number): void {
  if ((mode & 0o077) === 0) return;
  try {
    chmodSync(path, mode & 0o700);
  } catch (error) {
    // What belongs to another user is theirs to close; what went away meanwhile is closed.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'ENOENT') throw error;
  }
}
