import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ExportRecord } from '../../src/access/export-log.ts';
import { fileFormatNames } from '../../src/engine/file-formats.ts';
import { reports } from '../../src/reports/index.ts';
import { localKey, openSite, openTestStore, reportUrl, type Site, talk } from '../http/app.ts';
import { requiredOf } from '../questions.ts';

const june = { date_from: '2026-06-01', date_to: '2026-06-10', timezone: 'Asia/Ho_Chi_Minh' };
const page = '/api/telesales/audit/exports';
const start = Date.parse('2026-06-10T12:00:00Z');

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let now = start;
let tenant = 10;
let admin: string;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => now });
});

afterAll(async () => {
  await site.app.close();
  await held.close();
});

beforeEach(async () => {
  tenant++;
  now = start;
  admin = await site.token('admin', { tenant });
  await site.ingest('campaigns', [{ campaign_id: 43, name: 'Renewals' }], tenant);
  await site.ingest('agents', [{ agent_id: 1, name: 'An', team_id: 3 }], tenant);
  await site.ingest('calls', [talk({ agent_id: 1 }), talk({ agent_id: 2 })], tenant);
});

const read = async (query = '', token = admin) =>
  (await site.get(page + query, token)).json<{ data: ExportRecord[] }>().data;

test('every file is written down: who, what, which window, how many rows, when', async () => {
  const supervisor = await site.token('supervisor', { tenant, team: 3 });
  now += 1000;
  const asked = { ...june, group_by: 'hour', campaign_id: 43, 'agent_ids[]': [1, 2] };
  const file = await site.get(reportUrl('time-series/export', asked), supervisor);
  const [record] = await read();
  expect(record).toEqual({
    export_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    token_id: expect.any(Number),
    role: 'supervisor',
    report: 'time-series',
    format: 'csv',
    campaign_id: 43,
    team_id: 3,
    agent_ids: [1, 2],
    timezone: 'Asia/Ho_Chi_Minh',
    window_from: '2026-05-31T17:00:00.000Z',
    window_to: '2026-06-10T17:00:00.000Z',
    params: { group_by: 'hour' },
    rows: 1,
    bytes: file.rawPayload.length,
    outcome: 'complete',
    started_at: '2026-06-10T12:00:01.000Z',
    ended_at: '2026-06-10T12:00:01.000Z',
  });
});

test('through both doors and in every format, the local key too; JSON is no export', async () => {
  for (const declared of reports) {
    const report = declared.name;
    const asked = requiredOf(declared, { ...june, campaign_id: 43 });
    for (const format of fileFormatNames) {
      for (const door of [report, `${report}/export`]) {
        now += 1000;
        const local = { 'dialtally-tenant': String(tenant) };
        expect((await site.get(reportUrl(door, { ...asked, format }), localKey, local)).statusCode).toBe(200);
      }
    }
    await site.get(reportUrl(report, asked), admin);
  }
  const records = await read();
  expect(records).toHaveLength(reports.length * fileFormatNames.length * 2);
  expect(new Set(records.map(({ report, format }) => `${report} ${format}`)).size).toBe(
    reports.length * fileFormatNames.length,
  );
  expect(new Set(records.map(({ token_id, role }) => `${token_id} ${role}`))).toEqual(new Set(['null operator']));
  expect(records.filter(({ outcome }) => outcome !== 'complete')).toEqual([]);
  // No rows are no lines; any other file says at least which columns it has.
  const empty = records.filter(({ bytes }) => bytes === 0);
  expect(empty.filter(({ format, rows }) => format !== 'ndjson' || rows > 0)).toEqual([]);
  // A report on the present says its window in its row.
  expect(records.find(({ report }) => report === 'abandon-rate')).toMatchObject({ window_from: null, rows: 1 });
});

test('newest first, as many as asked for, within a window', async () => {
  for (let day = 0; day < 5; day++) {
    now = start + day * 86_400_000;
    await site.get(reportUrl('funnel/export', june), admin);
  }
  const days = async (query: string) => (await read(query)).map(({ started_at }) => started_at.slice(0, 10));
  expect(await days('')).toEqual(['2026-06-14', '2026-06-13', '2026-06-12', '2026-06-11', '2026-06-10']);
  expect(await days('?limit=2')).toEqual(['2026-06-14', '2026-06-13']);
  expect(await days('?from=2026-06-11&to=2026-06-12')).toEqual(['2026-06-12', '2026-06-11']);
  expect(await days('?from=2026-06-13T12:00:00Z')).toEqual(['2026-06-14', '2026-06-13']);
  expect(await days('?to=2026-06-11T12:00:00Z')).toEqual(['2026-06-10']);
  const wrong = await site.get(`${page}?limit=0&from=x&to=2026-06-01`, admin);
  expect(wrong.statusCode).toBe(422);
  expect(Object.keys(wrong.json().errors).sort()).toEqual(['from', 'limit']);
  const turned = await site.get(`${page}?from=2026-06-02&to=2026-06-01`, admin);
  expect(Object.keys(turned.json().errors)).toEqual(['to']);
});

test('what failed is written down as failed', async () => {
  await site.get(reportUrl('funnel/export', { ...june, campaign_id: 99 }), admin);
  expect(await read()).toEqual([expect.objectContaining({ outcome: 'failed', rows: 0, bytes: 0, campaign_id: 99 })]);
});

describe('access', () => {
  test('only admins read it, and only their own tenant\u2019s', async () => {
    await site.get(reportUrl('funnel/export', june), admin);
    const other = await site.token('admin', { tenant: tenant + 1000 });
    expect(await read('', other)).toEqual([]);
    for (const role of ['supervisor', 'agent', 'read_only', 'ingest'] as const) {
      const asker = { tenant, ...(role === 'agent' && { agent: 1 }) };
      expect((await site.get(page, await site.token(role, asker))).statusCode, role).toBe(403);
    }
    expect((await site.get(page)).statusCode).toBe(401);
  });

  test.each(reports)('read_only takes no file of $name through any door', async (declared) => {
    const report = declared.name;
    const reader = await site.token('read_only', { tenant });
    const asked = requiredOf(declared, { ...june, campaign_id: 43 });
    for (const format of fileFormatNames) {
      for (const door of [report, `${report}/export`]) {
        expect((await site.get(reportUrl(door, { ...asked, format }), reader)).statusCode).toBe(403);
      }
    }
    expect((await site.get(reportUrl(report, asked), reader)).statusCode).toBe(200);
    expect(await read()).toEqual([]);
  });

  test('an agent\u2019s file has the agent\u2019s rows, and the log says so', async () => {
    const agent = await site.token('agent', { tenant, agent: 1 });
    const file = await site.get(reportUrl('agent-performance/export', { ...june, bom: 0 }), agent);
    expect(file.body.trim().split('\r\n')).toHaveLength(2);
    expect((await read())[0]).toMatchObject({ role: 'agent', agent_ids: [1], rows: 1 });
  });
});

test('what a file is about goes with it as a header', async () => {
  const asked = { ...june, campaign_id: 43, group_by: 'week' };
  const file = await site.get(reportUrl('time-series/export', asked), admin);
  expect(Object.fromEntries(new URLSearchParams(String(file.headers['dialtally-parameters'])))).toEqual({
    report: 'time-series',
    tenant_id: String(tenant),
    date_from: '2026-05-31T17:00:00.000Z',
    date_to: '2026-06-10T17:00:00.000Z',
    timezone: 'Asia/Ho_Chi_Minh',
    campaign_id: '43',
    group_by: 'week',
    made_at: '2026-06-10T12:00:00.000Z',
  });
});

test('the header stays small whoever is asked for: of very many agents it says how many, and the log names them', async () => {
  const agents = Array.from({ length: 920 }, (_, n) => n + 1_000_001);
  const file = await site.get(reportUrl('agent-performance/export', { ...june, agent_ids: agents.join(',') }), admin);
  const header = String(file.headers['dialtally-parameters']);
  expect(header.length).toBeLessThan(600);
  expect(Object.fromEntries(new URLSearchParams(header))).toMatchObject({ agent_count: '920' });
  expect(new URLSearchParams(header).has('agent_ids')).toBe(false);
  expect((await read())[0]?.agent_ids).toEqual(agents);
  const few = await site.get(reportUrl('agent-performance/export', { ...june, agent_ids: '7,8' }), admin);
  expect(new URLSearchParams(String(few.headers['dialtally-parameters'])).get('agent_ids')).toBe('7,8');
});
