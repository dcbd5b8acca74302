import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChangeRecord, recordRestore } from '../../src/access/change-log.ts';
import { localKey, openSite, openTestStore, type Site, talk } from '../http/app.ts';

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let now = Date.parse('2026-06-10T12:00:00Z');

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => (now += 1000) });
});
afterAll(async () => {
  await site.app.close();
  await held.close();
});

const ask = (method: 'POST' | 'PUT' | 'DELETE', url: string, token: string, payload?: object) =>
  site.app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}`, 'dialtally-tenant': '1' },
    ...(payload && { payload }),
  });
const changes = async (token: string, query = '') =>
  (await site.get(`/api/telesales/audit/changes${query}`, token)).json<{ data: ChangeRecord[] }>().data;

test('tokens, settings, purges and names are written down: who, what, when', async () => {
  const admin = await site.token('admin');
  const [{ token_id: adminId } = { token_id: 0 }] = (await site.get('/api/telesales/tokens', admin)).json().data;
  const made = await ask('POST', '/api/telesales/tokens', admin, { role: 'agent', agent_id: 7, expires: '1d' });
  const { token, token_id, expires_at } = made.json().data;
  await ask('DELETE', `/api/telesales/tokens/${token_id}`, admin);
  await ask('PUT', '/api/telesales/settings', admin, { health: { min_dials: 30 } });
  await ask('PUT', '/api/operator/tenant', localKey, { name: 'Acme', timezone: 'Asia/Ho_Chi_Minh' });
  await site.ingest('calls', [talk({ lead_id: 5 }), talk({})]);
  await ask('POST', '/api/telesales/purge', admin, { lead: 5 });
  await ask('POST', '/api/telesales/purge', admin, { table: 'calls', from: '2026-06-01', to: '2026-06-30' });
  await recordRestore(held.store, now + 1000, { taken_at: '2026-06-01T00:00:00.000Z', version: '1.0.0' });
  now += 1000;

  const found = await changes(admin);
  const byAdmin = { token_id: adminId, role: 'admin', changed_at: expect.stringMatching(/^2026-06-10T12:.*Z$/) };
  const byOperator = { ...byAdmin, token_id: null, role: 'operator' };
  const purged = { refused_rows: 0, names: 0, gone: true };
  expect(found).toEqual([
    {
      ...byOperator,
      action: 'restore.done',
      details: { taken_at: '2026-06-01T00:00:00.000Z', version: '1.0.0' },
    },
    {
      ...byAdmin,
      action: 'purge.done',
      details: {
        of: 'window',
        from: '2026-06-01T00:00:00.000Z',
        to: '2026-07-01T00:00:00.000Z',
        campaign_id: null,
        calls: 1,
        leads: 0,
        ...purged,
      },
    },
    { ...byAdmin, action: 'purge.done', details: { of: 'lead', calls: 1, leads: 0, ...purged } },
    { ...byOperator, action: 'tenant.named', details: { name: 'Acme', timezone: 'Asia/Ho_Chi_Minh' } },
    {
      ...byAdmin,
      action: 'setting.changed',
      details: { name: 'health.min_dials', old_value: 20, new_value: 30 },
    },
    { ...byAdmin, action: 'token.ended', details: { token_id } },
    {
      ...byAdmin,
      action: 'token.created',
      details: { token_id, role: 'agent', team_id: null, agent_id: 7, expires_at },
    },
    {
      ...byOperator,
      action: 'token.created',
      details: { token_id: adminId, role: 'admin', team_id: null, agent_id: null, expires_at: null },
    },
  ]);
  expect(JSON.stringify(found)).not.toContain(token);
  expect(await changes(admin, '?limit=1')).toEqual(found.slice(0, 1));
  expect(await changes(admin, '?to=2026-06-09')).toEqual([]);
});

test('another tenant sees its own changes and restores, and only an admin sees any', async () => {
  const other = await site.token('admin', { tenant: 2 });
  expect((await changes(other)).map(({ action }) => action).sort()).toEqual(['restore.done', 'token.created']);
  for (const role of ['supervisor', 'read_only', 'ingest'] as const)
    expect((await site.get('/api/telesales/audit/changes', await site.token(role))).statusCode).toBe(403);
});

test('a token of anywhere that the operator ends is in the log of its tenant', async () => {
  const admin = await site.token('admin', { tenant: 3 });
  const [{ token_id } = { token_id: 0 }] = (await site.get('/api/telesales/tokens', admin)).json().data;
  const another = await site.token('admin', { tenant: 3 });
  await ask('DELETE', `/api/operator/tokens/${token_id}`, localKey);
  const [last] = await changes(another);
  expect(last).toMatchObject({ action: 'token.ended', token_id: null, role: 'operator', details: { token_id } });
});
