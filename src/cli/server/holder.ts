/** Which process holds a data directory, where no server says so. */
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The process that holds an embedded store's directory, or undefined. Asking beforehand spares the person the engine's own
 * words: it writes them to standard error, and throws without the reason.
 */
export async function findHolder(storePath: string): Promise<number | undefined> {
  const statusPath = await realpath(join(storePath, 'status')).catch(() => '');
  if (!statusPath) return undefined;
  const status = await readFile(statusPath, 'utf8').catch(() => '');
  const pid = Number(/^PID: (\d+)$/m.exec(status)?.[1] ?? 0);
  if (pid === 0 || pid === process.pid || !isAlive(pid)) return undefined;
  return (await hasOpen(pid, statusPath)) ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be asked, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a process has a file open; true where that can't be told. The file of a killed process may name a stranger. */
async function hasOpen(pid: number, path: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  try {
    const directory = `/proc/${pid}/fd`;
    const links = (await readdir(directory)).map((name) => readlink(join(directory, name)).catch(() => ''));
    return (await Promise.all(links)).includes(path);
  } catch {
    return true;
  }
}
