import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/sql.ts';
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
    [{ kind: 'team', names: ['A', '\u0000'] }, 'names'],
    [{ kind: 'team', names: ['A\nB'] }, 'names'],
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

test('an admin finds the lead that a phone number became, however it is written; nobody else does', async () => {
  const ask = async (token: string, payload: object) =>
    site.app.inject({
      method: 'POST',
      url: '/api/telesales/ids/phone',
      headers: { authorization: `Bearer ${token}` },
      payload,
    });
  const admin = await site.token('admin');
  const mapping = {
    table: 'calls',
    columns: {
      call_id: 'id',
      campaign_id: { value: '1' },
      started_at: 'at',
      outcome: { value: 'busy' },
      lead_id: { from: 'to', as: 'phone', country_code: '84' },
    },
  };
  await site.app.inject({
    method: 'POST',
    url: '/api/telesales/ingest/mapped',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/octet-stream' },
    payload: `${JSON.stringify(mapping)}\nid,at,to\nc1,2026-06-01T09:00:00Z,0912 345 678\n`,
  });
  const [call] = await site.store.query<{ lead_id: number }>(sql`SELECT lead_id FROM calls FINAL WHERE call_id = 'c1'`);
  for (const phone of ['0912345678', '+84912345678', '0084 912 345 678']) {
    expect((await ask(admin, { phone, country_code: '84' })).json()).toEqual({ data: call });
  }
  const other = await site.token('admin', { tenant: 2 });
  expect((await ask(other, { phone: '0912345678', country_code: '84' })).json()).not.toEqual({ data: call });
  const refused: [object, string][] = [
    [{ phone: 'x' }, 'phone'],
    [{ phone: '0912345678\n0912345679' }, 'phone'],
    [{ phone: '0912345678 0912345679' }, 'phone'],
    [{ phone: '0912345678', country_code: 'abc' }, 'country_code'],
    [{ phone: '0912345678', country_code: '084' }, 'country_code'],
    [{ phone: '0912345678', dial_prefix: 'x' }, 'dial_prefix'],
  ];
  for (const [payload, field] of refused) {
    const answer = await ask(admin, payload);
    expect(answer.statusCode).toBe(422);
    expect(Object.keys(answer.json<{ errors: object }>().errors)).toEqual([field]);
  }
  expect((await ask(await site.token('ingest'), { phone: '0912345678' })).statusCode).toBe(403);
});
