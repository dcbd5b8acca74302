import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { About } from '../../src/engine/about-schema.ts';
import { definitionsVersion } from '../../src/engine/definitions.ts';
import { toAboutHeader } from '../../src/export/about-header.ts';
import { reports } from '../../src/reports/index.ts';
import type { TableName } from '../../src/tables.ts';
import { requiredOf } from '../questions.ts';
import { dial, openSite, openTestStore, reportUrl, type SentRow, type Site, talk } from './app.ts';

// `with=about`: what an answer says of itself. Each story has a tenant of its own; it is Wednesday noon.
const wednesday = '2026-06-10T12:00:00Z';
let clock = Date.parse(wednesday);
let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let tenant = 0;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => clock });
}, 60_000);

afterAll(async () => {
  await site.app.close();
  await held.close();
}, 60_000);

beforeEach(() => {
  tenant++;
  clock = Date.parse(wednesday);
});

type Params = Parameters<typeof reportUrl>[1];
const week = { date_from: '2026-06-08', date_to: '2026-06-14' };

const tokenOf = (role: Parameters<Site['token']>[0] = 'admin', part = {}) => site.token(role, { tenant, ...part });
const ingest = (table: TableName, rows: SentRow[]) => site.ingest(table, rows, tenant);

async function aboutOf(report: string, params: Params = {}, token?: string): Promise<About> {
  const found = await site.get(reportUrl(report, { ...params, with: 'about' }), token ?? (await tokenOf()));
  expect(found.statusCode, found.body).toBe(200);
  return found.json<{ about: About }>().about;
}

describe('the window', () => {
  test('that is running is told as instants and as it was asked', async () => {
    const zone = 'Asia/Ho_Chi_Minh';
    const about = await aboutOf('dashboard', { ...week, timezone: zone });
    expect(about).toMatchObject({
      report: 'dashboard',
      tenant: { tenant_id: tenant, name: `Tenant ${tenant}` },
      window: { from: '2026-06-07T17:00:00.000Z', to: '2026-06-14T17:00:00.000Z' },
      asked: week,
      timezone: zone,
      params: {},
      computed_at: '2026-06-10T12:00:00.000Z',
      has_ended: false,
      incomplete_buckets: [],
      definitions_version: definitionsVersion,
    });
  });

  test('has ended once its end is there', async () => {
    const to = { date_from: '2026-06-08T00:00:00Z', date_to: '2026-06-10T12:00:00Z' };
    expect(await aboutOf('dashboard', to)).toMatchObject({ has_ended: true, asked: to });
    clock -= 1;
    expect(await aboutOf('dashboard', to)).toMatchObject({ has_ended: false });
  });

  test('of the abandon rate is the campaign\u2019s, and as_of stands among the parameters', async () => {
    await ingest('campaigns', [{ campaign_id: 43, name: 'Spring', abandon_window_minutes: 60 }]);
    const asOf = '2026-06-09T09:00:00+07:00';
    const about = await aboutOf('abandon-rate', { campaign_id: 43, as_of: asOf, team_id: 7, 'agent_ids[]': [3] });
    expect(about).toMatchObject({
      window: { from: '2026-06-09T01:00:00.000Z', to: '2026-06-09T02:00:00.000Z' },
      asked: null,
      params: { as_of: asOf },
      has_ended: true,
    });
    expect(about.filters).toEqual({ campaign: { campaign_id: 43, name: 'Spring' } });
  });
});

describe('filters', () => {
  test('have the names that reports give, or plain ones', async () => {
    await ingest('campaigns', [{ campaign_id: 43, name: 'Spring' }]);
    await ingest('agents', [{ agent_id: 25, name: 'Bo', team_id: 3 }]);
    await ingest('calls', [dial({ campaign_id: 77 }), dial({ campaign_id: 43 })]);
    const filters = async (params: Params) => (await aboutOf('funnel', { ...week, ...params })).filters;
    expect(await filters({})).toEqual({ campaign: null, team: null, agents: null });
    expect(await filters({ campaign_id: 43, team_id: 3, 'agent_ids[]': [26, 25] })).toEqual({
      campaign: { campaign_id: 43, name: 'Spring' },
      team: { team_id: 3, name: 'Team 3' },
      agents: [
        { agent_id: 26, name: 'Agent 26' },
        { agent_id: 25, name: 'Bo' },
      ],
    });
    expect((await filters({ campaign_id: 77 })).campaign).toEqual({ campaign_id: 77, name: 'Campaign 77' });
  });

  test('are what was asked, and the part is the token\u2019s', async () => {
    await ingest('teams', [{ team_id: 3, name: 'Hanoi' }]);
    await ingest('agents', [{ agent_id: 25, name: 'Bo', team_id: 3 }]);
    await ingest('calls', [
      talk({ agent_id: 25, started_at: '2026-06-09T09:00:00Z' }),
      talk({ agent_id: 26, started_at: '2026-06-09T10:00:00Z' }),
    ]);
    const team = await aboutOf('dashboard', week, await tokenOf('supervisor', { team: 3 }));
    expect(team).toMatchObject({
      filters: { campaign: null, team: null, agents: null },
      part: { team: { team_id: 3, name: 'Hanoi' } },
    });
    expect(team.undisposed.map(({ handled }) => handled)).toEqual([0, 1, 0]);
    const agent = await aboutOf('dashboard', week, await tokenOf('agent', { agent: 26 }));
    expect(agent).toMatchObject({ filters: { agents: null }, part: { agent: { agent_id: 26, name: 'Agent 26' } } });
    expect((await aboutOf('dashboard', week)).part).toBeNull();
  });

  test('of a campaign that an agent has no call of are a 404, as without', async () => {
    await ingest('calls', [talk({ agent_id: 25 })]);
    const token = await tokenOf('agent', { agent: 26 });
    const found = await site.get(reportUrl('dashboard', { ...week, campaign_id: 43, with: 'about' }), token);
    expect(found.statusCode).toBe(404);
  });
});

describe('how far the calls go', () => {
  test('is not known of a tenant that has none', async () => {
    const { data_until, undisposed } = await aboutOf('time-series', { ...week, date_to: '2026-06-09' });
    expect(data_until).toEqual({ taken_in_at: null, last_call_at: null });
    expect(undisposed).toEqual([
      { day: '2026-06-09', handled: 0, undisposed: 0, pct: 0 },
      { day: '2026-06-08', handled: 0, undisposed: 0, pct: 0 },
    ]);
  });

  test('is told of the campaign that is asked for, else of all', async () => {
    await ingest('calls', [dial({ campaign_id: 1, started_at: '2026-06-10T09:00:00.123Z' })]);
    clock += 60_000;
    await ingest('calls', [dial({ campaign_id: 2, started_at: '2024-02-03T10:00:00Z' })]);
    await ingest('agents', [{ agent_id: 1, name: 'Bo' }]);
    clock += 60_000;
    const until = async (params: Params = {}) => (await aboutOf('dashboard', { ...week, ...params })).data_until;
    const first = { taken_in_at: '2026-06-10T12:00:00.000Z', last_call_at: '2026-06-10T09:00:00.123Z' };
    const second = { taken_in_at: '2026-06-10T12:01:00.000Z', last_call_at: '2024-02-03T10:00:00.000Z' };
    expect(await until({ campaign_id: 1 })).toEqual(first);
    expect(await until({ campaign_id: 2 })).toEqual(second);
    expect(await until()).toEqual({ ...first, taken_in_at: second.taken_in_at });
  });

  test('leaves out calls that are dated later, and those that are gone', async () => {
    const [past, gone] = ['2026-06-01T08:00:00Z', '2026-06-09T08:00:00Z'];
    await ingest(
      'calls',
      [past, gone, '2026-07-01T08:00:00Z'].map((started_at) => dial({ started_at })),
    );
    const until = async () => (await aboutOf('dashboard', week)).data_until;
    expect(await until()).toEqual({
      taken_in_at: '2026-06-10T12:00:00.000Z',
      last_call_at: '2026-06-09T08:00:00.000Z',
    });
    const purged = await site.app.inject({
      method: 'POST',
      url: '/api/telesales/purge',
      headers: { authorization: `Bearer ${await tokenOf()}` },
      payload: { table: 'calls', from: '2026-06-09', to: '2026-06-09' },
    });
    expect(purged.statusCode, purged.body).toBe(200);
    expect((await until()).last_call_at).toBe('2026-06-01T08:00:00.000Z');
  });

  test('only grows: of two, the later counts', async () => {
    await ingest('calls', [dial()]);
    clock -= 3_600_000;
    await ingest('calls', [dial()]);
    expect((await aboutOf('dashboard', week)).data_until.taken_in_at).toBe('2026-06-10T12:00:00.000Z');
  });
});

describe('buckets that are not whole', () => {
  const bucketsOf = async (report: string, params: Params) => (await aboutOf(report, params)).incomplete_buckets;

  test('are the running day and those ahead', async () => {
    const ahead = ['2026-06-10', '2026-06-11', '2026-06-12', '2026-06-13', '2026-06-14'];
    expect(await bucketsOf('time-series', week)).toEqual(ahead);
    expect(await bucketsOf('time-series', { ...week, date_to: '2026-06-09' })).toEqual([]);
    // In Auckland the 11th has begun, and the 10th is over.
    expect(await bucketsOf('time-series', { ...week, timezone: 'Pacific/Auckland' })).toEqual(ahead.slice(1));
  });

  test('are the ones that the window cuts', async () => {
    const cut = { date_from: '2026-05-05T10:00:00Z', date_to: '2026-05-18T00:00:00Z' };
    expect(await bucketsOf('time-series', cut)).toEqual(['2026-05-05']);
    expect(await bucketsOf('time-series', { ...cut, group_by: 'week' })).toEqual(['2026-W19']);
    expect(await bucketsOf('time-series', { ...cut, group_by: 'hour' })).toEqual([]);
    expect(await bucketsOf('time-series', { ...cut, date_from: '2026-05-05T10:30:00Z', group_by: 'hour' })).toEqual([
      '2026-05-05 10:00:00',
    ]);
  });

  test('an ISO week is cut by the new year in name alone', async () => {
    const asked = { date_from: '2020-12-28', date_to: '2021-01-03', group_by: 'week' };
    expect(await bucketsOf('time-series', asked)).toEqual([]);
    expect(await bucketsOf('time-series', { ...asked, date_from: '2021-01-01' })).toEqual(['2020-W53']);
  });

  test('an hour that a clock shows twice is one bucket', async () => {
    // 02:00 becomes 01:00 at 06:00 UTC.
    const asked = { group_by: 'hour', timezone: 'America/New_York' };
    const whole = { ...asked, date_from: '2025-11-02T05:00:00Z', date_to: '2025-11-02T07:00:00Z' };
    expect(await bucketsOf('time-series', whole)).toEqual([]);
    expect(await bucketsOf('time-series', { ...whole, date_from: '2025-11-02T06:00:00Z' })).toEqual([
      '2025-11-02 01:00:00',
    ]);
    expect(await bucketsOf('time-series', { ...whole, date_to: '2025-11-02T06:00:00Z' })).toEqual([
      '2025-11-02 01:00:00',
    ]);
  });

  test('a day of 23 hours is whole', async () => {
    const asked = { date_from: '2026-03-08', date_to: '2026-03-08', timezone: 'America/New_York' };
    expect(await bucketsOf('time-series', asked)).toEqual([]);
    expect(await bucketsOf('time-series', { ...asked, date_to: '2026-03-09T03:59:59.999Z' })).toEqual(['2026-03-08']);
  });

  test('slots of the heatmap are those with an hour that is not whole', async () => {
    const asked = { date_from: '2026-06-09', date_to: '2026-06-10T14:00:00Z' };
    expect(await bucketsOf('hour-dow-heatmap', asked)).toEqual(['3 12', '3 13']);
    expect(
      await bucketsOf('hour-dow-heatmap', { date_from: '2026-06-06T08:30:00Z', date_to: '2026-06-07T09:15:00Z' }),
    ).toEqual(['0 9', '6 8']);
  });
});

describe('what is not disposed yet', () => {
  const at = (day: string) => ({ started_at: `${day}T09:00:00Z` });

  test('is told of the newest days that have begun, within the filters', async () => {
    await ingest('calls', [
      talk({ ...at('2026-06-07'), agent_id: 1 }),
      talk({ ...at('2026-06-08'), disposition_code: 'sale' }),
      talk({ ...at('2026-06-09'), agent_id: 1 }),
      talk({ ...at('2026-06-09'), agent_id: 2 }),
      talk({ ...at('2026-06-09'), agent_id: 2, disposition_code: 'sale' }),
      dial({ ...at('2026-06-09'), outcome: 'abandoned' }),
      dial({ ...at('2026-06-10') }),
      talk({ ...at('2026-06-12') }),
    ]);
    const asked = { date_from: '2026-06-01', date_to: '2026-06-14' };
    expect((await aboutOf('dashboard', asked)).undisposed).toEqual([
      { day: '2026-06-10', handled: 0, undisposed: 0, pct: 0 },
      { day: '2026-06-09', handled: 3, undisposed: 2, pct: 66.7 },
      { day: '2026-06-08', handled: 1, undisposed: 0, pct: 0 },
    ]);
    expect((await aboutOf('dashboard', { ...asked, agent_ids: '2' })).undisposed[1]).toEqual({
      day: '2026-06-09',
      handled: 2,
      undisposed: 1,
      pct: 50,
    });
  });

  test('grows less as dispositions come', async () => {
    const late = talk(at('2026-06-09'));
    await ingest('calls', [late]);
    const yesterday = async () => (await aboutOf('dashboard', week)).undisposed[1];
    expect(await yesterday()).toMatchObject({ handled: 1, undisposed: 1, pct: 100 });
    clock += 1000;
    await ingest('calls', [{ ...late, disposition_code: 'sale' }]);
    expect(await yesterday()).toMatchObject({ handled: 1, undisposed: 0, pct: 0 });
  });

  test('is nothing of a window that has not begun', async () => {
    expect((await aboutOf('dashboard', { date_from: '2026-07-01', date_to: '2026-07-02' })).undisposed).toEqual([]);
  });

  test('is counted by local days', async () => {
    await ingest('calls', [talk({ started_at: '2026-06-08T18:00:00Z' })]);
    const asked = { date_from: '2026-06-09', date_to: '2026-06-09', timezone: 'Asia/Ho_Chi_Minh' };
    expect((await aboutOf('dashboard', asked)).undisposed).toEqual([
      { day: '2026-06-09', handled: 1, undisposed: 1, pct: 100 },
    ]);
  });
});

test('refused rows are counted for those who may read them', async () => {
  const token = await tokenOf();
  await site.app.inject({
    method: 'POST',
    url: '/api/telesales/ingest/calls',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
    payload: '{"call_id":"x"}\n{"call_id":"y"}\n',
  });
  // Rows are refused by the clock of the machine.
  clock = Date.now();
  const asked = { date_from: '2026-06-01', date_to: '2026-06-02' };
  expect((await aboutOf('dashboard', asked, token)).refused_rows_30_days).toBe(2);
  expect(await aboutOf('dashboard', asked, await tokenOf('read_only'))).not.toHaveProperty('refused_rows_30_days');
  clock += 31 * 86_400_000;
  expect((await aboutOf('dashboard', asked, token)).refused_rows_30_days).toBe(0);
});

describe('with and without', () => {
  const own = { campaign_id: 43, ...week };

  test.each(reports)('the data of $name is the same, byte for byte', async (report) => {
    const codes = Array.from({ length: 5 }, (_, index) => ({ disposition_code: `code ${index}`, cid: `090${index}` }));
    await ingest(
      'calls',
      codes.map((code) => talk({ ...code, agent_id: 3, started_at: '2026-06-09T09:00:00Z' })),
    );
    const token = await tokenOf();
    const asked = requiredOf(report, own);
    const plain = await site.get(reportUrl(report.name, asked), token);
    for (const name of ['with', 'with[]', 'with[0]']) {
      const told = await site.get(reportUrl(report.name, { ...asked, [name]: 'about' }), token);
      expect(told.body.startsWith(`${plain.body.slice(0, -1)},"about":{"report":"${report.name}",`)).toBe(true);
      expect(Object.keys(told.json())).toEqual(['data', 'about']);
      expect(told.headers['content-type']).toBe(plain.headers['content-type']);
    }
    for (const none of ['', ' ', ',']) {
      expect((await site.get(reportUrl(report.name, { ...asked, with: none }), token)).body).toBe(plain.body);
    }
  });

  test('a long list has it at its end', async () => {
    const many = Array.from({ length: 40_000 }, (_, index) =>
      talk({ agent_id: index + 1, started_at: '2026-06-09T09:00:00Z' }),
    );
    await ingest('calls', many);
    const token = await tokenOf();
    const plain = await site.get(reportUrl('agent-performance', week), token);
    const told = await site.get(reportUrl('agent-performance', { ...week, with: 'about' }), token);
    expect(told.json<{ data: unknown[] }>().data).toHaveLength(40_000);
    expect(told.body.startsWith(`${plain.body.slice(0, -1)},"about":{`)).toBe(true);
  }, 60_000);

  test('an unknown word is a 422 that names the words', async () => {
    const found = await site.get(reportUrl('dashboard', { ...week, with: 'about,all' }), await tokenOf());
    expect(found.statusCode).toBe(422);
    expect(found.json().errors).toEqual({ with: ['The with must be some of about.'] });
  });

  test('a stream has nothing beside its data', async () => {
    await ingest('campaigns', [{ campaign_id: 43, name: 'Spring' }]);
    const found = await site.get(reportUrl('abandon-rate/stream', { campaign_id: 43, with: 'about' }), await tokenOf());
    expect(found.statusCode).toBe(422);
    expect(Object.keys(found.json().errors)).toEqual(['with']);
  });
});

describe('files', () => {
  const headerOf = async (params: Params) => {
    const file = await site.get(reportUrl('time-series', { ...week, ...params }), await tokenOf());
    expect(file.statusCode).toBe(200);
    return { header: file.headers['dialtally-about'], body: file.rawPayload };
  };

  test('have it in a header, and a CSV its rows alone', async () => {
    await ingest('campaigns', [{ campaign_id: 43, name: 'Xu\u00e2n \u0110\u1eb9p \u{1f600}"\n' }]);
    const asked = { campaign_id: 43, group_by: 'week' };
    const plain = await headerOf({ ...asked, format: 'csv' });
    expect(plain.header).toBeUndefined();
    const told = await headerOf({ ...asked, format: 'csv', with: 'about' });
    expect(told.body.equals(plain.body)).toBe(true);
    expect(String(told.header)).toMatch(/^[\x20-\x7e]+$/);
    const { computed_at, ...about } = await aboutOf('time-series', { ...week, ...asked });
    expect(JSON.parse(String(told.header))).toEqual({ ...about, computed_at });
    const excel = await headerOf({ ...asked, format: 'xlsx', with: 'about' });
    expect(excel.header).toBe(told.header);
  });

  test('are written down without it', async () => {
    const token = await tokenOf();
    await site.get(reportUrl('time-series', { ...week, fill: 'zero', format: 'csv', with: 'about' }), token);
    await expect
      .poll(async () => (await site.get('/api/telesales/audit/exports', token)).json().data[0]?.params)
      .toEqual({ fill: 'zero' });
  });
});

describe('the header', () => {
  const named = fc.string({ unit: 'binary', maxLength: 1000 });
  const lists = fc.record({
    tenant: named,
    campaign: named,
    agents: fc.array(named, { maxLength: 1000 }),
    buckets: fc.array(fc.constant('2026-06-10 12:00:00'), { maxLength: 2200 }),
  });
  const aboutWith = ({
    tenant,
    campaign,
    agents,
    buckets,
  }: {
    tenant: string;
    campaign: string;
    agents: string[];
    buckets: string[];
  }): About => ({
    report: 'time-series',
    tenant: { tenant_id: Number.MAX_SAFE_INTEGER, name: tenant },
    window: { from: '2026-06-01T00:00:00.000Z', to: '2026-06-02T00:00:00.000Z' },
    asked: { date_from: '2026-06-01T00:00:00.123456789+07:00', date_to: '2026-06-02T00:00:00.123456789+07:00' },
    timezone: 'America/Argentina/ComodRivadavia',
    filters: {
      campaign: { campaign_id: Number.MAX_SAFE_INTEGER, name: campaign },
      team: { team_id: Number.MAX_SAFE_INTEGER, name: campaign },
      agents: agents.map((name, index) => ({ agent_id: Number.MAX_SAFE_INTEGER - index, name })),
    },
    part: { team: { team_id: Number.MAX_SAFE_INTEGER, name: tenant } },
    params: { group_by: 'hour', fill: 'zero' },
    computed_at: '2026-06-01T00:00:00.000Z',
    data_until: { taken_in_at: '2026-06-01T00:00:00.000Z', last_call_at: '2026-06-01T00:00:00.000Z' },
    has_ended: false,
    incomplete_buckets: buckets,
    undisposed: [1, 2, 3].map((day) => ({ day: `2026-06-0${day}`, handled: 1e9, undisposed: 1e9, pct: 66.7 })),
    definitions_version: definitionsVersion,
    refused_rows_30_days: 1e9,
  });

  test('is JSON in ASCII and short, whatever the names are', () => {
    fc.assert(
      fc.property(lists, (drawn) => {
        const about = aboutWith(drawn);
        const text = toAboutHeader(about);
        expect(text).toMatch(/^[\x20-\x7e]+$/);
        expect(text.length).toBeLessThanOrEqual(3500);
        const { more_agents = 0, more_incomplete_buckets = 0, ...read } = JSON.parse(text);
        expect(read.filters.agents.length + more_agents).toBe(drawn.agents.length);
        expect(read.incomplete_buckets.length + more_incomplete_buckets).toBe(drawn.buckets.length);
        expect({ ...read, filters: 0, tenant: 0, part: 0, incomplete_buckets: 0 }).toEqual({
          ...about,
          filters: 0,
          tenant: 0,
          part: 0,
          incomplete_buckets: 0,
        });
      }),
      { numRuns: 40 },
    );
  });

  test('has all of it when it is short', () => {
    const about = aboutWith({ tenant: 'Acme', campaign: '\u0110', agents: ['Bo'], buckets: ['2026-06-10'] });
    expect(JSON.parse(toAboutHeader(about))).toEqual(about);
  });
});
