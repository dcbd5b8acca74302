/** A small file that remembers ended tokens when the store has no room for them, so that no restart revives one. */
import { type FileHandle, open } from 'node:fs/promises';

/** A token that was ended, and when. */
export interface Revocation {
  token_hash: string;
  revoked_at: string;
}

/** Revocations that the store could not take: they outlive the process, also when the disk is full. */
export interface Revocations {
  /** Those that were kept before this start, and may not be in the store. */
  readonly left: readonly Revocation[];
  /** Keeps one. Gives whether it could: the file may be full as well, or could never be made. */
  keep(revocation: Revocation): Promise<boolean>;
  /** All of them are in the store. */
  clear(): Promise<void>;
}

// Some four hundred. The room is taken beforehand, so that writing there needs none.
const fileBytes = 64 * 1024;
const lineBytes = 160;

/** Opens the file of revocations, and makes it when it is missing and there is room for it. */
export async function openRevocations(path: string): Promise<Revocations & { close(): Promise<void> }> {
  const file = await openFile(path).catch(() => undefined);
  const left = file ? await readLines(file) : [];
  let lines = left.length;
  return {
    left,
    async keep(revocation) {
      if (!file || (lines + 1) * lineBytes > fileBytes) return false;
      try {
        const line = Buffer.from(`${JSON.stringify(revocation).padEnd(lineBytes - 1)}\n`);
        await file.write(line, 0, line.length, lines * lineBytes);
        await file.datasync();
        lines++;
        return true;
      } catch {
        return false;
      }
    },
    async clear() {
      if (!file || lines === 0) return;
      const blank = Buffer.alloc(lines * lineBytes, ' ');
      await file.write(blank, 0, blank.length, 0);
      await file.datasync();
      lines = 0;
    },
    close: async () => void (await file?.close()),
  };
}

async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path, 'r+').catch(() => open(path, 'wx+', 0o600));
  const { size } = await file.stat();
  if (size >= fileBytes) return file;
  // Spaces, since a hole in a file takes its room only when it is filled.
  await file.write(Buffer.alloc(fileBytes - size, ' '), 0, fileBytes - size, size);
  await file.sync();
  return file;
}

async function readLines(file: FileHandle): Promise<Revocation[]> {
  const bytes = Buffer.alloc(fileBytes);
  await file.read(bytes, 0, fileBytes, 0);
  const left: Revocation[] = [];
  for (let at = 0; at + lineBytes <= fileBytes; at += lineBytes) {
    const line = bytes.toString('utf8', at, at + lineBytes).trim();
    if (line === '') break;
    try {
      left.push(JSON.parse(line) as Revocation);
    } catch {
      // The last one may have been cut off by a crash: it was not acknowledged.
      break;
    }
  }
  return left;
}
