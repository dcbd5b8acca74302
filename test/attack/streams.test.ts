import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Floor, openFloor, unheard } from './floor.ts';
import { askDeaf, type DeafClient } from './sockets.ts';

const agents = 200_000;
const reports = '/api/telesales/reports';
const june = 'date_from=2026-06-01&date_to=2026-06-07';
const csv = `${reports}/agent-performance/export?${june}&format=csv`;
const stream = `${reports}/abandon-rate/stream?campaign_id=1`;

let floor: Floor;
let admin: string;
let calls = 0;

/** Sends so many calls of the attacking tenant's campaign in, which happen now. */
async function sendCalls(count = 1): Promise<void> {
  const rows = Array.from({ length: count }, () => ({
    call_id: `now-${++calls}`,
    campaign_id: 1,
    started_at: new Date(Date.now() - 60_000).toISOString(),
    outcome: 'answered',
  }));
  const body = rows.map((row) => JSON.stringify(row)).join('\n');
  const sent = await floor.send(admin, '/api/telesales/ingest/calls', body, { 'content-type': 'application/x-ndjson' });
  expect(sent.status).toBe(200);
}

async function newToken(): Promise<{ token: string; token_id: number }> {
  const made = await floor.asOperator('/api/telesales/tokens', { method: 'POST', json: { role: 'supervisor' } });
  return ((await made.json()) as { data: { token: string; token_id: number } }).data;
}

const end = (id: number) => floor.asOperator(`/api/telesales/tokens/${id}`, { method: 'DELETE' });

// A fault of ours that no code of ours would show: a signal makes it.
const faulty = `process.on('SIGUSR2', () => { Promise.reject(new Error('made by a signal')); throw new Error('made by a signal'); })`;

/** A client that fell asleep over a stream, whose token has ended since. */
let sleeping: DeafClient;

beforeAll(async () => {
  floor = await openFloor({
    RATE_LIMIT: '0',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(faulty)}`,
  });
  admin = await floor.token('admin');
  const rows = Array.from({ length: agents }, (_, n) => `a${n},1,${n + 1},2026-06-02T09:00:00Z,answered,60`);
  const body = `call_id,campaign_id,agent_id,started_at,outcome,talk_sec\n${rows.join('\n')}\n`;
  await floor.send(admin, '/api/telesales/ingest/calls', body, { 'content-type': 'text/csv' });
  const { token, token_id } = await newToken();
  sleeping = await askDeaf(floor.url, stream, token);
  await sendCalls();
  await end(token_id);
});
afterAll(() => floor.close());

test('a token that is revoked takes its streams and downloads with it', async () => {
  const { token, token_id } = await newToken();
  const watching = await askDeaf(floor.url, stream, token);
  const watched = watching.read();
  // More than any socket holds is still to be read.
  const loading = await askDeaf(floor.url, csv, token);
  await sleep(1500);
  await end(token_id);
  await watched;
  const heard = watching.bytes();
  await sleep(1000);
  await sendCalls();
  expect(await loading.read()).toBe('broken');
  expect(loading.bytes()).toBeLessThan(agents * 20);
  expect(watching.bytes()).toBe(heard);
});

test('streams that differ in how many days they list cost what one costs', async () => {
  const watching: DeafClient[] = [];
  const watched = await floor.during(async () => {
    for (let n = 0; n < 775; n++)
      watching.push(await askDeaf(floor.url, `${stream}&breaches_days=${(n % 90) + 1}`, admin));
    const reading = watching.map((client) => client.read());
    for (let n = 0; n < 8; n++) {
      await sendCalls();
      await sleep(250);
    }
    for (const client of watching) client.leave();
    await Promise.all(reading);
  });
  expect(watched.failed).toEqual([]);
  expect(watched.slow).toBeLessThanOrEqual(watched.attempts / 2);
  for (const client of watching) expect(client.text()).toContain('event-stream');
});

test('no more campaigns are watched than are measured in time', async () => {
  const { token } = await newToken();
  const rows = Array.from({ length: 230 }, (_, n) => JSON.stringify({ campaign_id: n + 1, name: `Campaign ${n + 1}` }));
  const json = { 'content-type': 'application/x-ndjson' };
  await floor.send(admin, '/api/telesales/ingest/campaigns', rows.join('\n'), json);
  const watching: DeafClient[] = [];
  const statuses: (string | undefined)[] = [];
  const watched = await floor.during(async () => {
    for (let n = 0; n < 230; n++) {
      const client = await askDeaf(floor.url, `${reports}/abandon-rate/stream?campaign_id=${n + 1}`, token);
      void client.read();
      watching.push(client);
    }
    while (watching.some((client) => client.text() === '')) await sleep(50);
    for (const client of watching) statuses.push(/^HTTP\/1\.1 (\d+)/.exec(client.text())?.[1]);
  });
  for (const client of watching) client.leave();
  expect(watched.failed).toEqual([]);
  expect(statuses.filter((status) => status === '200')).toHaveLength(200);
  expect(statuses.filter((status) => status === '429')).toHaveLength(30);
  expect(await floor.revokesTokens()).toBeUndefined();
});

test('a stream that is not read, whose token ends and whose rate changes, ends no process', async () => {
  for (let n = 0; n < 4; n++) {
    await sendCalls();
    await sleep(600);
  }
  expect(floor.lives()).toBe(true);
  expect(unheard(floor)).toEqual([]);
  sleeping.leave();
});

test('an error that nobody hears is told in the log, and the server goes on', async () => {
  const { pid } = JSON.parse(await readFile(join(floor.dataDir, 'server.json'), 'utf8')) as { pid: number };
  process.kill(pid, 'SIGUSR2');
  while (unheard(floor).length < 2) await sleep(50);
  await floor.revokesTokens();
  expect(floor.lives()).toBe(true);
  expect(unheard(floor)).toEqual([1, 2].map(() => expect.stringContaining('made by a signal')));
});
