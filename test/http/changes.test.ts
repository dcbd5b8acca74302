import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { openServer } from '../../src/store/server.ts';
import type { Store } from '../../src/store/store.ts';
import { type ClickHouseServer, serverMissing, startClickHouse } from '../clickhouse-server.ts';
import { localKey, openSite, openTestStore, type Site, talk } from './app.ts';
import { askToSignIn, linkFor, ownPage, signIn } from './browser.ts';

/** A client of the stream: the events that it got. */
async function openChanges(url: string, headers: Record<string, string>) {
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const answer = await fetch(`${url}/api/telesales/changes`, { headers, signal: leaving.signal });
  const events: { at: string }[] = [];
  let beats = 0;
  let wake = () => {};
  const reading = (async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      const whole = text.split('\n\n');
      text = whole.pop() ?? '';
      for (const event of whole) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data) events.push(JSON.parse(data));
        else if (event.startsWith(':')) beats++;
      }
      wake();
    }
  })().catch(() => {});
  return {
    answer,
    events,
    beats: () => beats,
    /** Resolves when it is over, whoever ended it. */
    ended: reading,
    /** Waits until it has got so many events. */
    async got(count: number) {
      while (events.length < count)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    },
    leave: () => leaving.abort(),
  };
}

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let url: string;
let tenant = 0;
let token: string;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { env: { STREAM_LIMIT: '3' } });
  url = await site.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await site.app.close();
  await held.close();
});
beforeEach(async () => {
  token = await site.token('admin', { tenant: ++tenant });
});

const listen = (bearer = token) => openChanges(url, { authorization: `Bearer ${bearer}` });
const ask = (method: 'POST' | 'PUT', path: string, payload: object, by = token) =>
  site.app.inject({ method, url: path, headers: { authorization: `Bearer ${by}` }, payload });
// Longer than what happens within a second is told together.
const quiet = () => sleep(1300);

describe('word of what changed', () => {
  test('comes at once, and whenever rows come in or are corrected', async () => {
    const client = await listen();
    expect(client.answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(client.answer.headers.get('cache-control')).toBe('no-store');
    await client.got(1);
    await site.ingest('calls', [talk({ call_id: 'a' })], tenant);
    await client.got(2);
    await site.ingest('calls', [talk({ call_id: 'a', talk_sec: 61 })], tenant);
    await client.got(3);
    await site.ingest('leads', [{ lead_id: 1, campaign_id: 43, created_at: '2026-06-01T00:00:00Z' }], tenant);
    await client.got(4);
    await quiet();
    expect(client.events).toHaveLength(4);
    const instants = client.events.map(({ at }) => at);
    expect(instants).toEqual([...instants].sort());
    expect(Math.abs(Date.parse(instants[0] ?? '') - Date.now())).toBeLessThan(60_000);
  });

  test('comes when rows are purged, and when settings change', async () => {
    await site.ingest('calls', [talk()], tenant);
    const client = await listen();
    await client.got(1);
    const purged = { table: 'calls', from: '2026-06-01', to: '2026-06-30' };
    expect((await ask('POST', '/api/telesales/purge', purged)).statusCode).toBe(200);
    await client.got(2);
    expect((await ask('PUT', '/api/telesales/settings', { health: { min_dials: 30 } })).statusCode).toBe(200);
    await client.got(3);
  });

  test('of many rows is told once a second, the last of them too', async () => {
    const client = await listen();
    await client.got(1);
    const from = performance.now();
    for (let n = 0; n < 30; n++) await site.ingest('calls', [talk()], tenant);
    await quiet();
    const seconds = (performance.now() - from) / 1000;
    expect(client.events.length).toBeGreaterThanOrEqual(2);
    expect(client.events.length).toBeLessThanOrEqual(seconds + 2);
    const told = client.events.length;
    await quiet();
    expect(client.events).toHaveLength(told);
  });

  test('is nothing but that: what another tenant does is not heard, and no refused row is a change', async () => {
    const client = await listen();
    await client.got(1);
    const other = await site.token('admin', { tenant: 1000 + tenant });
    await site.ingest('calls', [talk()], 1000 + tenant);
    await ask('PUT', '/api/telesales/settings', { health: { min_dials: 31 } }, other);
    await ask('PUT', '/api/telesales/settings', { health: { min_dials: -1 } });
    const sent = await site.app.inject({
      method: 'POST',
      url: '/api/telesales/ingest/calls',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      payload: '{"call_id":"x"}',
    });
    expect(sent.json().data.refused).toBe(1);
    await quiet();
    expect(client.events).toHaveLength(1);
  });

  test('comes to every screen, by token or session, and says nothing of the rows', async () => {
    const team = await site.token('supervisor', { tenant, team: 1 });
    const cookie = await signIn(site, token, { host: new URL(url).host });
    const clients = [await listen(), await listen(team), await openChanges(url, { cookie, ...ownPage })];
    for (const client of clients) await client.got(1);
    await site.ingest('calls', [talk({ call_id: 'secret' })], tenant);
    for (const client of clients) {
      await client.got(2);
      for (const event of client.events) expect(Object.keys(event)).toEqual(['at']);
    }
  });

  test('is for whoever may see reports', async () => {
    expect((await listen(await site.token('ingest', { tenant }))).answer.status).toBe(403);
    expect((await listen('dt_wrong')).answer.status).toBe(401);
    const named = { authorization: `Bearer ${localKey}`, 'dialtally-tenant': String(tenant) };
    expect((await openChanges(url, named)).answer.status).toBe(200);
  });
});

describe('a screen', () => {
  test('hears that the server is there while nothing happens', async () => {
    const client = await listen();
    while (client.beats() < 1) await sleep(50);
    expect(client.events).toHaveLength(1);
  });

  test('whose token ends is told no more', async () => {
    const client = await listen();
    await client.got(1);
    const [{ token_id } = { token_id: 0 }] = (await site.get('/api/telesales/tokens', token)).json().data;
    await site.app.inject({
      method: 'DELETE',
      url: `/api/telesales/tokens/${token_id}`,
      headers: { authorization: `Bearer ${token}` },
    });
    await client.ended;
    await site.ingest('calls', [talk()], tenant);
    await quiet();
    expect(client.events).toHaveLength(1);
  });

  test('that leaves makes room: a tenant has so many, whatever they are streams of', async () => {
    const clients = [await listen(), await listen(), await listen()];
    const refused = await listen();
    expect([refused.answer.status, refused.answer.headers.get('retry-after')]).toEqual([429, '1']);
    const another = await site.token('admin', { tenant: 1000 + tenant });
    expect((await listen(another)).answer.status).toBe(200);
    clients[0]?.leave();
    for (;;) {
      const next = await listen();
      if (next.answer.status === 200) break;
      await sleep(20);
    }
  });

  test('does not keep a server from stopping', async () => {
    const stopping = await openSite(held.store, held.directory);
    const at = await stopping.app.listen({ host: '127.0.0.1', port: 0 });
    const client = await openChanges(at, { authorization: `Bearer ${token}` });
    await client.got(1);
    await stopping.app.close();
    await client.ended;
  });
});

// Several servers on one store.
const missing = serverMissing();
describe.skipIf(missing)(missing ? `beside another server: ${missing}` : 'beside another server', () => {
  let clickhouse: ClickHouseServer;
  let store: Store;
  beforeAll(async () => {
    clickhouse = await startClickHouse();
    store = await openServer({ url: clickhouse.url });
    await migrate(store);
  });
  afterAll(async () => {
    await store?.close();
    clickhouse?.close();
  });

  test('what it takes in, purges and judges by is told here, and its sessions are good here', async () => {
    const open = async (name: string) => {
      const directory = join(held.directory, name);
      await mkdir(directory);
      const opened = await openSite(store, directory);
      onTestFinished(() => opened.app.close());
      return opened;
    };
    const [here, there] = [await open('here'), await open('there')];
    const at = await here.app.listen({ host: '127.0.0.1', port: 0 });
    const { host } = new URL(at);
    // At once, though servers look only now and then what the others made.
    const cookie = await signIn(there, await there.token('admin'), { host });
    const client = await openChanges(at, { cookie, ...ownPage });
    expect(client.answer.status).toBe(200);
    await client.got(1);
    await there.ingest('calls', [talk({ call_id: 'first' })]);
    await client.got(2);
    await there.ingest('calls', [talk()], 2);
    await sleep(3000);
    expect(client.events).toHaveLength(2);
    const asOperator = { authorization: `Bearer ${localKey}`, 'dialtally-tenant': '1' };
    const purge = { table: 'calls', from: '2026-06-01', to: '2026-06-30' };
    await there.app.inject({ method: 'POST', url: '/api/telesales/purge', headers: asOperator, payload: purge });
    await client.got(3);
    const payload = { health: { min_dials: 30 } };
    await there.app.inject({ method: 'PUT', url: '/api/telesales/settings', headers: asOperator, payload });
    await client.got(4);

    const link = await linkFor(there, { role: 'read_only' });
    const answers = await Promise.all([askToSignIn(there, link), askToSignIn(here, link)]);
    expect(answers.map(({ statusCode }) => statusCode)).toContain(201);
    for (const site of [here, there]) expect((await askToSignIn(site, link)).statusCode).toBe(401);

    const signedOut = { cookie, host, ...ownPage };
    await there.app.inject({ method: 'DELETE', url: '/api/telesales/session', headers: signedOut });
    await client.ended;
  });
});
