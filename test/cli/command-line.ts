import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { builtOf } from '../built.ts';

const entry = builtOf('src/cli/main.ts');
const declared = builtOf('test/cli/declared.ts');

/** What a command said, and how it ended. */
export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Starts the command line in a process of its own, as a person would. */
export function start(args: readonly string[], env: NodeJS.ProcessEnv = {}, input?: string): ChildProcess {
  const { DATA_DIR: _, PORT: __, CLICKHOUSE_URL: ___, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--import', declared, entry, ...args], {
    env: { ...inherited, UV_THREADPOOL_SIZE: '16', LOG_LEVEL: 'warn', ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  // A command that refuses its options ends without reading.
  child.stdin?.once('error', () => {});
  child.stdin?.end(input);
  return child;
}

/** Runs a command to its end. */
export function dialtally(...args: string[]): Promise<Ended> {
  return toEnd(start(args));
}

/** Runs a command in an environment that has these, too. */
export function dialtallyWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  return toEnd(start(args, env));
}

/** Runs a command with a text on its standard input. */
export function dialtallyReading(input: string, ...args: string[]): Promise<Ended> {
  return toEnd(start(args, {}, input));
}

async function toEnd(child: ChildProcess): Promise<Ended> {
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout!), text(child.stderr!), ended]);
  if (err.includes('not as declared: ')) throw new Error(err);
  return { code, out, err };
}

/** A directory that goes when the test is done. */
export function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'dialtally-cli-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes files by name into a new directory. */
export function directoryOf(files: Record<string, string>): string {
  const directory = join(emptyDirectory(), 'files');
  mkdirSync(directory);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return directory;
}

/** A server on a data directory, on any free port; it is stopped when the test is done. */
export async function serve(dataDir: string): Promise<ChildProcess> {
  const { child, listening } = startServer(dataDir);
  onTestFinished(() => void child.kill('SIGKILL'));
  await listening;
  return child;
}

/** A server for all tests of a file, through which their commands find the data; each story has a tenant of its own. */
export function serveAll(): { readonly dataDir: string } {
  const dataDir = mkdtempSync(join(tmpdir(), 'dialtally-cli-'));
  let server: ChildProcess;
  beforeAll(async () => {
    const { child, listening } = startServer(dataDir);
    server = child;
    await listening;
  });
  afterAll(async () => {
    await stop(server, 'SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { dataDir };
}

/** What the server on a data directory answers to its operator, who asks for a tenant. */
export async function askServer(dataDir: string, tenant: number, path: string) {
  const { url, key } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { url: string; key: string };
  const headers = { authorization: `Bearer ${key}`, 'dialtally-tenant': String(tenant) };
  return JSON.parse(await (await fetch(`${url}${path}`, { headers })).text());
}

function startServer(dataDir: string): { child: ChildProcess; listening: Promise<void> } {
  const child = start(['serve', '--port', '0', '--data-dir', dataDir], { LOG_LEVEL: 'info' });
  let said = '';
  const listening = new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the server stopped: ${said}`)));
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk) => {
        said += chunk;
        if (said.includes('Server listening')) void written(join(dataDir, 'server.json')).then(resolve);
      });
    }
  });
  return { child, listening };
}

/** Waits until a process, or whoever is at the other end of a socket, says a text that it did not say before. */
export async function heard(from: Readable, text: string): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const onEnd = () => reject(new Error(`"${text}" was not said, but: ${said}`));
    const onData = (chunk: Buffer | string) => {
      said += chunk;
      if (!said.includes(text)) return;
      from.off('data', onData).off('close', onEnd);
      resolve();
    };
    from.on('data', onData).once('close', onEnd);
  });
}

/** A file that a server leaves a moment after it begins to listen. */
async function written(path: string): Promise<void> {
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Stops a server. Gives its exit code, and how long it took. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM') {
  const startedAt = Date.now();
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return { code: await ended, tookMs: Date.now() - startedAt };
}

/** Three dials by two agents on June 1st: two answers, one sale. */
export const floor = {
  'campaigns.csv': 'campaign_id,name\n43,Renewals\n',
  'agents.ndjson': '{"agent_id":25,"name":"Đỗ Văn Thành"}\n{"agent_id":26,"name":"王小明"}\n',
  'calls.csv': `call_id,campaign_id,agent_id,started_at,outcome,talk_sec,is_conversion
c1,43,25,2026-06-01T02:00:00Z,answered,120,true
c2,43,26,2026-06-01T03:00:00Z,answered,60,
c3,43,26,2026-06-01T04:00:00Z,no_answer,,
`,
};

/** The window that holds the floor's calls. */
export const june = ['--from', '2026-06-01', '--to', '2026-06-01'];
