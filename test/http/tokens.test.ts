import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '../../src/sql.ts';
import { localKey, openSite, openTestStore, type Site } from './app.ts';

const start = Date.parse('2026-06-01T00:00:00Z');
const dayMs = 86_400_000;

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let now = start;
let admin: string;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => now });
  admin = await site.token('admin');
}, 60_000);

afterAll(async () => {
  await site.app.close();
  await held.close();
}, 60_000);

beforeEach(() => {
  now = start;
});

interface Shown {
  token_id: number;
  role: string;
  team_id: number | null;
  agent_id: number | null;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  token?: string;
}

async function make(payload: object, as = admin) {
  const made = await site.app.inject({
    method: 'POST',
    url: '/api/telesales/tokens',
    headers: { authorization: `Bearer ${as}` },
    payload,
  });
  return { status: made.statusCode, body: made.json(), data: made.json().data as Shown & { token: string } };
}

async function revoke(id: number) {
  const ended = await site.app.inject({
    method: 'DELETE',
    url: `/api/telesales/tokens/${id}`,
    headers: { authorization: `Bearer ${admin}` },
  });
  return { status: ended.statusCode, data: ended.json().data as Shown };
}

const list = async (on = site): Promise<Shown[]> => (await on.get('/api/telesales/tokens', admin)).json().data;
const works = async (token: string, on = site) => (await on.get('/api/telesales/me', token)).statusCode === 200;

test('a new token works at once, with its role and its part of the tenant', async () => {
  const { status, data } = await make({ role: 'supervisor', team_id: 7 });
  expect(status).toBe(201);
  expect(data).toMatchObject({
    tenant_id: 1,
    role: 'supervisor',
    team_id: 7,
    agent_id: null,
    expires_at: null,
    revoked_at: null,
  });
  const me = (await site.get('/api/telesales/me', data.token)).json().data;
  expect(me).toMatchObject({ role: 'supervisor', team_id: 7, agent_id: null, tenant: { tenant_id: 1 } });
  expect(me.may).toEqual(['reports', 'exports', 'abandon_rate']);
});

test('a token is shown once, and never the same twice', async () => {
  const tokens = await Promise.all(Array.from({ length: 5 }, () => make({ role: 'read_only' })));
  const texts = tokens.map(({ data }) => data.token);
  expect(new Set(texts).size).toBe(5);
  expect(new Set(tokens.map(({ data }) => data.token_id)).size).toBe(5);
  for (const text of texts) expect(text).toMatch(/^dt_[\w-]{43}$/);
  const shown = JSON.stringify(await list());
  for (const text of texts) {
    expect(shown).not.toContain(text);
    expect(shown).not.toContain(createHash('sha256').update(text).digest('hex'));
  }
});

test('only the hash of a token is kept', async () => {
  const { data } = await make({ role: 'read_only' });
  const rows = await site.store.query<Record<string, unknown>>(
    sql`SELECT * EXCEPT version FROM tokens WHERE token_id = {id:UInt64}`.bind({ id: data.token_id }),
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.token_hash).toBe(createHash('sha256').update(data.token).digest('hex'));
  expect(JSON.stringify(rows)).not.toContain(data.token.slice(3));
});

test('the list is in the order of making, without other tenants', async () => {
  await site.token('admin', { tenant: 2 });
  const { data } = await make({ role: 'ingest' });
  const ids = (await list()).map((token) => token.token_id);
  expect(ids).toEqual([...ids].sort((one, other) => one - other));
  expect(ids.at(-1)).toBe(data.token_id);
});

test('a revoked token is refused from then on, and stays in the list', async () => {
  const { data } = await make({ role: 'read_only' });
  expect(await works(data.token)).toBe(true);
  now += 1000;
  const ended = await revoke(data.token_id);
  expect(ended.status).toBe(200);
  expect(Date.parse(ended.data.revoked_at ?? '')).toBeGreaterThanOrEqual(now);
  expect(await works(data.token)).toBe(false);
  expect((await list()).find((token) => token.token_id === data.token_id)?.revoked_at).toBe(ended.data.revoked_at);
});

test('revoking twice changes nothing, revoking nobody is a 404', async () => {
  const { data } = await make({ role: 'read_only' });
  const first = await revoke(data.token_id);
  now += dayMs;
  expect((await revoke(data.token_id)).data.revoked_at).toBe(first.data.revoked_at);
  expect((await revoke(0)).status).toBe(404);
  expect((await revoke(123_456)).status).toBe(404);
});

test('an admin may end the own token, which ends at once', async () => {
  const other = (await make({ role: 'admin' })).data;
  const ended = await site.app.inject({
    method: 'DELETE',
    url: `/api/telesales/tokens/${other.token_id}`,
    headers: { authorization: `Bearer ${other.token}` },
  });
  expect(ended.statusCode).toBe(200);
  expect((await make({ role: 'read_only' }, other.token)).status).toBe(401);
});

test.each([
  ['90d', 90 * dayMs],
  ['12h', dayMs / 2],
  ['30m', 1_800_000],
])('a token that expires in %s lives that long', async (expires, lifeMs) => {
  const { data } = await make({ role: 'read_only', expires });
  const life = Date.parse(data.expires_at ?? '') - Date.parse(data.created_at);
  expect(Math.abs(life - lifeMs)).toBeLessThan(1000);
});

test('a token works until the instant it expires', async () => {
  const { data } = await make({ role: 'read_only', expires: '12h' });
  const end = Date.parse(data.expires_at ?? '');
  now = end - 1;
  expect(await works(data.token)).toBe(true);
  now = end;
  expect(await works(data.token)).toBe(false);
  now = end + dayMs;
  expect(await works(data.token)).toBe(false);
});

test('a token that expires as late as can be said does not expire early, also after a restart', async () => {
  const { data } = await make({ role: 'read_only', expires: '99999d' });
  expect(Date.parse(data.expires_at ?? '')).toBeGreaterThan(start + 99_998 * dayMs);
  const again = await openSite(held.store, held.directory, { now: () => now });
  expect((await list(again)).find((token) => token.token_id === data.token_id)?.expires_at).toBe(data.expires_at);
  expect(await works(data.token, again)).toBe(true);
  await again.app.close();
});

test('tokens, expiries and revocations outlive the process', async () => {
  const kept = (await make({ role: 'read_only' })).data;
  const brief = (await make({ role: 'read_only', expires: '30m' })).data;
  const ended = (await make({ role: 'read_only' })).data;
  await revoke(ended.token_id);
  const again = await openSite(held.store, held.directory, { now: () => now });
  expect(await list(again)).toEqual(await list());
  expect([await works(kept.token, again), await works(brief.token, again), await works(ended.token, again)]).toEqual([
    true,
    true,
    false,
  ]);
  now = Date.parse(brief.expires_at ?? '');
  expect([await works(kept.token, again), await works(brief.token, again)]).toEqual([true, false]);
  await again.app.close();
});

test.each([
  [{}, ['role']],
  [{ role: 'boss' }, ['role']],
  [{ role: 'agent' }, ['agent_id']],
  [{ role: 'agent', agent_id: 0 }, ['agent_id']],
  [{ role: 'agent', agent_id: 25, team_id: 1 }, ['team_id']],
  [{ role: 'admin', team_id: 1 }, ['team_id']],
  [{ role: 'read_only', agent_id: 25 }, ['agent_id']],
  [{ role: 'supervisor', team_id: 'x' }, ['team_id']],
  [{ role: 'read_only', expires: '0d' }, ['expires']],
  [{ role: 'read_only', expires: '-1d' }, ['expires']],
  [{ role: 'read_only', expires: '90' }, ['expires']],
  [{ role: 'boss', team_id: -1, agent_id: 1.5, expires: 'never' }, ['role', 'team_id', 'agent_id', 'expires']],
])('%j makes no token', async (payload, fields) => {
  const before = await list();
  const { status, body } = await make(payload);
  expect(status).toBe(422);
  expect(Object.keys(body.errors)).toEqual(fields);
  expect(await list()).toEqual(before);
});

test('the local key is no token of the list', async () => {
  expect(JSON.stringify(await list())).not.toContain(localKey);
  expect((await list()).every((token) => token.role !== 'operator')).toBe(true);
});

test('the local key lists and ends the tokens of every tenant, an admin of one tenant never does', async () => {
  const theirs = await site.token('read_only', { tenant: 3 });
  const all: { token_id: number; tenant_id: number }[] = (await site.get('/api/operator/tokens', localKey)).json().data;
  expect(new Set(all.map((token) => token.tenant_id))).toEqual(new Set([1, 2, 3]));
  expect((await site.get('/api/operator/tokens', admin)).statusCode).toBe(403);
  const end = (id: string, as: string) =>
    site.app.inject({
      method: 'DELETE',
      url: `/api/operator/tokens/${id}`,
      headers: { authorization: `Bearer ${as}` },
    });
  const last = String(all.at(-1)?.token_id);
  expect((await end(last, admin)).statusCode).toBe(403);
  expect(await works(theirs)).toBe(true);
  expect((await end(last, localKey)).statusCode).toBe(200);
  expect(await works(theirs)).toBe(false);
  for (const id of ['999999', '0', 'x', '1e3', '-1']) expect((await end(id, localKey)).statusCode, id).toBe(404);
});
