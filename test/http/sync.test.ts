import { afterAll, beforeAll, expect, test } from 'vitest';
import { dial, openSite, openTestStore, type Site } from './app.ts';

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory);
});
afterAll(async () => {
  await site.app.close();
  await held.close();
});

const path = '/api/telesales/sync-state';
const find = async (token: string, source: string) => (await site.get(`${path}?source=${source}`, token)).json().data;
const keep = (token: string, payload: object) =>
  site.app.inject({ method: 'PUT', url: path, headers: { authorization: `Bearer ${token}` }, payload });

test('a sync finds what it kept; each source and tenant for itself', async () => {
  const token = await site.token('ingest');
  expect(await find(token, 'a')).toEqual({ state: '', revision: 0 });
  const state = JSON.stringify({ settled: '2026-06-01 00:00:00', quote: '"\\\'' });
  expect((await keep(token, { source: 'a', state, revision: 0 })).json()).toEqual({ data: { revision: 1 } });
  expect(await find(token, 'a')).toEqual({ state, revision: 1 });
  expect(await find(token, 'b')).toEqual({ state: '', revision: 0 });
  expect(await find(await site.token('ingest', { tenant: 2 }), 'a')).toEqual({ state: '', revision: 0 });
});

test('two syncs of one source: the one that does not know the last state is told', async () => {
  const token = await site.token('ingest', { tenant: 3 });
  const answers = await Promise.all([1, 2, 3].map((n) => keep(token, { source: 'a', state: `of ${n}`, revision: 0 })));
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409]);
  expect(answers.find(({ statusCode }) => statusCode === 409)?.json()).toMatchObject({ code: 'SYNC_CONFLICT' });
  expect(await find(token, 'a')).toMatchObject({ revision: 1 });
});

test('whoever takes no data in may not, and what is no state is named', async () => {
  expect((await site.get(`${path}?source=a`, await site.token('read_only'))).statusCode).toBe(403);
  const token = await site.token('ingest');
  expect((await site.get(path, token)).json().errors).toHaveProperty('source');
  expect((await keep(token, { source: 'a', revision: 'x' })).json().errors).toEqual({
    state: [expect.any(String)],
    revision: [expect.any(String)],
  });
});

test('of calls that are in, those that were not sent again can be dropped: by their tenant, as they were', async () => {
  const tenant = 5;
  const token = await site.token('ingest', { tenant });
  const of = (id: string, minute: number, details = {}) =>
    dial({ call_id: id, campaign_id: 43, started_at: `2026-06-01T09:0${minute}:00Z`, ...details });
  await site.ingest('calls', [of('a', 1), of('b', 2), of('c', 3)], tenant);
  await site.ingest('calls', [of('a', 1)], 6);
  const period = { from: Date.parse('2026-06-01T00:00:00Z'), to: Date.parse('2026-06-02T00:00:00Z') };
  const post = async (url: string, payload: object, as = token) =>
    site.app.inject({ method: 'POST', url, headers: { authorization: `Bearer ${as}` }, payload });
  const findCalls = async (ids: string[], as = token) =>
    (await post('/api/telesales/sync-calls', { ids, ...period }, as)).json().data as { call_id: string }[];
  const before = await findCalls(['a', 'b', 'x']);
  expect(before.map(({ call_id: id }) => id).sort()).toEqual(['a', 'b']);
  expect(await findCalls(['a'], await site.token('ingest', { tenant: 7 }))).toEqual([]);
  // One that came again stands; one of another start is another call.
  await site.ingest('calls', [of('a', 1, { talk_sec: 9 }), of('b', 4)], tenant);
  const drop = (calls: object[], as = token) => post('/api/telesales/sync-calls/drop', { calls, ...period }, as);
  expect((await drop(before, await site.token('ingest', { tenant: 6 }))).json()).toEqual({ data: { dropped: 0 } });
  expect((await drop(before)).json()).toEqual({ data: { dropped: 1 } });
  expect((await drop(before)).json()).toEqual({ data: { dropped: 0 } });
  expect((await findCalls(['a', 'b', 'c'])).map(({ call_id: id }) => id).sort()).toEqual(['a', 'b', 'c']);
  expect(await findCalls(['a'], await site.token('ingest', { tenant: 6 }))).toHaveLength(1);
  const reader = await site.token('read_only', { tenant });
  expect((await drop(before, reader)).statusCode).toBe(403);
  expect((await post('/api/telesales/sync-calls', { ids: ['a'], from: 'x', to: 1 })).statusCode).toBe(422);
  expect((await post('/api/telesales/sync-calls', { ids: 'a', ...period })).json().errors).toHaveProperty('ids');
  expect((await drop([{ key: 1 }])).json().errors).toHaveProperty('calls');
});

test('the lines of an import that were refused are told to whoever sent it, without what stood there', async () => {
  const token = await site.token('ingest', { tenant: 8 });
  const payload = [
    dial({ call_id: 'a' }),
    dial({ call_id: 'b', campaign_id: 'none' }),
    dial({ call_id: 'c', outcome: 'gone' }),
  ]
    .map((row) => JSON.stringify(row))
    .join('\n');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' };
  const sent = await site.app.inject({ method: 'POST', url: '/api/telesales/ingest/calls', headers, payload });
  const { import_id } = sent.json().data;
  const refused = `/api/telesales/sync-calls/refused?import_id=${import_id}`;
  expect((await site.get(refused, token)).json()).toEqual({ data: [2, 3] });
  expect((await site.get(refused, await site.token('ingest', { tenant: 9 }))).json()).toEqual({ data: [] });
  expect((await site.get(refused, await site.token('read_only', { tenant: 8 }))).statusCode).toBe(403);
  expect((await site.get('/api/telesales/sync-calls/refused', token)).json().errors).toHaveProperty('import_id');
});
