import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Floor, openFloor, worker } from './floor.ts';

// Many changes, long addresses, lists and documents: nobody else waits behind them.

let floor: Floor;
let [admin, ingesting, working]: string[] = [];
beforeAll(async () => {
  floor = await openFloor({ RATE_LIMIT: '0' });
  admin = await floor.token('admin');
  ingesting = await floor.token('ingest');
  working = await floor.token('admin', { tenant: worker });
});
afterAll(() => floor.close());

const ask = (token: string | undefined, path: string, method = 'GET', json?: object) =>
  fetch(`${floor.url}${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(json && { 'content-type': 'application/json' }),
    },
    ...(json && { body: JSON.stringify(json) }),
  });

/** Starts many requests of the attacker, and does the worker's: few of the attacker's that are done at all are done before it. */
async function behind(attacks: () => Promise<Response>[], work: () => Promise<unknown>) {
  let done = 0;
  const watched = await floor.during(async () => {
    const attacking = attacks().map(async (asked) => {
      const { status } = await asked;
      if (status === 200) done++;
      return status;
    });
    for (const one of attacking) one.catch(() => {});
    await sleep(200);
    const before = done;
    await work();
    const meanwhile = done - before;
    await floor.revokesTokens();
    const statuses = await Promise.all(attacking);
    for (const status of statuses) expect([200, 409, 429, 503]).toContain(status);
    expect(meanwhile, `of ${done}`).toBeLessThan(done / 2);
  });
  expect(watched.failed).toEqual([]);
}

test('the changes of one tenant wait among themselves', async () => {
  const state = 'x'.repeat(100_000);
  await behind(
    () =>
      Array.from({ length: 400 }, (_, n) =>
        n % 2
          ? ask(ingesting, '/api/telesales/sync-state', 'PUT', { source: `s${n}`, state, revision: 0 })
          : ask(admin, '/api/telesales/settings', 'PUT', { meaningful_talk_sec: (n % 50) + 1 }),
      ),
    async () => {
      const set = await ask(working, '/api/telesales/settings', 'PUT', { meaningful_talk_sec: 7 });
      expect(set.status, await set.text()).toBe(200);
      const ids = await ask(working, '/api/telesales/ids', 'POST', { kind: 'agent', names: ['Lan'] });
      expect(ids.status, await ids.text()).toBe(200);
      const kept = { source: 'own', state: 'x', revision: 0 };
      expect((await ask(working, '/api/telesales/sync-state', 'PUT', kept)).status).toBe(200);
    },
  );
});

test('lists of tokens wait among themselves, and the server is ready all the while', async () => {
  await behind(
    () =>
      Array.from({ length: 500 }, (_, n) => ask(admin, '/api/telesales/tokens?limit=10000', n % 2 ? 'GET' : 'HEAD')),
    async () => {
      expect((await ask(undefined, '/readyz')).status).toBe(200);
      expect((await ask(working, '/api/telesales/tokens', 'POST', { role: 'read_only' })).status).toBe(201);
    },
  );
});

test('an address with thousands of names is refused before it is looked at', async () => {
  const names = Array.from({ length: 4000 }, (_, n) => n.toString(36)).join('&');
  for (const path of ['/healthz', '/readyz', '/api/telesales/me', '/api/telesales/reports/dashboard', '/nowhere']) {
    const answer = await ask(admin, `${path}?${names}`);
    expect([path, answer.status]).toEqual([path, 422]);
  }
  const told = await ask(admin, `/api/telesales/reports/dashboard?${names}`);
  expect(await told.json()).toMatchObject({ errors: { query: [expect.stringContaining('1000')] } });
  const many = Array.from({ length: 900 }, (_, n) => `agent_ids[]=${n + 1}`).join('&');
  const june = 'date_from=2026-06-01&date_to=2026-06-07';
  expect((await ask(admin, `/api/telesales/reports/dashboard?${june}&${many}`)).status).toBe(200);
});

test('the API document is made once, and few of it are given to whoever has no token', async () => {
  const [one, other] = await Promise.all([ask(undefined, '/api/openapi.json'), ask(admin, '/api/docs/json')]);
  const text = await one.text();
  expect(await other.text()).toBe(text);
  expect(JSON.parse(text).openapi).toBe('3.1.0');
  const headers = { 'if-none-match': one.headers.get('etag') ?? '' };
  expect((await fetch(`${floor.url}/api/openapi.json`, { headers })).status).toBe(304);
  // What is asked for behind an answer that does not end waits for it.
  const campaign = '{"campaign_id":1,"name":"One"}';
  await floor.send(`${ingesting}`, '/api/telesales/ingest/campaigns', campaign, {
    'content-type': 'application/x-ndjson',
  });
  const stream = `GET /api/telesales/reports/abandon-rate/stream?campaign_id=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${admin}\r\n\r\n`;
  const before = floor.memoryMb();
  const sockets = Array.from({ length: 6 }, () => {
    const socket = connect({ port: Number(new URL(floor.url).port), host: '127.0.0.1' });
    socket.on('error', () => {});
    socket.pause();
    socket.write(stream + 'GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(15));
    return socket;
  });
  await sleep(1000);
  const refused = await ask(undefined, '/api/openapi.json');
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([429, 'TOO_MANY_ANSWERS']);
  expect((await ask(undefined, '/healthz')).status).toBe(200);
  expect((await ask(admin, '/api/telesales/me')).status).toBe(200);
  expect(floor.memoryMb() - before).toBeLessThan(300);
  for (const socket of sockets) socket.destroy();
  await expect.poll(async () => (await ask(undefined, '/api/openapi.json')).status).toBe(200);
  const packed = await new Promise<Buffer>((resolve) => {
    const socket = connect({ port: Number(new URL(floor.url).port), host: '127.0.0.1' });
    const pieces: Buffer[] = [];
    socket.on('data', (piece) => pieces.push(piece)).on('close', () => resolve(Buffer.concat(pieces)));
    socket.write('GET /api/openapi.json HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n');
  });
  expect(gunzipSync(packed.subarray(packed.indexOf('\r\n\r\n') + 4)).toString()).toBe(text);
});

test('a file is made by GET alone: of nothing else is written down that it was', async () => {
  const june = 'date_from=2026-06-01&date_to=2026-06-07';
  const path = '/api/telesales/reports/dashboard/export';
  expect((await ask(admin, `${path}?${june}`, 'HEAD')).status).toBe(405);
  expect((await ask(admin, `/api/telesales/reports/dashboard?${june}&format=csv`, 'HEAD')).status).toBe(405);
  const listed = async () => {
    const answer = await ask(admin, '/api/telesales/audit/exports');
    return ((await answer.json()) as { data: { report: string; outcome: string }[] }).data;
  };
  expect((await ask(admin, `${path}?${june}`)).status).toBe(200);
  await expect.poll(listed).toMatchObject([{ report: 'dashboard', outcome: 'complete' }]);
});
