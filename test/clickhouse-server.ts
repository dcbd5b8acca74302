import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { libchdbPath } from 'chdb/libchdb';

/** A ClickHouse server of a test's own. */
export interface ClickHouseServer {
  /** Where it answers over HTTP, as the user `default` without a password. */
  url: string;
  /** Stops it, and removes its data unless the caller chose the directory. */
  close(): Promise<void>;
}

const script = fileURLToPath(new URL('clickhouse-server.py', import.meta.url));
const startTimeoutMs = 60_000;
const stopTimeoutMs = 5_000;

/** Why no server can be started on this machine, with the remedy, or undefined when one can. */
export function serverMissing(): string | undefined {
  try {
    libchdbPath();
  } catch (error) {
    return (error as Error).message;
  }
  const python = spawnSync('python3', ['-c', 'import ctypes']);
  if (python.error) return 'python3 was not found: install python3';
  if (python.status !== 0) return 'python3 has no ctypes: install a python3 that was built with libffi';
  return undefined;
}

/**
 * Starts a real ClickHouse server on 127.0.0.1, on a free port and an empty directory unless told otherwise. It ends
 * with this process at the latest. Throws with what the server said when it does not answer within a minute.
 */
export async function startClickHouse(options: { port?: number; path?: string } = {}): Promise<ClickHouseServer> {
  const missing = serverMissing();
  if (missing) throw new Error(missing);
  const directory = await dataDirectory(options.path);
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;

  const child = spawn('python3', [script, libchdbPath(), directory, String(port)], {
    cwd: directory,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-10_000);
  });
  child.on('error', (error) => {
    said += error.message;
  });
  const close = async () => {
    await stop(child);
    if (options.path === undefined) await rm(directory, { recursive: true, force: true });
  };

  const deadline = Date.now() + startTimeoutMs;
  while (!(await serves(url, directory))) {
    if (hasEnded(child) || Date.now() > deadline) {
      const outcome = hasEnded(child) ? 'ended' : `did not answer within ${startTimeoutMs / 1000} s`;
      await close();
      throw new Error(`The ClickHouse server on port ${port} ${outcome}: ${said.trim() || 'it said nothing'}`);
    }
    await sleep(25);
  }
  return { url, close };
}

async function dataDirectory(path: string | undefined): Promise<string> {
  if (path === undefined) return realpath(await mkdtemp(join(tmpdir(), 'dialtally-clickhouse-')));
  await mkdir(path, { recursive: true });
  return realpath(path);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether the server at `url` answers queries, and is the one on `directory` rather than another on the same port. */
async function serves(url: string, directory: string): Promise<boolean> {
  const signal = AbortSignal.timeout(5_000);
  try {
    if (!(await fetch(`${url}/ping`, { signal })).ok) return false;
    const body = "SELECT value FROM system.server_settings WHERE name = 'path' FORMAT TSVRaw";
    const answer = await fetch(url, { method: 'POST', body, signal });
    return (await answer.text()).trim() === directory;
  } catch {
    return false;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const killing = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(killing);
}
