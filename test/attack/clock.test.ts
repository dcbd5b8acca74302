/** The minute clock of a server that was down for a working day, under a tenant that has as much as it likes. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtOf } from '../built.ts';

const script = builtOf('test/monitor/bad-day-server.ts');
// The one that attacks comes first, whatever the clock does in the order of tenants.
const [attacker, worker] = [66, 100];
const minuteMs = 60_000;
const dawn = Date.parse('2026-06-01T08:00:00Z');
const mostMemoryMb = 1200;

let directory: string;
let server: { url: string; child: ChildProcess };

async function start(clock: number): Promise<void> {
  // Rows that came in before there was a limit are there.
  const env = { ...process.env, CAMPAIGN_LIMIT: '1000000' };
  const child = fork(script, [directory, String(clock)], { stdio: 'ignore', env });
  const [url] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the server did not come up'))),
  ])) as [string];
  server = { url, child };
}

async function kill(): Promise<void> {
  const { child } = server;
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

const ask = (path: string, tenant: number, body?: string) =>
  fetch(`${server.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: 'Bearer key', 'dialtally-tenant': String(tenant), 'content-type': 'text/csv' },
    ...(body !== undefined && { body }),
  });

async function send(tenant: number, table: string, header: string, rows: Iterable<string>): Promise<void> {
  const sent = await ask(`/api/telesales/ingest/${table}?strict=1`, tenant, [header, ...rows].join('\n'));
  if (!sent.ok) throw new Error(await sent.text());
}

const many = (count: number, row: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => row(index + 1));
const lives = () => server.child.exitCode === null && server.child.signalCode === null;
const memoryMb = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** What the server counts, while its memory is watched. */
async function counted(name: string): Promise<number> {
  expect(memoryMb()).toBeLessThan(mostMemoryMb);
  const metrics = await (await ask('/metrics', worker)).text();
  return Number(new RegExp(`^dialtally_monitor_${name} ([\\d.e+]+)$`, 'm').exec(metrics)?.[1]);
}

async function comesTo(name: string, least: number): Promise<void> {
  while (!((await counted(name)) >= least)) await sleep(200);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dialtally-clock-'));
  await start(dawn);
});
afterAll(async () => {
  await kill();
  await rm(directory, { recursive: true, force: true });
});

test('after a night with 200,000 campaigns the server comes up, and the minutes of the other tenant are all there', async () => {
  const drop = (index: number) => `c${index},${index},${new Date(dawn - 1000).toISOString()},abandoned`;
  const header = 'call_id,campaign_id,started_at,outcome';
  await send(
    attacker,
    'campaigns',
    'campaign_id,name',
    many(200_000, (id) => `${id},c`),
  );
  await send(
    attacker,
    'caller_ids',
    'cid',
    many(200_000, (id) => `0${id}`),
  );
  // Each of them is over its limit, at every minute.
  await send(attacker, 'calls', header, many(20_000, drop));
  await send(worker, 'calls', header, [drop(1)]);
  server.child.send(dawn + minuteMs);
  await comesTo('measured_to_seconds', (dawn + minuteMs) / 1000);

  // Eight hours later, twice: the first one is killed in the middle.
  const later = dawn + 8 * 60 * minuteMs;
  for (const isLast of [false, true]) {
    await kill();
    await start(later);
    expect((await ask('/healthz', worker)).status).toBe(200);
    if (!isLast) await sleep(2000);
  }
  await comesTo('measured_to_seconds', later / 1000);
  // By then the attacker is measured beside the others, and they go on.
  server.child.send(later + minuteMs);
  await comesTo('measured_to_seconds', later / 1000 + 60);
  expect(await counted('failures_total')).toBe(0);
  const report = await ask('/api/telesales/reports/abandon-rate?campaign_id=1', worker);
  const { data } = (await report.json()) as { data: { breaches: { window_to: string; attempts_total: number }[] } };
  // The worst minute of each hour: of nine hours, and of the one before the dawn's call.
  expect(data.breaches.map(({ window_to }) => window_to.slice(11, 13))).toEqual([
    ...['16', '15', '14', '13', '12', '11', '10', '09', '08'],
  ]);
  expect(lives()).toBe(true);
}, 300_000);
