import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/engine/report.ts';
import { reports } from '../../src/reports/index.ts';
import { answer } from '../oracle/plain/answer.ts';
import type { Row, Sending, Table } from '../oracle/plain/world.ts';
import { requiredOf, variantsOf } from '../questions.ts';
import { dial, openSite, openTestStore, reportUrl, type SentRow, type Site, talk } from './app.ts';

const now = Date.parse('2026-06-20T00:00:00Z');
const june = { date_from: '2026-06-01', date_to: '2026-06-10' };

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
const admins = new Map<number, string>();

/** All that was taken in, for the plain computations. */
const sendings: Sending[] = [];

/**
 * A tenant's whole world, with the ids that every other tenant has too; `weight` says how often each thing happened, so
 * that one tenant's numbers can't be taken for another's.
 */
async function settle(tenant: number, weight: number): Promise<void> {
  const times = (make: (index: number) => Row) => Array.from({ length: weight }, (_, index) => make(index));
  const rows: Record<Table, Row[]> = {
    campaigns: [{ campaign_id: 43, name: `Campaign of ${tenant}` }],
    teams: [{ team_id: 1, name: `Team of ${tenant}` }],
    agents: [{ agent_id: 25, name: `Agent of ${tenant}`, username: `u${tenant}`, team_id: 1 }],
    dispositions: [{ code: 'sale', label: `Sale of ${tenant}`, is_conversion: tenant === 1 }],
    caller_ids: [{ cid: '0900', display_name: `Line of ${tenant}` }],
    leads: times((index) => ({
      lead_id: index + 1,
      campaign_id: 43,
      source: `source of ${tenant}`,
      created_at: '2026-06-02T00:00:00Z',
    })),
    calls: times((index) => ({
      ...(talk({
        agent_id: 25,
        cid: '0900',
        lead_id: index + 1,
        disposition_code: 'sale',
        talk_sec: 60 + tenant,
      }) as Row),
      call_id: `same-${index}`, // the same calls, by campaign, start and id
    })),
  };
  for (const [table, sent] of Object.entries(rows) as [Table, Row[]][]) {
    await site.ingest(table, sent, tenant);
    sendings.push(...sent.map((row) => ({ tenant_id: tenant, table, row, taken_in_at: new Date(now).toISOString() })));
  }
}

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => now });
  for (const tenant of [1, 2, 3]) admins.set(tenant, await site.token('admin', { tenant }));
}, 60_000);

afterAll(async () => {
  await site.app.close();
  await held.close();
}, 60_000);

const admin = (tenant: number) => admins.get(tenant) ?? '';
const asked = (report: Report) => requiredOf(report, { ...june, campaign_id: 43 });

/** Every report with every value of its own parameters. */
const questions = reports.flatMap((report) =>
  variantsOf(report).map((own) => ({ report: report.name, params: { ...asked(report), ...own } })),
);
const everyReport = async (token: string, headers = {}) =>
  Promise.all(
    questions.map(async ({ report, params }) => (await site.get(reportUrl(report, params), token, headers)).json()),
  );

describe('two tenants with the same ids everywhere', () => {
  let alone: unknown[];

  beforeAll(async () => {
    await settle(1, 3);
    alone = await everyReport(admin(1));
    await settle(2, 5);
  }, 60_000);

  test('what one tenant sees is what it saw before the other came', async () => {
    expect(await everyReport(admin(1))).toEqual(alone);
  });

  test.each([1, 2])('each report shows tenant %d what its own rows come to', async (tenant) => {
    const own = sendings.filter(({ tenant_id }) => tenant_id === tenant);
    const world = { now: new Date(now).toISOString(), sendings: own };
    for (const [index, found] of (await everyReport(admin(tenant))).entries()) {
      const question = questions[index]!;
      const truth = answer(world, { ...question, tenant_id: tenant });
      expect(found.data, JSON.stringify(question)).toEqual(truth);
    }
  });

  test('a tenant without rows sees nothing of either', async () => {
    const answers = JSON.stringify(await everyReport(admin(3)));
    expect(answers).not.toMatch(/ of [12]|same-/);
    expect((await site.get(reportUrl('dashboard', june), admin(3))).json().data.total_dials).toBe(0);
    for (const list of ['campaigns', 'teams', 'agents', 'ingest/refused']) {
      expect((await site.get(`/api/telesales/${list}`, admin(3))).json(), list).toEqual({ data: [] });
    }
  });

  test('files hold only the own rows', async () => {
    for (const report of reports) {
      const csv = (await site.get(reportUrl(`${report.name}/export`, asked(report)), admin(1))).body;
      expect(csv, report.name).not.toContain('of 2');
    }
  });

  test('filter bars list the own names', async () => {
    for (const list of ['campaigns', 'teams', 'agents', 'agents?q=of']) {
      const names = (await site.get(`/api/telesales/${list}`, admin(2))).json().data.map((row: SentRow) => row.name);
      expect(names, list).toEqual([expect.stringMatching(/ of 2$/)]);
    }
    expect((await site.get('/api/telesales/me', admin(2))).json().data.tenant.tenant_id).toBe(2);
  });

  test('the header that names a tenant means nothing beside an ordinary token', async () => {
    const headers = { 'dialtally-tenant': '2' };
    expect(await everyReport(admin(1), headers)).toEqual(alone);
    expect((await site.get('/api/telesales/me', admin(1), headers)).json().data.tenant.tenant_id).toBe(1);
    const before = (await site.get(reportUrl('dashboard', june), admin(2))).json();
    const sent = await site.app.inject({
      method: 'POST',
      url: '/api/telesales/ingest/teams',
      headers: { authorization: `Bearer ${admin(1)}`, 'content-type': 'application/x-ndjson', ...headers },
      payload: '{"team_id":77,"name":"Sent by 1"}',
    });
    expect(sent.json().data.taken_in).toBe(1);
    const teams = async (tenant: number) => (await site.get('/api/telesales/teams', admin(tenant))).body;
    expect(await teams(1)).toContain('Sent by 1');
    expect(await teams(2)).not.toContain('Sent by 1');
    expect((await site.get(reportUrl('dashboard', june), admin(2))).json()).toEqual(before);
  });

  test('a column that names a tenant is an unknown column', async () => {
    const sent = await site.app.inject({
      method: 'POST',
      url: '/api/telesales/ingest/teams?tenant_id=2&tenant=2',
      headers: { authorization: `Bearer ${admin(1)}`, 'content-type': 'application/x-ndjson' },
      payload: '{"tenant_id":2,"team_id":78,"name":"Smuggled"}',
    });
    expect(sent.json().data.unknown_columns).toEqual(['tenant_id']);
    expect((await site.get('/api/telesales/teams', admin(2))).body).not.toContain('Smuggled');
  });

  test('a row sent again by one tenant replaces nothing of the other', async () => {
    const before = await everyReport(admin(2));
    await site.ingest('agents', [{ agent_id: 25, name: 'Renamed by 1' }]);
    await site.ingest('leads', [{ lead_id: 1, campaign_id: 99, source: 'moved', created_at: '2026-06-02T00:00:00Z' }]);
    await site.ingest('calls', [{ ...dial({ agent_id: 25 }), call_id: 'same-0' }]);
    expect(await everyReport(admin(2))).toEqual(before);
    expect(await everyReport(admin(1))).not.toEqual(alone);
  });
});

describe('tokens', () => {
  test('are listed and ended by their own tenant alone', async () => {
    const theirs = await site.token('read_only', { tenant: 2 });
    const list = async (tenant: number) =>
      (await site.get('/api/telesales/tokens', admin(tenant))).json().data as { token_id: number; tenant_id: number }[];
    const own = await list(1);
    expect(own.map((token) => token.tenant_id)).toEqual(own.map(() => 1));
    const ids = (await list(2)).map((token) => token.token_id);
    const end = (tenant: number, id: number | string, headers = {}) =>
      site.app.inject({
        method: 'DELETE',
        url: `/api/telesales/tokens/${id}`,
        headers: { authorization: `Bearer ${admin(tenant)}`, ...headers },
      });
    const nobodys = (await end(1, 999_999)).json().message.replace('999999', 'N');
    for (const id of ids) {
      const refused = await end(1, id, { 'dialtally-tenant': '2' });
      expect(refused.statusCode).toBe(404);
      expect(refused.json().message.replace(String(id), 'N')).toBe(nobodys);
    }
    expect((await site.get('/api/telesales/me', theirs)).statusCode).toBe(200);
    expect((await site.get('/api/telesales/me', admin(2))).statusCode).toBe(200);
    expect((await end(2, ids.at(-1) ?? 0)).statusCode).toBe(200);
    expect((await site.get('/api/telesales/me', theirs)).statusCode).toBe(401);
  });

  test('are made for the own tenant, whatever the body says', async () => {
    const made = await site.app.inject({
      method: 'POST',
      url: '/api/telesales/tokens',
      headers: { authorization: `Bearer ${admin(1)}`, 'dialtally-tenant': '2' },
      payload: { role: 'read_only', tenant_id: 2, tenant: 2, tenantId: 2 },
    });
    expect(made.json().data.tenant_id).toBe(1);
    const { token } = made.json().data;
    expect((await site.get('/api/telesales/me', token)).json().data.tenant.tenant_id).toBe(1);
  });

  test('no body makes an operator', async () => {
    for (const role of ['operator', 'Admin', 'root', ['admin', 'operator']]) {
      const made = await site.app.inject({
        method: 'POST',
        url: '/api/telesales/tokens',
        headers: { authorization: `Bearer ${admin(1)}` },
        payload: { role },
      });
      expect(made.statusCode, JSON.stringify(role)).toBe(422);
    }
  });
});

describe('refused rows', () => {
  test('are shown to the tenant that sent them', async () => {
    // The engine's own clock ends their 30 days, so these are sent today.
    const today = await openSite(held.store, held.directory);
    const send = async (tenant: number) =>
      (
        await today.app.inject({
          method: 'POST',
          url: '/api/telesales/ingest/agents',
          headers: { authorization: `Bearer ${admin(tenant)}`, 'content-type': 'application/x-ndjson' },
          payload: `{"agent_id":"x","name":"Refused of ${tenant}"}`,
        })
      ).json().data as { import_id: string; refused: number };
    const [one, two] = [await send(1), await send(2)];
    expect([one.refused, two.refused]).toEqual([1, 1]);
    const read = async (tenant: number, query = '') =>
      (await today.get(`/api/telesales/ingest/refused${query}`, admin(tenant), { 'dialtally-tenant': '2' })).json()
        .data as { row: SentRow }[];
    expect((await read(1)).map(({ row }) => row.name)).toEqual(['Refused of 1']);
    expect((await read(2)).map(({ row }) => row.name)).toEqual(['Refused of 2']);
    expect(await read(1, `?import_id=${two.import_id}`)).toEqual([]);
    expect(await read(1, `?import_id=${one.import_id}`)).toHaveLength(1);
    await today.app.close();
  });
});

describe('a purge', () => {
  const purge = (tenant: number, payload: object, headers = {}) =>
    site.app.inject({
      method: 'POST',
      url: '/api/telesales/purge',
      headers: { authorization: `Bearer ${admin(tenant)}`, ...headers },
      payload,
    });

  test('takes the own calls and leads, and none of another tenant', async () => {
    const before = await everyReport(admin(2));
    const calls = await purge(
      1,
      { table: 'calls', from: '2026-06-01', to: '2026-06-10', tenant: 2, tenant_id: 2 },
      { 'dialtally-tenant': '2' },
    );
    expect(calls.statusCode).toBe(200);
    expect(calls.json().data.calls).toBeGreaterThan(0);
    const lead = await purge(1, { lead: 2 });
    expect(lead.json().data).toMatchObject({ leads: 1 });
    expect((await site.get(reportUrl('dashboard', june), admin(1))).json().data.total_dials).toBe(0);
    expect(await everyReport(admin(2))).toEqual(before);
  }, 180_000);

  test('needs to know what', async () => {
    for (const payload of [{}, { table: 'leads' }, { table: 'calls' }, { lead: 'x' }, { lead: 1, table: 'calls' }]) {
      const refused = await purge(1, payload);
      expect(refused.statusCode).toBe(422);
      expect(Object.keys(refused.json().errors).length).toBeGreaterThan(0);
    }
  });
});
