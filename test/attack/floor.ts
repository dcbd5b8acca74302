/** A server in a process of its own, a tenant that attacks it, and another that goes on working. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Role } from '../../src/access/roles.ts';
import { builtOf } from '../built.ts';

/** The tenant that works, and the one that attacks it. */
export const [worker, attacker] = [1, 66];

/** What the working tenant went through. */
export interface Watched {
  /** How often its dashboard was asked for. */
  attempts: number;
  /** Of them, those without a right answer. */
  failed: string[];
  /** Of them, those that took longer than the stated multiple of the quiet time. */
  slow: number;
  /** The longest of all, and the median of the quiet time, in milliseconds: to tell people, not to judge by. */
  slowestMs: number;
  quietMs: number;
  /** The most memory that the server and all that it started held together, in MB. */
  mostMemoryMb: number;
}

/** A call centre under attack. */
export interface Floor {
  readonly url: string;
  readonly dataDir: string;
  /** The key of the machine's operator. */
  readonly key: string;
  /** A token; of the attacking tenant unless told otherwise. */
  token(role: Role, who?: { tenant?: number; team?: number; agent?: number; expires?: string }): Promise<string>;
  /** Asks as the operator, for a tenant. */
  asOperator(path: string, options?: { method?: string; tenant?: number; json?: unknown }): Promise<Response>;
  /** Sends rows of the attacking tenant in. */
  send(
    token: string,
    path: string,
    body: NonNullable<RequestInit['body']>,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /**
   * Attacks while the working tenant's dashboard is asked for all the while, and for some attempts afterwards. An
   * attempt is slow when it takes more than `multiple` times the quiet median (and more than a tenth of a second,
   * below which the machine's own noise lies).
   */
  during(attack: () => Promise<unknown>, options?: { multiple?: number; after?: number }): Promise<Watched>;
  /** Whether a fresh token can be made and ended; throws with what was answered when not. */
  revokesTokens(): Promise<void>;
  /** Whether the server's process lives. */
  lives(): boolean;
  /** The memory of the server and all that it started, in MB. */
  memoryMb(): number;
  /** What the server wrote to its log, all of it. */
  log(): string;
  /** Kills the server, and starts it again on the same directory. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const main = builtOf('test/attack/server.ts');
const startPatienceMs = 120_000;

/**
 * Opens a floor on which the working tenant has some calls. `env` goes to the server; CLICKHOUSE_URL as well. It may have
 * `openFiles` files open.
 */
export async function openFloor(env: Record<string, string> = {}, openFiles?: number): Promise<Floor> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dialtally-attack-'));
  let child: ChildProcess;
  let log = '';
  let server = { url: '', key: '' };

  async function start(): Promise<void> {
    const file = join(dataDir, 'server.json');
    await rm(file, { force: true });
    const limit = openFiles === undefined ? '' : `ulimit -n ${openFiles}; `;
    const args = [main, 'serve', '--port', '0', '--data-dir', dataDir];
    child = spawn('/bin/sh', ['-c', `${limit}exec "$0" "$@"`, process.execPath, ...args], {
      env: { ...process.env, LOG_LEVEL: 'info', UV_THREADPOOL_SIZE: '16', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const output of [child.stdout, child.stderr]) {
      output?.on('data', (text) => {
        log += text;
      });
    }
    const stopAt = Date.now() + startPatienceMs;
    while (!existsSync(file)) {
      if (child.exitCode !== null || Date.now() > stopAt)
        throw new Error(`the server did not start: ${log.slice(-4000)}`);
      await sleep(50);
    }
    server = JSON.parse(readFileSync(file, 'utf8'));
  }

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  const asOperator: Floor['asOperator'] = (path, { method = 'GET', tenant = attacker, json } = {}) =>
    fetch(`${server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${server.key}`,
        'dialtally-tenant': String(tenant),
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });

  const token: Floor['token'] = async (role, { tenant = attacker, team, agent, expires } = {}) => {
    const json = { role, team_id: team, agent_id: agent, expires };
    const made = await asOperator('/api/telesales/tokens', { method: 'POST', tenant, json });
    if (made.status !== 201) throw new Error(`no token was made: ${made.status} ${await made.text()}`);
    return ((await made.json()) as { data: { token: string } }).data.token;
  };

  const send: Floor['send'] = (by, path, body, headers = {}) =>
    fetch(`${server.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${by}`, ...headers }, body });

  await start();
  const dashboard = '/api/telesales/reports/dashboard?date_from=2026-06-01&date_to=2026-06-07';
  const calls = Array.from({ length: 200 }, (_, index) =>
    JSON.stringify({
      call_id: `call-${index}`,
      campaign_id: 1,
      agent_id: (index % 5) + 1,
      started_at: `2026-06-0${(index % 7) + 1}T09:00:00Z`,
      outcome: 'answered',
      talk_sec: 60,
    }),
  ).join('\n');
  const ingesting = await token('ingest', { tenant: worker });
  const sent = await send(ingesting, '/api/telesales/ingest/calls', calls, { 'content-type': 'application/x-ndjson' });
  if (!sent.ok) throw new Error(`the working tenant has no calls: ${sent.status} ${await sent.text()}`);
  const working = await token('supervisor', { tenant: worker });

  /** How long the working tenant's dashboard takes, and what is wrong with it. */
  async function ask(): Promise<{ ms: number; fault?: string }> {
    const from = performance.now();
    try {
      const answer = await fetch(`${server.url}${dashboard}`, {
        headers: { authorization: `Bearer ${working}` },
        signal: AbortSignal.timeout(60_000),
      });
      const text = await answer.text();
      const ms = performance.now() - from;
      return answer.status === 200 && text.includes('"total_dials":200')
        ? { ms }
        : { ms, fault: `${answer.status} ${text}` };
    } catch (error) {
      return { ms: performance.now() - from, fault: String((error as Error).cause ?? error) };
    }
  }

  const memoryMb = () => familyOf(child.pid ?? 0).reduce((sum, pid) => sum + residentMb(pid), 0);

  return {
    get url() {
      return server.url;
    },
    get key() {
      return server.key;
    },
    dataDir,
    token,
    asOperator,
    send,
    memoryMb,
    async during(attack, { multiple = 20, after = 3 } = {}) {
      const quiet: number[] = [];
      for (let n = 0; n < 9; n++) quiet.push((await ask()).ms);
      const quietMs = quiet.sort((a, b) => a - b)[4] ?? 0;
      const limitMs = Math.max(100, quietMs * multiple);
      const watched: Watched = { attempts: 0, failed: [], slow: 0, slowestMs: 0, quietMs, mostMemoryMb: memoryMb() };
      let isOver = false;
      let left = after;
      const attacking = attack().finally(() => {
        isOver = true;
      });
      attacking.catch(() => {});
      while (!isOver || left-- > 0) {
        const { ms, fault } = await ask();
        watched.attempts++;
        if (fault !== undefined) watched.failed.push(fault.slice(0, 300));
        if (ms > limitMs) watched.slow++;
        watched.slowestMs = Math.max(watched.slowestMs, ms);
        watched.mostMemoryMb = Math.max(watched.mostMemoryMb, memoryMb());
        await sleep(20);
      }
      await attacking;
      return watched;
    },
    async revokesTokens() {
      const made = await asOperator('/api/telesales/tokens', {
        method: 'POST',
        tenant: worker,
        json: { role: 'agent', agent_id: 1 },
      });
      const { data } = (await made.json()) as { data: { token_id: number; token: string } };
      const ended = await asOperator(`/api/telesales/tokens/${data.token_id}`, { method: 'DELETE', tenant: worker });
      if (!ended.ok) throw new Error(`no token was ended: ${ended.status} ${await ended.text()}`);
      const after = await fetch(`${server.url}${dashboard}`, { headers: { authorization: `Bearer ${data.token}` } });
      if (after.status !== 401) throw new Error(`a token that was ended still opens: ${after.status}`);
    },
    lives: () => child.exitCode === null && child.signalCode === null,
    log: () => log,
    async restart() {
      await stop();
      await start();
    },
    async close() {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Lines of the log about errors that nobody heard, and warnings of Node's. */
export function unheard(floor: Floor): string[] {
  return floor
    .log()
    .split('\n')
    .filter((line) => /an error that nobody heard|\(node:\d+\)/.test(line));
}

/** A process and all that descend from it. */
function familyOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const family = [root];
  for (const pid of family) for (const [child, parent] of parents) if (parent === pid) family.push(child);
  return family;
}

function residentMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
