import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, openTestStore, type Site } from './app.ts';

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
