import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExportRecord } from '../../src/access/export-log.ts';
import type { Comparison } from '../../src/engine/comparison-schema.ts';
import { reports } from '../../src/reports/index.ts';
import { endingAt, reportOf, requiredOf, variantsOf } from '../questions.ts';
import { dial, openSite, openTestStore, reportUrl, type Site, talk } from './app.ts';

// `compare=`: an answer beside another window. It is Wednesday noon, and the last call was at 9.
const now = Date.parse('2026-06-10T12:00:00Z');
const running = { date_from: '2026-06-08', date_to: '2026-06-14' };
const ended = { date_from: '2026-06-01', date_to: '2026-06-07' };
let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let admin: string;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => now });
  admin = await site.token('admin');
  await site.ingest('campaigns', [{ campaign_id: 43, name: 'Renewals' }]);
  await site.ingest('teams', [{ team_id: 3, name: 'Three' }]);
  await site.ingest('agents', [
    { agent_id: 1, name: 'An', username: 'an', team_id: 3 },
    { agent_id: 2, name: 'Bo', username: 'bo', team_id: 4 },
    { agent_id: 3, name: 'Cu', username: 'cu', team_id: 3 },
  ]);
  const days = ['2026-05-26', '2026-06-02', '2026-06-08', '2026-06-09', '2026-06-10'];
  await site.ingest('calls', [
    ...days.flatMap((day, index) => [
      ...Array.from({ length: index + 2 }, () =>
        talk({
          agent_id: 1,
          cid: '0900',
          lead_id: index + 1,
          disposition_code: 'SALE',
          started_at: `${day}T08:00:00Z`,
        }),
      ),
      dial({ agent_id: 2, cid: '0901', started_at: `${day}T09:00:00Z` }),
    ]),
    talk({ agent_id: 3, disposition_code: 'GONE', started_at: '2026-06-02T10:00:00Z' }),
  ]);
  await site.ingest('leads', [{ lead_id: 1, campaign_id: 43, source: 'web', created_at: '2026-06-02T07:00:00Z' }]);
}, 60_000);

afterAll(async () => {
  await site.app.close();
  await held.close();
});

const askedOf = (name: string, window: object) =>
  requiredOf(reportOf(name), { ...(window as Record<string, string>), campaign_id: 43 });

async function compared(report: string, params: Record<string, string>, token = admin): Promise<Comparison> {
  const found = await site.get(reportUrl(report, params), token);
  expect(found.statusCode, found.body).toBe(200);
  return found.json<{ comparison: Comparison }>().comparison;
}

describe.each(reports)('$name', (report) => {
  test('has the same data with a comparison and without, byte for byte', async () => {
    const ways = [
      { window: running, compare: 'week' },
      { window: ended, compare: 'previous' },
      { window: running, compare: '2026-05-01..2026-05-31' },
      { window: ended, compare: 'year' },
    ];
    // Each way once, and each value of its own parameters some way.
    const variants = variantsOf(report);
    for (let index = 0; index < Math.max(variants.length, ways.length); index++) {
      const [own, way] = [variants[index % variants.length], ways[index % ways.length] ?? ways[0]!];
      const asked = { ...askedOf(report.name, way.window), ...endingAt(report, '2026-06-10T11:00:00Z'), ...own };
      const plain = await site.get(reportUrl(report.name, asked), admin);
      expect(plain.statusCode, plain.body).toBe(200);
      const beside = await site.get(reportUrl(report.name, { ...asked, compare: way.compare }), admin);
      const begin = `${plain.body.slice(0, -1)},"comparison":{"window":{"kind":`;
      expect(beside.body.slice(0, begin.length)).toBe(begin);
    }
    const asked = { ...askedOf(report.name, ended), ...endingAt(report, '2026-06-10T11:00:00Z') };
    const [plain, empty] = await Promise.all(
      [asked, { ...asked, compare: '' }].map((params) => site.get(reportUrl(report.name, params), admin)),
    );
    expect(empty?.body).toBe(plain?.body);
  });

  test('has the comparison behind what it says of itself', async () => {
    const asked = { ...askedOf(report.name, ended), with: 'about', compare: 'week' };
    const found = await site.get(reportUrl(report.name, asked), admin);
    expect(Object.keys(found.json())).toEqual(['data', 'about', 'comparison']);
  });

  test('has the rows of the comparison in a CSV, behind its own columns', async () => {
    const asked = { ...askedOf(report.name, ended), compare: 'previous' };
    const { rows } = await compared(report.name, asked);
    const csv = (await site.get(reportUrl(report.name, { ...asked, format: 'csv', bom: '0' }), admin)).body;
    const plain = (
      await site.get(reportUrl(report.name, { ...askedOf(report.name, ended), format: 'csv', bom: '0' }), admin)
    ).body;
    const [head = '', ...lines] = csv.trimEnd().split('\r\n');
    const [plainHead = '', ...plainLines] = plain.trimEnd().split('\r\n');
    const figures = Object.keys(rows[0]?.change ?? {});
    if (rows.length > 0)
      expect(head).toBe([plainHead, ...figures.flatMap((name) => [`${name}_previous`, `${name}_change`])].join(','));
    expect(lines).toHaveLength(rows.length);
    for (const [index, { previous, change }] of rows.entries()) {
      const beside = figures.flatMap((name) => [previous[name], change[name]]).map((value) => String(value ?? ''));
      const own = plainLines[index];
      const line = lines[index] ?? '';
      expect(line.endsWith(`,${beside.join(',')}`), line).toBe(true);
      // On the present the window goes on between two answers, but not here.
      if (own !== undefined) expect(line).toBe(`${own},${beside.join(',')}`);
    }
  });
});

test('a window that still runs is compared until the last call', async () => {
  const { window, rows } = await compared('dashboard', { ...running, compare: 'week' });
  expect(window).toEqual({
    kind: 'week',
    from: '2026-06-01T00:00:00.000Z',
    to: '2026-06-03T09:00:00.001Z',
    whole: { from: '2026-06-01T00:00:00.000Z', to: '2026-06-08T00:00:00.000Z' },
    compared_until: '2026-06-10T09:00:00.001Z',
    is_same_length: true,
  });
  // 5 + 6 + 7 this week, 4 and one more on the Tuesday before.
  expect(rows[0]?.previous.total_dials).toBe(5);
  expect(rows[0]?.change.total_dials).toBe(260);
});

test('a token that is held to a team or an agent is compared with its own', async () => {
  const [team, agent] = await Promise.all([site.token('supervisor', { team: 3 }), site.token('agent', { agent: 2 })]);
  const asked = { ...running, compare: 'week' };
  const ofTeam = await compared('agent-performance', asked, team);
  expect(ofTeam.rows.map(({ key, previous, named }) => [key.agent_id, previous.dials, named?.name])).toEqual([
    [1, 3, undefined],
    [3, 1, 'Cu'],
  ]);
  const ofAgent = await compared('agent-performance', asked, agent);
  expect(ofAgent.rows.map(({ key, previous }) => [key.agent_id, previous.dials])).toEqual([[2, 1]]);
  const other = await site.get(reportUrl('dashboard', { ...asked, team_id: 4 }), team);
  expect(other.statusCode).toBe(403);
});

test('the one is compared although the other had no part of the whole', async () => {
  const { rows } = await compared('disposition-breakdown', { ...ended, compare: 'previous' });
  expect(rows.map(({ key, previous, change }) => [key.code, previous.pct, change.pct, change.count])).toEqual([
    ['SALE', '100.00', -25, 50],
    ['GONE', '0.00', 25, null],
  ]);
});

test.each([
  [
    { compare: 'yesterday' },
    'The compare must be one of previous, week, year, or two ISO 8601 dates or instants such as 2026-05-01..2026-05-31.',
  ],
  [
    { compare: '2026-05-01' },
    'The compare must be one of previous, week, year, or two ISO 8601 dates or instants such as 2026-05-01..2026-05-31.',
  ],
  [
    { compare: '2026-05-01..soon' },
    'The compare must be one of previous, week, year, or two ISO 8601 dates or instants such as 2026-05-01..2026-05-31.',
  ],
  [
    { compare: '2026-05-01..2026-05-02..2026-05-03' },
    'The compare must be one of previous, week, year, or two ISO 8601 dates or instants such as 2026-05-01..2026-05-31.',
  ],
  [{ compare: '2026-05-02..2026-05-01' }, 'The compare must end after it begins.'],
  [{ compare: '2026-01-01..2026-05-01' }, 'The compare may not exceed 90 days.'],
  [{ compare: '1960-01-01..1960-01-02' }, 'The compare must lie between 1971-01-01 and 2105-12-31.'],
])('%j is refused with the reason', async (asked, reason) => {
  for (const report of ['dashboard', 'abandon-rate']) {
    const found = await site.get(reportUrl(report, { ...askedOf(report, ended), ...asked, timezone: 'Mars' }), admin);
    expect(found.statusCode).toBe(422);
    expect(found.json().errors).toEqual({
      compare: [reason],
      timezone: ['The timezone must be a TZDB name such as Asia/Ho_Chi_Minh or UTC.'],
    });
  }
});

test('ends are read as those of any window, in the zone that is asked for', async () => {
  const timezone = 'Asia/Ho_Chi_Minh';
  const windowOf = async (compare: string) => (await compared('dashboard', { ...ended, compare, timezone })).window;
  const may = {
    kind: 'given',
    from: '2026-04-30T17:00:00.000Z',
    to: '2026-05-01T17:00:00.000Z',
    is_same_length: false,
  };
  expect(await windowOf('2026-05-01..2026-05-01')).toMatchObject(may);
  expect(await windowOf('2026-05-01 00:00 07:00 .. 2026-05-01T17:00Z')).toMatchObject(may);
});

test('it may be given once', async () => {
  const found = await site.get(`${reportUrl('dashboard', ended)}&compare=week&compare=year`, admin);
  expect(found.json().errors).toEqual({ compare: ['The compare may be given only once.'] });
});

test('a file says what it was compared with, in its header and in the log of exports', async () => {
  const asked = { ...running, compare: 'week', format: 'csv' };
  const file = await site.get(reportUrl('time-series', asked), admin);
  const said = new URLSearchParams(String(file.headers['dialtally-parameters']));
  expect(said.get('compare')).toBe('2026-06-01T00:00:00.000Z..2026-06-03T09:00:00.001Z');
  expect(said.get('compared_until')).toBe('2026-06-10T09:00:00.001Z');
  const log = await site.get('/api/telesales/audit/exports', admin);
  const records = log.json<{ data: ExportRecord[] }>().data.filter(({ report }) => report === 'time-series');
  expect(records.map(({ params }) => params)).toContainEqual({ compare: 'week' });
});

test('a file for programs has the same columns, with null for what can not be told', async () => {
  const asked = { ...ended, compare: 'previous' };
  const { rows } = await compared('agent-performance', asked);
  const lines = (await site.get(reportUrl('agent-performance', { ...asked, format: 'ndjson' }), admin)).body;
  const read = lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(read.map((row) => [row.agent_id, row.dials_previous, row.dials_change])).toEqual(
    rows.map(({ key, previous, change }) => [key.agent_id, previous.dials, change.dials]),
  );
  const parquet = await site.get(reportUrl('agent-performance', { ...asked, format: 'parquet' }), admin);
  expect(parquet.statusCode, parquet.body.slice(0, 300)).toBe(200);
  expect(parquet.rawPayload.subarray(0, 4).toString()).toBe('PAR1');
});

test('a stream of abandon rates knows no other window', async () => {
  const bad = await site.get(reportUrl('abandon-rate/stream', { compare: 'yesterday', as_of: '2026-06-01' }), admin);
  expect(Object.keys(bad.json().errors)).toEqual(['campaign_id']);
});
