import { expect, test } from 'vitest';
import { defaultSettings, type Settings } from '../../src/engine/settings.ts';
import { agent, callsOf, openWorld, type Row } from '../world.ts';

const { ingest, ask } = openWorld();

interface Health {
  cid: string;
  health_status: string;
  health_reasons: { code: string; value: number; limit: number; sample: number }[];
  [column: string]: unknown;
}

const health = (params = {}, options = {}) => ask<Health[]>('caller-id-health', params, options);

/** Takes calls in and gives the status of each caller ID, with the codes of its reasons. */
async function judge(rows: Row[]): Promise<Record<string, string[]>> {
  await ingest('calls', rows);
  const found = await health();
  return Object.fromEntries(
    found.map(({ cid, health_status, health_reasons }) => [
      cid,
      [health_status, ...health_reasons.map(({ code }) => code)],
    ]),
  );
}

/** So many dials from a caller ID: first those with an outcome of their own, the rest not answered. */
function dialsFrom(cid: string, dials: number, parts: Partial<Record<'answered' | 'rejected', number>>, row: Row = {}) {
  const given = Object.entries(parts).flatMap(([outcome, count]) => callsOf(count, { cid, outcome, ...row }));
  return [...given, ...callsOf(dials - given.length, { cid, outcome: 'no_answer', ...row })];
}

/** The upper end of the 95 % Wilson interval, found as the p above `part / whole` that solves its equation. */
function wilsonUpper(part: number, whole: number): number {
  const z = 1.959963984540054;
  const share = part / whole;
  let [low, high] = [share, 1];
  for (let step = 0; step < 200; step++) {
    const p = (low + high) / 2;
    if ((p - share) ** 2 <= (z * z * p * (1 - p)) / whole) low = p;
    else high = p;
  }
  return low;
}

/** The most answers in so many dials whose upper bound still lies below a limit. */
const mostBelow = (limit: number, dials: number) =>
  Array.from({ length: dials }, (_, answers) => answers).findLast((answers) => wilsonUpper(answers, dials) < limit) ??
  -1;

test('what there is to know of a registered caller ID', async () => {
  await ingest('caller_ids', [
    {
      cid: '0900000012',
      display_name: 'Sales Line 1',
      carrier: 'viettel',
      cli_type: 'mobile',
      pool_status: 'cooldown',
      cooldown_until: '2026-06-11T00:00:00+07:00',
      daily_cap: 50,
    },
  ]);
  await ingest('calls', [
    ...dialsFrom('0900000012', 20, { answered: 8, rejected: 1 }, { talk_sec: 31 }),
    ...callsOf(1, { cid: '0900000012', outcome: 'abandoned', talk_sec: 99 }),
    ...callsOf(1, { cid: '0900000012', outcome: 'blocked' }),
    ...callsOf(3, { cid: '0900000012', talk_sec: 29 }),
  ]);
  expect(await health()).toEqual([
    {
      cid: '0900000012',
      display_name: 'Sales Line 1',
      carrier: 'viettel',
      cli_type: 'mobile',
      pool_status: 'cooldown',
      cooldown_until: '2026-06-10T17:00:00.000Z',
      daily_cap: 50,
      total_calls: 24,
      answered_calls: 12,
      asr_pct: 50,
      acd_sec: 28, // (8 x 31 + 3 x 29) / 12 = 27.9
      short_calls: 3,
      short_call_ratio_pct: 12.5,
      rejected_calls: 1,
      health_status: 'healthy',
      health_calls_today: 0,
      health_reasons: [],
    },
  ]);
});

test('registered ones are listed without a dial, and unregistered ones with the defaults', async () => {
  await ingest('caller_ids', [{ cid: '0900000001' }, { cid: '0900000002', display_name: 'Spare' }]);
  await ingest('calls', [
    ...callsOf(2, { cid: '+84900000003' }),
    ...callsOf(1, { cid: '0900000009', outcome: 'blocked' }),
  ]);
  const found = await health();
  expect(
    found.map(({ cid, display_name, total_calls, health_status }) => [cid, display_name, total_calls, health_status]),
  ).toEqual([
    ['+84900000003', null, 2, 'no_data'],
    ['0900000001', null, 0, 'no_data'],
    ['0900000002', 'Spare', 0, 'no_data'],
  ]);
  expect(found[0]).toMatchObject({
    carrier: 'other',
    cli_type: 'fixed_02x',
    pool_status: 'active',
    cooldown_until: null,
    daily_cap: 200,
    health_reasons: [{ code: 'too_few_dials', value: 2, limit: 20, sample: 2 }],
  });
});

test('no data: fewer than 20 dials', async () => {
  expect(await judge([...dialsFrom('19', 19, { answered: 10 }), ...dialsFrom('20', 20, { answered: 10 })])).toEqual({
    '19': ['no_data', 'too_few_dials'],
    '20': ['healthy'],
  });
});

test('rejected: a warning from exactly 10 percent, a block from exactly 20', async () => {
  const verdicts = await judge([
    ...dialsFrom('2 of 21', 21, { answered: 15, rejected: 2 }),
    ...dialsFrom('2 of 20', 20, { answered: 15, rejected: 2 }),
    ...dialsFrom('4 of 21', 21, { answered: 15, rejected: 4 }),
    ...dialsFrom('4 of 20', 20, { answered: 15, rejected: 4 }),
  ]);
  expect(verdicts).toEqual({
    '2 of 21': ['healthy'],
    '2 of 20': ['warning', 'rejected_raised'],
    '4 of 21': ['warning', 'rejected_raised'],
    '4 of 20': ['suspected_block', 'rejected_high'],
  });
});

test('short calls: a warning above 40 percent of dials, not at it; 30 seconds are not short', async () => {
  const short = (cid: string, count: number) => [
    ...callsOf(count, { cid, talk_sec: 29 }),
    ...callsOf(20 - count, { cid, talk_sec: 30 }),
  ];
  expect(await judge([...short('8 of 20', 8), ...short('9 of 20', 9)])).toEqual({
    '8 of 20': ['healthy'],
    '9 of 20': ['warning', 'short_calls'],
  });
});

test('the ASR bound against the caller ID\u2019s own past: either side of a half, and of 80 percent', async () => {
  // 60 of 100 in the 28 days before; 80 dials in the window.
  const past = (cid: string) => dialsFrom(cid, 100, { answered: 60 }, { started_at: '2026-05-20T09:00:00Z' });
  const half = mostBelow(0.3, 80);
  const most = mostBelow(0.48, 80);
  const answers = { 'below half': half, 'above half': half + 1, 'below 80 %': most, 'above 80 %': most + 1 };
  const verdicts = await judge(
    Object.entries(answers).flatMap(([cid, answered]) => [...past(cid), ...dialsFrom(cid, 80, { answered })]),
  );
  expect(verdicts).toEqual({
    'below half': ['suspected_block', 'asr_collapsed'],
    'above half': ['warning', 'asr_dropped'],
    'below 80 %': ['warning', 'asr_dropped'],
    'above 80 %': ['healthy'],
  });
  const [reason] = (await health()).find(({ cid }) => cid === 'below half')?.health_reasons ?? [];
  expect(reason).toEqual({
    code: 'asr_collapsed',
    value: Math.round(wilsonUpper(half, 80) * 10_000) / 100,
    limit: 30,
    sample: 80,
  });
});

test('the past counts from 50 dials on, 28 days back, and with the same filters', async () => {
  const window = (cid: string) => dialsFrom(cid, 40, { answered: 4 });
  const past = (cid: string, dials: number, row: Row) => dialsFrom(cid, dials, { answered: dials }, row);
  const verdicts = await judge([
    ...past('49', 49, { started_at: '2026-05-20T09:00:00Z' }),
    ...past('50', 50, { started_at: '2026-05-20T09:00:00Z' }),
    ...past('first instant', 50, { started_at: '2026-05-04T00:00:00Z' }),
    ...past('too old', 50, { started_at: '2026-05-03T23:59:59.999Z' }),
    ...['49', '50', 'first instant', 'too old'].flatMap(window),
  ]);
  expect(verdicts).toEqual({
    '49': ['healthy'],
    '50': ['suspected_block', 'asr_collapsed'],
    'first instant': ['suspected_block', 'asr_collapsed'],
    'too old': ['healthy'],
  });
  await ingest('calls', past('elsewhere', 50, { started_at: '2026-05-20T09:00:00Z', campaign_id: 2 }));
  await ingest('calls', window('elsewhere'));
  const of = async (params: Record<string, string>) =>
    (await health(params)).find(({ cid }) => cid === 'elsewhere')?.health_status;
  expect([await of({}), await of({ campaign_id: '1' })]).toEqual(['suspected_block', 'healthy']);
});

test('without a past: a block when even the upper bound is below 5 percent', async () => {
  // z^2 / (n + z^2): 5.07 % of 72 silent dials, 4.9993 % of 73.
  expect(await judge([...dialsFrom('72', 72, {}), ...dialsFrom('73', 73, {})])).toEqual({
    '72': ['healthy'],
    '73': ['suspected_block', 'asr_floor'],
  });
});

test('the daily cap: all dials since local midnight, whatever the filters; only for a registered caller ID', async () => {
  await ingest('caller_ids', [{ cid: 'capped', daily_cap: 25 }]);
  await ingest('agents', [agent({ agent_id: 1 })]);
  const now = '2026-06-02T20:00:00Z'; // 03:00 on June 3rd in Ho Chi Minh City
  await ingest('calls', [
    ...dialsFrom('capped', 20, { answered: 10 }, { started_at: '2026-06-02T16:59:59Z' }), // yesterday there
    ...dialsFrom('capped', 5, { answered: 3 }, { started_at: '2026-06-02T17:00:00Z', campaign_id: 2 }),
    ...callsOf(3, { cid: 'capped', started_at: '2026-06-02T18:00:00Z', outcome: 'blocked' }),
    ...dialsFrom('free', 250, { answered: 100 }, { started_at: '2026-06-02T18:00:00Z' }),
  ]);
  const today = async (timezone: string, params = {}) =>
    (await health({ timezone, ...params }, { now })).map(
      ({ cid, health_calls_today, health_status, health_reasons }) => [
        cid,
        health_calls_today,
        health_status,
        ...health_reasons.map(({ code }) => code),
      ],
    );
  expect(await today('UTC')).toEqual([
    ['free', 250, 'healthy'],
    ['capped', 25, 'warning', 'daily_cap_reached'],
  ]);
  expect(await today('Asia/Ho_Chi_Minh')).toEqual([
    ['free', 250, 'healthy'],
    ['capped', 5, 'healthy'],
  ]);
  expect(await today('UTC', { campaign_id: '1' })).toEqual([
    ['free', 250, 'healthy'],
    ['capped', 25, 'warning', 'daily_cap_reached'],
  ]);
});

test('every rule of the status that holds is told, and none of a lesser one', async () => {
  const past = dialsFrom('worn', 50, { answered: 50 }, { started_at: '2026-05-20T09:00:00Z' });
  const verdicts = await judge([...past, ...dialsFrom('worn', 100, { rejected: 30 })]);
  expect(verdicts).toEqual({ worn: ['suspected_block', 'asr_collapsed', 'asr_floor', 'rejected_high'] });
});

const judging = (health: Partial<Settings['health']>, others: Partial<Settings> = {}) => ({
  settings: { ...defaultSettings, ...others, health: { ...defaultSettings.health, ...health } },
});
const statuses = async (options: object) =>
  Object.fromEntries((await health({}, options)).map(({ cid, health_status }) => [cid, health_status]));

test('an edge is an edge whatever the number of dials: 20 percent of 35, 10 of 30, 40 of 35', async () => {
  const short = (cid: string, count: number) => [
    ...callsOf(count, { cid, talk_sec: 29 }),
    ...callsOf(35 - count, { cid, talk_sec: 30 }),
  ];
  expect(
    await judge([
      ...dialsFrom('7 of 35', 35, { answered: 20, rejected: 7 }),
      ...dialsFrom('6 of 35', 35, { answered: 20, rejected: 6 }),
      ...dialsFrom('3 of 30', 30, { answered: 20, rejected: 3 }),
      ...dialsFrom('3 of 31', 31, { answered: 20, rejected: 3 }),
      ...short('14 short of 35', 14),
      ...short('15 short of 35', 15),
    ]),
  ).toEqual({
    '7 of 35': ['suspected_block', 'rejected_high'],
    '6 of 35': ['warning', 'rejected_raised'],
    '3 of 30': ['warning', 'rejected_raised'],
    '3 of 31': ['healthy'],
    '14 short of 35': ['healthy'],
    '15 short of 35': ['warning', 'short_calls'],
  });
});

test('limits with decimals are met exactly, where floats would miss them', async () => {
  // 64.4 x 250 is a little more than 16,100 in floats.
  expect(64.4 * 250).toBeGreaterThan(16_100);
  await ingest('calls', [
    ...dialsFrom('161 of 250', 250, { answered: 60, rejected: 161 }),
    ...dialsFrom('160 of 250', 250, { answered: 60, rejected: 160 }),
  ]);
  const options = judging({ warn_rejected_pct: 64.4, block_rejected_pct: 100 });
  expect(await statuses(options)).toEqual({ '161 of 250': 'warning', '160 of 250': 'healthy' });
  expect((await health({}, options))[0]?.health_reasons ?? []).toEqual([]);
  expect((await health({}, options))[1]?.health_reasons).toEqual([
    { code: 'rejected_raised', value: 64.4, limit: 64.4, sample: 250 },
  ]);
});

test('a bound of exactly 100 percent is not below 100 percent', async () => {
  const past = (cid: string) => dialsFrom(cid, 50, { answered: 50 }, { started_at: '2026-05-20T09:00:00Z' });
  // The bound of all answered is 1; in floats it comes out a little below with 25, 27 or 28 dials.
  const sizes = [20, 25, 27, 28, 34];
  await ingest('calls', [
    ...sizes.flatMap((size) => [...past(String(size)), ...dialsFrom(String(size), size, { answered: size })]),
    ...past('one missing'),
    ...dialsFrom('one missing', 25, { answered: 24 }),
  ]);
  const all = judging({ warn_below_baseline_pct: 100, block_below_asr_pct: 100, block_below_baseline_pct: 100 });
  expect(await statuses(all)).toEqual({
    ...Object.fromEntries(sizes.map((size) => [size, 'healthy'])),
    'one missing': 'suspected_block',
  });
});

test('the daily cap: below, at, above', async () => {
  const caps = ['0910', '0911', '0912'];
  await ingest(
    'caller_ids',
    caps.map((cid) => ({ cid, daily_cap: 21 })),
  );
  await ingest(
    'calls',
    caps.flatMap((cid, index) => dialsFrom(cid, 20 + index, { answered: 10 })),
  );
  const found = await health({}, { now: '2026-06-01T23:00:00Z' });
  expect(found.map(({ cid, health_reasons }) => [cid, ...health_reasons])).toEqual([
    ['0912', { code: 'daily_cap_reached', value: 22, limit: 21, sample: 22 }],
    ['0911', { code: 'daily_cap_reached', value: 21, limit: 21, sample: 21 }],
    ['0910'],
  ]);
});

test('every threshold is the tenant\u2019s own', async () => {
  await ingest('calls', [
    ...dialsFrom('worn', 60, { answered: 60 }, { started_at: '2026-05-30T09:00:00Z' }),
    ...dialsFrom('worn', 40, { answered: 20, rejected: 3 }, { talk_sec: 10 }),
  ]);
  const verdict = async (rules: Partial<Settings['health']>, others?: Partial<Settings>) => {
    const [found] = await health({}, judging(rules, others));
    return [found?.health_status, ...(found?.health_reasons ?? []).map(({ code, limit }) => `${code} ${limit}`)];
  };
  // 20 of 40: an upper bound of 64.801 %; 60 of 60 before; 20 short calls; 3 rejected, 7.5 %.
  const calm = { warn_short_calls_pct: 50, warn_below_baseline_pct: 0, block_below_baseline_pct: 0 };
  expect(await verdict({})).toEqual(['warning', 'asr_dropped 80', 'short_calls 40']);
  expect(await verdict(calm)).toEqual(['healthy']);
  expect(await verdict({ ...calm, min_dials: 41 })).toEqual(['no_data', 'too_few_dials 41']);
  expect(await verdict({ ...calm, min_dials: 40 })).toEqual(['healthy']);
  expect(await verdict({ ...calm, warn_below_baseline_pct: 64.81 })).toEqual(['warning', 'asr_dropped 64.81']);
  expect(await verdict({ ...calm, warn_below_baseline_pct: 64.8 })).toEqual(['healthy']);
  expect(await verdict({ ...calm, warn_below_baseline_pct: 80, baseline_days: 1 })).toEqual(['healthy']);
  expect(await verdict({ ...calm, warn_below_baseline_pct: 80, baseline_days: 2 })).toEqual([
    'warning',
    'asr_dropped 80',
  ]);
  expect(await verdict({ ...calm, warn_below_baseline_pct: 80, baseline_min_dials: 61 })).toEqual(['healthy']);
  expect(await verdict({ ...calm, block_below_baseline_pct: 65 })).toEqual(['suspected_block', 'asr_collapsed 65']);
  expect(await verdict({ ...calm, block_below_asr_pct: 64.81 })).toEqual(['suspected_block', 'asr_floor 64.81']);
  expect(await verdict({ ...calm, block_rejected_pct: 7.5 })).toEqual(['suspected_block', 'rejected_high 7.5']);
  expect(await verdict({ ...calm, block_rejected_pct: 7.51 })).toEqual(['healthy']);
  expect(await verdict({ ...calm, warn_rejected_pct: 7.5 })).toEqual(['warning', 'rejected_raised 7.5']);
  expect(await verdict({ ...calm, warn_short_calls_pct: 49.99 })).toEqual(['warning', 'short_calls 49.99']);
  expect(await verdict({}, { meaningful_talk_sec: 10 })).toEqual(['warning', 'asr_dropped 80']);
});

interface Day {
  day: string;
  dials: number;
  answers: number;
  asr_pct: number;
}

test('trend: each local day on which a caller ID dialed, in order', async () => {
  await ingest('caller_ids', [{ cid: 'quiet' }]);
  await ingest('calls', [
    ...callsOf(2, { cid: '0900', started_at: '2026-06-03T16:59:59.999Z' }), // June 3rd in Ho Chi Minh City
    ...callsOf(1, { cid: '0900', started_at: '2026-06-03T17:00:00Z' }), // June 4th there
    ...callsOf(2, { cid: '0900', started_at: '2026-06-03T18:00:00Z', outcome: 'no_answer' }),
    ...callsOf(1, { cid: '0900', started_at: '2026-06-01T18:00:00Z', outcome: 'abandoned' }),
    ...callsOf(1, { cid: '0900', started_at: '2026-06-06T09:00:00Z', outcome: 'blocked' }),
    ...callsOf(1, { cid: '0901', started_at: '2026-06-05T09:00:00Z', campaign_id: 2 }),
  ]);
  const trends = async (params: Record<string, string>) =>
    Object.fromEntries((await health({ trend: '1', ...params })).map(({ cid, trend }) => [cid, trend as Day[]]));
  expect(await trends({ timezone: 'Asia/Ho_Chi_Minh' })).toEqual({
    '0900': [
      { day: '2026-06-02', dials: 1, answers: 1, asr_pct: 100 },
      { day: '2026-06-03', dials: 2, answers: 2, asr_pct: 100 },
      { day: '2026-06-04', dials: 3, answers: 1, asr_pct: 33.3 },
    ],
    '0901': [{ day: '2026-06-05', dials: 1, answers: 1, asr_pct: 100 }],
    quiet: [],
  });
  expect((await trends({}))['0900']?.map(({ day, dials }) => [day, dials])).toEqual([
    ['2026-06-01', 1],
    ['2026-06-03', 5],
  ]);
  const ofCampaign = await health({ trend: '1', campaign_id: '1' });
  expect(ofCampaign.map(({ cid }) => cid)).toEqual(['0900', 'quiet']);
  for (const { trend, total_calls, answered_calls } of ofCampaign) {
    expect((trend as Day[]).reduce((sum, { dials }) => sum + dials, 0)).toBe(total_calls);
    expect((trend as Day[]).reduce((sum, { answers }) => sum + answers, 0)).toBe(answered_calls);
  }
  for (const row of await health()) expect(row).not.toHaveProperty('trend');
});

test('the worked example of the page on compliance: 60 of 100 before, 6 or 7 of 40 now', async () => {
  const past = (cid: string) => dialsFrom(cid, 100, { answered: 60 }, { started_at: '2026-05-20T09:00:00Z' });
  await ingest('calls', [
    ...['6 of 40', '7 of 40'].flatMap(past),
    ...dialsFrom('6 of 40', 40, { answered: 6 }),
    ...dialsFrom('7 of 40', 40, { answered: 7 }),
  ]);
  const found = (await health()).map(({ cid, health_status, health_reasons }) => [
    cid,
    health_status,
    ...health_reasons,
  ]);
  expect(found).toEqual([
    ['6 of 40', 'suspected_block', { code: 'asr_collapsed', value: 29.07, limit: 30, sample: 40 }],
    ['7 of 40', 'warning', { code: 'asr_dropped', value: 31.95, limit: 48, sample: 40 }],
  ]);
});
