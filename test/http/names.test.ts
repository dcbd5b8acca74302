import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, openTestStore, type Site } from './app.ts';

let site: Site;
let close: () => Promise<void>;

beforeAll(async () => {
  const opened = await openTestStore();
  close = opened.close;
  site = await openSite(opened.store, opened.directory);
});
afterAll(async () => {
  await site.app.close();
  await close();
});

const post = async (token: string, payload: unknown) =>
  site.app.inject({
    method: 'POST',
    url: '/api/telesales/ids',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    payload: JSON.stringify(payload),
  });

test('whoever takes data in gets ids for names, each tenant its own', async () => {
  const [ingest, other] = [await site.token('ingest'), await site.token('ingest', { tenant: 2 })];
  const answer = await post(ingest, { kind: 'campaign', names: ['TESTCAMP', '__proto__', ' '] });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({
    data: [
      { name: 'TESTCAMP', id: 1 },
      { name: '__proto__', id: 2 },
    ],
  });
  expect((await post(other, { kind: 'campaign', names: ['__proto__'] })).json()).toEqual({
    data: [{ name: '__proto__', id: 1 }],
  });
});

test('an admin reads them page by page; nobody else does', async () => {
  const admin = await site.token('admin');
  await post(admin, { kind: 'team', names: ['A', 'B', 'C'] });
  const page = await site.get('/api/telesales/ids?kind=team&after=1&limit=1', admin);
  expect(page.json()).toEqual({ data: [{ name: 'B', id: 2 }] });
  for (const role of ['ingest', 'read_only', 'supervisor'] as const) {
    const refused = await site.get('/api/telesales/ids?kind=team', await site.token(role));
    expect(refused.statusCode).toBe(403);
  }
  expect((await post(await site.token('read_only'), { kind: 'team', names: ['D'] })).statusCode).toBe(403);
});

test('what can not be a list of names is told by field', async () => {
  const admin = await site.token('admin');
  const bad: [unknown, string][] = [
    [{ kind: 'phone', names: ['A'] }, 'kind'],
    [{ names: ['A'] }, 'kind'],
    [{ kind: 'team' }, 'names'],
    [{ kind: 'team', names: 'A' }, 'names'],
    [{ kind: 'team', names: [1] }, 'names'],
    [{ kind: 'team', names: ['x'.repeat(1001)] }, 'names'],
    [{ kind: 'team', names: Array.from({ length: 10_001 }, String) }, 'names'],
  ];
  for (const [body, field] of bad) {
    const answer = await post(admin, body);
    expect(answer.statusCode).toBe(422);
    expect(Object.keys(answer.json<{ errors: object }>().errors)).toEqual([field]);
  }
  for (const body of [null, [], 'text', 7]) expect((await post(admin, body)).statusCode).toBe(422);
});
