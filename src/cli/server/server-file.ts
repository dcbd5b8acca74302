/** The file by which commands find the server that holds a data directory. */
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFull } from '../../store/failures.ts';
import { askText } from './request.ts';

/** What a server leaves in its data directory for the commands beside it. */
export interface RunningServer {
  url: string;
  /** Opens everything on that server; it ends with the server. */
  key: string;
  pid: number;
}

const pathIn = (dataDir: string) => join(dataDir, 'server.json');

/** Tells the commands beside a server where it is. */
export async function writeServerFile(dataDir: string, server: RunningServer): Promise<void> {
  const text = `${JSON.stringify(server)}\n`;
  const unfinished = `${pathIn(dataDir)}.${randomUUID()}`;
  try {
    await writeFile(unfinished, text, { mode: 0o600 });
    await rename(unfinished, pathIn(dataDir));
  } catch (error) {
    await rm(unfinished, { force: true });
    if (!isFull(error)) throw error;
    // A server starts on a full disk as well. The file of one that was killed has the room that its successor's takes.
    await writeFile(pathIn(dataDir), text.padEnd(4096), { mode: 0o600, flag: 'r+' }).catch(() => {});
  }
}

/** Takes back what a server wrote; another server's file stays. */
export async function removeServerFile(dataDir: string, key: string): Promise<void> {
  const written = await readServerFile(dataDir);
  if (written?.key === key) await rm(pathIn(dataDir), { force: true });
}

/** The server that holds a data directory, when there is one that answers. */
export async function findServer(dataDir: string): Promise<RunningServer | undefined> {
  const written = await readServerFile(dataDir);
  if (!written) return undefined;
  try {
    // Only the server that wrote the key takes it: a file may outlive its server.
    await askText({ url: written.url, token: written.key }, { path: '/api/operator', timeoutMs: 5000 });
    return written;
  } catch {
    return undefined;
  }
}

async function readServerFile(dataDir: string): Promise<RunningServer | undefined> {
  try {
    const { url, key, pid } = JSON.parse(await readFile(pathIn(dataDir), 'utf8')) as Partial<RunningServer>;
    return url && key && pid ? { url, key, pid } : undefined;
  } catch {
    return undefined;
  }
}
