import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dial, openSite, openTestStore, reportUrl, type Site, talk } from './http/app.ts';
import { reportOf, takesDates } from './questions.ts';

/** The contract's own samples, word for word. */
const sample = (name: string) => JSON.parse(readFileSync(new URL(`./spec/${name}.json`, import.meta.url), 'utf8'));

/** The nine reports that the contract prints. The catalogue may hold more. */
const printedReports = readdirSync(new URL('./spec/', import.meta.url))
  .map((file) => file.replace('.json', ''))
  .filter((name) => name !== 'range-exceeds-90-days');

type Row = Record<string, unknown>;

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let admin: string;
const now = Date.parse('2026-06-09T02:31:14Z');
const window = { campaign_id: 43, date_from: '2026-06-01', date_to: '2026-06-10' };

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => now });
  admin = await site.token('admin');
  await site.ingest('campaigns', [{ campaign_id: 43, name: 'Outbound Sales Q3-2026 03' }]);
  await site.ingest('agents', [
    { agent_id: 3, name: 'Nguyen Van A', username: 'agent01' },
    { agent_id: 4, name: 'Tran Thi B', username: 'agent02' },
  ]);
  await site.ingest('dispositions', [
    { code: 'no_answer', label: 'No Answer', category: 'no_contact' },
    { code: 'sale', label: 'Sale Success', category: 'contact', color: '#10B981', is_conversion: true },
  ]);
  await site.ingest('caller_ids', [
    { cid: '0900000012', display_name: 'Sales Line 1', carrier: 'viettel', cooldown_until: '2026-06-09T05:00:00Z' },
    { cid: '0900000013' },
  ]);
  await site.ingest('leads', [
    { lead_id: 1, campaign_id: 43, source: 'facebook_lead_ads', created_at: '2026-06-01T01:00:00Z' },
    { lead_id: 2, campaign_id: 43, created_at: '2026-06-02T01:00:00Z' },
  ]);
  const cid = '0900000012';
  await site.ingest('calls', [
    talk({ agent_id: 3, lead_id: 1, cid, talk_sec: 184, wrap_sec: 7, disposition_code: 'sale' }),
    talk({ agent_id: 4, lead_id: 2, cid, talk_sec: 20, disposition_code: 'no_answer' }),
    dial({ agent_id: 4, lead_id: 2, cid, disposition_code: 'no_answer', started_at: '2026-06-05T03:00:00Z' }),
    dial({ outcome: 'abandoned', cid, started_at: '2026-06-05T04:00:00Z' }),
    dial({ outcome: 'blocked', block_reason: 'pdpl' }),
    // Twenty more from one caller ID, so that its health has something to say.
    ...Array.from({ length: 20 }, () => dial({ outcome: 'rejected', cid })),
  ]);
}, 60_000);

afterAll(async () => {
  await site.app.close();
  await held.close();
}, 60_000);

async function answer(report: string, params: Record<string, string | number> = window) {
  const got = await site.get(reportUrl(report, takesDates(reportOf(report)) ? params : { campaign_id: 43 }), admin);
  expect(got.statusCode, got.body).toBe(200);
  expect(got.headers['content-type']).toBe('application/json; charset=utf-8');
  return got.json();
}

/** Fields that the contract's tables call integers, floats, decimal strings or texts that may be missing. */
const integers =
  'total_dials total_answers unique_agents pdpl_blocked_count agent_id dials answers avg_aht_sec conversions count daily_cap total_calls answered_calls acd_sec short_calls rejected_calls health_calls_today day_of_week hour answered total_leads dialed_count contacted_count conv_count talk_sec campaign_id attempts_total attempts_abandoned window_minutes tenant_id';
const numbers = 'conv_rate asr_pct short_call_ratio_pct abandon_rate_pct limit_pct';
const types: Record<string, (value: unknown) => boolean> = {
  ...Object.fromEntries(integers.split(' ').map((field) => [field, (value) => Number.isInteger(value)])),
  ...Object.fromEntries(numbers.split(' ').map((field) => [field, (value) => typeof value === 'number'])),
  display_name: (value) => value === null || typeof value === 'string',
  cooldown_until: (value) => value === null || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(value)),
  window_from: (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(value)),
  window_to: (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(value)),
  pct: (value) => typeof value === 'string' && /^\d{1,3}\.\d\d$/.test(value),
  conv_rate_pct: (value) => typeof value === 'string' && /^\d{1,3}\.\d\d$/.test(value),
  avg_talk_time_sec: (value) => typeof value === 'string' && /^\d+\.\d$/.test(value),
  total_talk_time_sec: (value) => typeof value === 'string' && /^\d+$/.test(value),
  color: (value) => typeof value === 'string' && /^#[0-9A-Fa-f]{6}$/.test(value),
};

/** The contract's keys in its order, then maybe more; each value of the contract's JSON type. */
function expectShape(report: string, got: Row, printed: Row): void {
  const keys = Object.keys(printed);
  expect(Object.keys(got).slice(0, keys.length)).toEqual(keys);
  for (const key of keys) {
    // The dashboard and the heatmap both have a rate of this name: one is a string, the other a number.
    const isRight =
      key === 'answer_rate_pct'
        ? report === 'dashboard'
          ? /^\d{1,3}\.\d\d$/.test(String(got[key])) && typeof got[key] === 'string'
          : typeof got[key] === 'number'
        : (types[key]?.(got[key]) ?? typeof got[key] === typeof printed[key]);
    expect(isRight, `${report}.${key} is ${JSON.stringify(got[key])}, printed ${JSON.stringify(printed[key])}`).toBe(
      true,
    );
  }
}

test.each(printedReports)('%s answers in the shape that the contract prints', async (report) => {
  const got = await answer(report);
  const printed = sample(report);
  expect(Object.keys(got)).toEqual(['data']);
  expect(Array.isArray(got.data)).toBe(Array.isArray(printed.data));
  if (report === 'abandon-rate') {
    expect(Object.keys(got.data)).toEqual(['current', 'breaches']);
    expectShape(report, got.data.current, printed.data.current);
    expect(got.data.breaches).toEqual(printed.data.breaches);
  } else if (Array.isArray(got.data)) {
    expect(got.data.length).toBeGreaterThan(0);
    for (const row of got.data) expectShape(report, row, printed.data[0]);
  } else expectShape(report, got.data, printed.data);
});

describe('details that the contract prints', () => {
  test('a window of more than 90 days is refused in its words', async () => {
    const got = await site.get(reportUrl('dashboard', { date_from: '2026-01-01', date_to: '2026-06-10' }), admin);
    expect(got.statusCode).toBe(422);
    const { code, ...body } = got.json();
    expect(JSON.stringify(body)).toBe(JSON.stringify(sample('range-exceeds-90-days')));
    expect(code).toBe('INVALID_PARAMS');
  });

  test('the funnel has its six stages in order, by their names', async () => {
    const stages = (answer: { data: Row[] }) => answer.data.map((row) => row.stage);
    expect(stages(await answer('funnel'))).toEqual(stages(sample('funnel')));
  });

  test('the heatmap is a flat list of 168 slots', async () => {
    const { data } = await answer('hour-dow-heatmap');
    expect(data.map(({ day_of_week, hour }: Row) => [day_of_week, hour])).toEqual(
      Array.from({ length: 168 }, (_, index) => [Math.floor(index / 24), index % 24]),
    );
  });

  test('the abandon rate is live: a window of 30 days that ends now', async () => {
    const { current } = (await answer('abandon-rate')).data;
    const printed = sample('abandon-rate').data.current;
    expect(current).toMatchObject({
      campaign_id: printed.campaign_id,
      window_minutes: printed.window_minutes,
      tenant_id: printed.tenant_id,
      campaign_name: printed.campaign_name,
      campaign_status: printed.campaign_status,
      limit_pct: printed.limit_pct,
      window_from: `${printed.window_from.replace(' ', 'T')}.000Z`,
      window_to: `${printed.window_to.replace(' ', 'T')}.000Z`,
      breached: true,
    });
  });

  test('buckets are written as the contract writes them', async () => {
    const buckets = async (group_by: string) =>
      (await answer('time-series', { ...window, group_by })).data.map((row: Row) => row.bucket);
    expect(await buckets('day')).toEqual(['2026-06-02', '2026-06-05']);
    expect(await buckets('week')).toEqual(['2026-W23']);
    expect(await buckets('hour')).toEqual(['2026-06-02 09:00:00', '2026-06-05 03:00:00', '2026-06-05 04:00:00']);
  });

  test('a lead without a source is (unknown)', async () => {
    const sources = (await answer('lead-source-attribution')).data.map((row: Row) => row.source);
    expect(sources).toEqual(['(unknown)', 'facebook_lead_ads']);
  });

  test('no row at all: the same shape with zeroes', async () => {
    const quiet = { campaign_id: 43, date_from: '2020-01-01', date_to: '2020-01-01' };
    expectShape('dashboard', (await answer('dashboard', quiet)).data, sample('dashboard').data);
    for (const row of (await answer('caller-id-health', quiet)).data) {
      expectShape('caller-id-health', row, sample('caller-id-health').data[0]);
    }
    for (const report of ['disposition-breakdown', 'agent-performance', 'lead-source-attribution', 'time-series']) {
      expect((await answer(report, quiet)).data).toEqual([]);
    }
  });
});
