import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { toComparisonSchema } from '../../src/engine/comparison-schema.ts';
import { reportOf } from '../questions.ts';
import { agent, call, callsOf, lead, openWorld, type Row } from '../world.ts';

const world = openWorld();
const day = (date: string) => ({ date_from: date, date_to: date });
/** The first row of a comparison, with the figure that a story is about. */
const figureOf = ({ rows }: Awaited<ReturnType<typeof world.compare>>, figure: string, index = 0) => {
  const row = rows[index];
  return [row?.previous[figure], row?.change[figure], row?.better[figure]];
};
const at = (started_at: string, row: Row = {}) => call({ started_at, ...row });

describe('a figure', () => {
  test('counts change in per cent, rates in points, times in seconds; good where more or less of it is', async () => {
    await world.ingest('calls', [
      ...callsOf(3, { started_at: '2026-06-01T09:00:00Z', talk_sec: 100 }),
      at('2026-06-01T09:00:00Z', { outcome: 'blocked', block_reason: 'pdpl' }),
      at('2026-06-01T09:00:00Z', { outcome: 'no_answer' }),
      ...callsOf(2, { started_at: '2026-06-02T09:00:00Z', talk_sec: 45 }),
      ...callsOf(4, { started_at: '2026-06-02T09:00:00Z', outcome: 'no_answer' }),
      ...callsOf(2, { started_at: '2026-06-02T09:00:00Z', outcome: 'blocked', block_reason: 'pdpl' }),
    ]);
    const found = await world.compare('dashboard', { ...day('2026-06-02'), compare: 'previous' });
    expect(found.window).toEqual({
      kind: 'previous',
      from: '2026-06-01T00:00:00.000Z',
      to: '2026-06-02T00:00:00.000Z',
      whole: null,
      compared_until: null,
      is_same_length: true,
    });
    expect(found.rows).toEqual([
      {
        key: {},
        previous: {
          total_dials: 4,
          total_answers: 3,
          answer_rate_pct: '75.00',
          avg_talk_time_sec: '100.0',
          total_talk_time_sec: '300',
          unique_agents: 1,
          pdpl_blocked_count: 1,
          avg_aht_sec: 100,
          conversions: 0,
          conv_rate: 0,
        },
        change: {
          total_dials: 50,
          total_answers: -33.33,
          answer_rate_pct: -41.67,
          avg_talk_time_sec: -55,
          total_talk_time_sec: -210,
          unique_agents: 0,
          pdpl_blocked_count: 100,
          avg_aht_sec: -55,
          conversions: null,
          conv_rate: 0,
        },
        better: {
          total_dials: null,
          total_answers: false,
          answer_rate_pct: false,
          avg_talk_time_sec: null,
          total_talk_time_sec: null,
          unique_agents: null,
          pdpl_blocked_count: false,
          avg_aht_sec: null,
          conversions: null,
          conv_rate: null,
        },
      },
    ]);
  });

  test('0 of 50 is a rate; 0 of 0 is none', async () => {
    await world.ingest('calls', [
      ...callsOf(50, { started_at: '2026-06-01T09:00:00Z', outcome: 'no_answer' }),
      ...callsOf(1, { started_at: '2026-06-02T09:00:00Z' }),
      ...callsOf(1, { started_at: '2026-06-02T09:00:00Z', outcome: 'no_answer' }),
    ]);
    const after = await world.compare('dashboard', { ...day('2026-06-02'), compare: 'previous' });
    expect(figureOf(after, 'answer_rate_pct')).toEqual(['0.00', 50, true]);
    expect(figureOf(after, 'total_answers')).toEqual([0, null, null]);
    // Nobody talked on the 50: there is no average to be above of.
    expect(figureOf(after, 'avg_talk_time_sec')).toEqual(['0.0', null, null]);
    const before = await world.compare('dashboard', { ...day('2026-06-01'), compare: 'previous' });
    expect(figureOf(before, 'answer_rate_pct')).toEqual(['0.00', null, null]);
    expect(figureOf(before, 'total_talk_time_sec')).toEqual(['0', 0, null]);
  });

  test('points are exact, and halves round away from zero', async () => {
    await world.ingest('calls', [
      ...callsOf(32, { started_at: '2026-06-01T09:00:00Z', outcome: 'no_answer' }),
      ...callsOf(33, { started_at: '2026-06-02T09:00:00Z', outcome: 'no_answer' }),
      ...callsOf(31, { started_at: '2026-06-03T09:00:00Z', outcome: 'no_answer' }),
    ]);
    // 1 / 32 is 3.125 %.
    const up = await world.compare('dashboard', { ...day('2026-06-02'), compare: '2026-06-01..2026-06-01' });
    const down = await world.compare('dashboard', { ...day('2026-06-03'), compare: '2026-06-01..2026-06-01' });
    expect([figureOf(up, 'total_dials')[1], figureOf(down, 'total_dials')[1]]).toEqual([3.13, -3.13]);
  });

  test('what is of the present is not compared', async () => {
    await world.ingest('calls', [at('2026-06-02T09:00:00Z', { cid: '0900' })]);
    const { rows } = await world.compare('caller-id-health', { ...day('2026-06-02'), compare: 'week' });
    expect(Object.keys(rows[0]?.change ?? {})).toEqual([
      'total_calls',
      'answered_calls',
      'asr_pct',
      'acd_sec',
      'short_calls',
      'short_call_ratio_pct',
      'rejected_calls',
    ]);
  });
});

describe('rows', () => {
  test('new ones were nothing before; gone ones are listed behind, by their names', async () => {
    await world.ingest('agents', [agent({ agent_id: 1 }), agent({ agent_id: 2, username: 'two' })]);
    await world.ingest('calls', [
      ...callsOf(2, { started_at: '2026-06-01T09:00:00Z', agent_id: 2 }),
      at('2026-06-02T09:00:00Z', { agent_id: 1 }),
    ]);
    const { rows } = await world.compare('agent-performance', { ...day('2026-06-02'), compare: 'previous' });
    const [first, second] = rows;
    expect(first).toMatchObject({ key: { agent_id: 1 }, previous: { dials: 0, avg_aht_sec: 0 } });
    expect(first).toMatchObject({ change: { dials: null, avg_aht_sec: null, conv_rate: null } });
    expect(first?.named).toBeUndefined();
    expect(second).toMatchObject({
      key: { agent_id: 2 },
      named: { name: 'Agent of 2', username: 'two' },
      previous: { dials: 2, avg_aht_sec: 60 },
      change: { dials: -100, answers: -100, avg_aht_sec: null },
      better: { dials: null, answers: false },
    });
    expect(rows).toHaveLength(2);
  });

  test('a caller ID that is gone is called by what it is, and has no health of another time', async () => {
    const { health_status, ...names } = { health_status: 'healthy', carrier: 'other', pool_status: 'active' };
    await world.ingest('calls', callsOf(30, { started_at: '2026-06-01T09:00:00Z', cid: '0900' }));
    const before = await world.ask('caller-id-health', day('2026-06-01'));
    expect(before).toMatchObject([{ cid: '0900', health_status, ...names }]);
    const compared = await world.compare('caller-id-health', { ...day('2026-06-02'), compare: 'previous' });
    const { rows } = compared;
    expect(rows).toMatchObject([{ key: { cid: '0900' }, named: names, change: { total_calls: -100 } }]);
    expect(Object.keys(rows[0]?.named ?? {})).not.toContain('health_status');
    expect(Object.keys(rows[0]?.named ?? {})).not.toContain('health_reasons');
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    expect(ajv.validate(toComparisonSchema(reportOf('caller-id-health')), compared), ajv.errorsText()).toBe(true);
  });

  test('filters hold in both windows', async () => {
    await world.ingest('calls', [
      at('2026-06-01T09:00:00Z', { agent_id: 2 }),
      at('2026-06-01T09:00:00Z', { agent_id: 1 }),
      at('2026-06-02T09:00:00Z', { agent_id: 1 }),
    ]);
    const asked = { ...day('2026-06-02'), compare: 'previous', agent_ids: '1' };
    expect(figureOf(await world.compare('dashboard', asked), 'total_dials')).toEqual([1, 0, null]);
  });
});

describe('a window that still runs', () => {
  test('is compared until the last call: half a day with half a day', async () => {
    await world.ingest('calls', [
      ...callsOf(4, { started_at: '2026-06-01T08:00:00Z' }),
      ...callsOf(6, { started_at: '2026-06-01T15:00:00Z' }),
      ...callsOf(4, { started_at: '2026-06-02T09:30:00Z' }),
    ]);
    const asked = { ...day('2026-06-02'), compare: 'previous' };
    const found = await world.compare('dashboard', asked, { now: '2026-06-02T18:00:00Z' });
    expect(found.window).toEqual({
      kind: 'previous',
      from: '2026-06-01T00:00:00.000Z',
      to: '2026-06-01T09:30:00.001Z',
      whole: { from: '2026-06-01T00:00:00.000Z', to: '2026-06-02T00:00:00.000Z' },
      compared_until: '2026-06-02T09:30:00.001Z',
      is_same_length: true,
    });
    expect(figureOf(found, 'total_dials')).toEqual([4, 0, null]);
    // By another campaign the calls go until now.
    await world.ingest('calls', [at('2026-06-02T17:59:00Z', { campaign_id: 2 })]);
    const narrowed = await world.compare('dashboard', { ...asked, campaign_id: '1' }, { now: '2026-06-02T18:00:00Z' });
    expect(figureOf(narrowed, 'total_dials')).toEqual([4, 0, null]);
    const whole = await world.compare('dashboard', asked, { now: '2026-06-02T18:00:00Z' });
    expect(figureOf(whole, 'total_dials')).toEqual([10, -50, null]);
  });

  test('without any call is compared until now: that may be a bad day', async () => {
    await world.ingest('calls', callsOf(4, { started_at: '2026-06-01T08:00:00Z' }));
    const asked = { ...day('2026-06-02'), compare: 'previous' };
    const found = await world.compare('dashboard', asked, { now: '2026-06-02T18:00:00Z' });
    expect(found.window.to).toBe('2026-06-01T18:00:00.000Z');
    expect(figureOf(found, 'total_dials')).toEqual([4, -100, null]);
  });

  test('leaves out what is dated later, agents and leads as well', async () => {
    await world.ingest('calls', [
      at('2026-06-01T08:00:00Z'),
      at('2026-06-02T08:00:00Z'),
      ...callsOf(3, { started_at: '2026-06-02T20:00:00Z', agent_id: 7 }),
    ]);
    await world.ingest('leads', [
      lead({ lead_id: 1, created_at: '2026-06-01T07:00:00Z' }),
      lead({ lead_id: 2, created_at: '2026-06-02T07:00:00Z' }),
      lead({ lead_id: 3, created_at: '2026-06-02T10:00:00Z' }),
    ]);
    const asked = { ...day('2026-06-02'), compare: 'previous' };
    const options = { now: '2026-06-02T12:00:00Z' };
    const found = await world.compare('dashboard', asked, options);
    expect(figureOf(found, 'total_dials')).toEqual([1, 0, null]);
    expect(figureOf(found, 'unique_agents')).toEqual([1, 0, null]);
    expect(figureOf(await world.compare('funnel', asked, options), 'count')).toEqual([1, 0, null]);
    const agents = await world.compare('agent-performance', asked, options);
    expect(agents.rows.map(({ key, change }) => [key.agent_id, change.dials])).toEqual([
      [7, null],
      [1, 0],
    ]);
    const hours = { ...asked, group_by: 'hour', fill: 'zero' };
    const series = await world.compare('time-series', hours, options);
    expect(series.rows[20]).toEqual({
      key: { bucket: '2026-06-02 20:00:00' },
      previous: { dials: 0, answers: 0, talk_sec: 0, conversions: 0 },
      change: { dials: null, answers: null, talk_sec: null, conversions: null },
      better: { dials: null, answers: null, talk_sec: null, conversions: null },
    });
  });

  test('of the future has nothing to be compared, and says so', async () => {
    await world.ingest('calls', [at('2026-06-30T08:00:00Z'), at('2026-07-02T09:00:00Z')]);
    for (const report of ['dashboard', 'time-series', 'hour-dow-heatmap']) {
      const found = await world.compare(report, { ...day('2026-07-01'), compare: 'previous' });
      expect(found.window).toMatchObject({
        from: '2026-06-30T00:00:00.000Z',
        to: '2026-06-30T00:00:00.000Z',
        compared_until: '2026-07-01T00:00:00.000Z',
      });
      expect(new Set(found.rows.flatMap(({ previous }) => Object.values(previous).map(Number)))).toEqual(
        report === 'time-series' ? new Set() : new Set([0]),
      );
    }
  });
});

describe('times', () => {
  test('days are matched by their place in the window, quiet ones are zeroes', async () => {
    await world.ingest('calls', [
      ...callsOf(2, { started_at: '2026-05-25T09:00:00Z' }),
      ...callsOf(1, { started_at: '2026-05-28T09:00:00Z' }),
      ...callsOf(3, { started_at: '2026-06-01T09:00:00Z' }),
      ...callsOf(1, { started_at: '2026-06-02T09:00:00Z' }),
    ]);
    const { rows } = await world.compare('time-series', { compare: 'week' });
    expect(
      rows.map(({ key, previous, change, named }) => [key, previous.bucket, previous.dials, change.dials, named]),
    ).toEqual([
      [{ bucket: '2026-06-01' }, '2026-05-25', 2, 50, undefined],
      [{ bucket: '2026-06-02' }, '2026-05-26', 0, null, undefined],
      [{ bucket: '2026-06-04' }, '2026-05-28', 1, -100, {}],
    ]);
    const weeks = await world.compare('time-series', { compare: 'week', group_by: 'week' });
    expect(weeks.rows.map(({ key, previous }) => [key.bucket, previous.bucket, previous.dials])).toEqual([
      ['2026-W23', '2026-W22', 3],
    ]);
  });

  test('beyond the end of a shorter window, days go on', async () => {
    await world.ingest('calls', [at('2026-05-03T09:00:00Z'), at('2026-06-01T09:00:00Z')]);
    const found = await world.compare('time-series', { ...day('2026-06-01'), compare: '2026-05-01..2026-05-03' });
    expect(found.window.is_same_length).toBe(false);
    expect(found.rows.map(({ key, previous }) => [key.bucket, previous.bucket])).toEqual([
      ['2026-06-01', '2026-05-01'],
      ['2026-06-03', '2026-05-03'],
    ]);
  });

  test('hours are those of the same clock, over nights on which clocks change', async () => {
    const timezone = 'America/New_York';
    // Clocks went from 2 to 3 on the 8th of March.
    await world.ingest('calls', [
      at('2026-03-07T06:30:00Z'),
      at('2026-03-07T07:30:00Z'),
      ...callsOf(2, { started_at: '2026-03-07T08:30:00Z' }),
      ...callsOf(3, { started_at: '2026-03-08T07:30:00Z' }),
    ]);
    const { rows } = await world.compare('time-series', {
      ...day('2026-03-08'),
      compare: 'previous',
      group_by: 'hour',
      timezone,
    });
    expect(rows.map(({ key, previous, change }) => [key.bucket, previous.bucket, change.dials])).toEqual([
      ['2026-03-08 03:00:00', '2026-03-07 03:00:00', 50],
      ['2026-03-08 01:00:00', '2026-03-07 01:00:00', -100],
      ['2026-03-08 02:00:00', '2026-03-07 02:00:00', -100],
    ]);
  });

  test('an hour of a weekday is compared by how many of it either window has', async () => {
    // Ten days from Monday have two Mondays; the ten before have one Monday, and two Saturdays.
    await world.ingest('calls', [
      ...callsOf(3, { started_at: '2026-06-01T09:00:00Z' }),
      ...callsOf(3, { started_at: '2026-06-08T09:00:00Z' }),
      ...callsOf(2, { started_at: '2026-05-25T09:00:00Z', outcome: 'no_answer' }),
      ...callsOf(1, { started_at: '2026-06-06T09:00:00Z' }),
      ...callsOf(4, { started_at: '2026-05-30T09:00:00Z' }),
    ]);
    const ten = { date_from: '2026-06-01', date_to: '2026-06-10', compare: 'previous' };
    const found = await world.compare('hour-dow-heatmap', ten, { now: '2026-06-20T00:00:00Z' });
    const slot = (weekday: number) => found.rows[weekday * 24 + 9];
    // 6 of two Mondays after 2 of one.
    expect(slot(1)).toMatchObject({ previous: { dials: 2 }, change: { dials: 50, answer_rate_pct: 100 } });
    // 1 of one Saturday after 4 of two.
    expect(slot(6)).toMatchObject({ previous: { dials: 4 }, change: { dials: -50, answered: -50 } });
    expect(found.rows).toHaveLength(168);
  });
});

test('the abandon rate is compared over its own window', async () => {
  await world.ingest('campaigns', [{ campaign_id: 1, name: 'One', abandon_window_minutes: 1440 }]);
  await world.ingest('calls', [
    ...callsOf(9, { started_at: '2026-06-10T09:00:00Z' }),
    at('2026-06-10T09:00:00Z', { outcome: 'abandoned' }),
    ...callsOf(3, { started_at: '2026-06-09T09:00:00Z' }),
    at('2026-06-09T09:00:00Z', { outcome: 'abandoned' }),
  ]);
  const found = await world.compare('abandon-rate', { campaign_id: '1', compare: 'previous' });
  expect(found.window).toMatchObject({ from: '2026-06-08T12:00:00.000Z', to: '2026-06-09T12:00:00.000Z' });
  expect(found.rows).toEqual([
    {
      key: {},
      previous: {
        attempts_total: 4,
        attempts_abandoned: 1,
        abandon_rate_pct: 25,
        answers_total: 4,
        live_abandon_rate_pct: 25,
        allowed_more: 0,
      },
      change: {
        attempts_total: 150,
        attempts_abandoned: 0,
        abandon_rate_pct: -15,
        answers_total: 150,
        live_abandon_rate_pct: -15,
        allowed_more: null,
      },
      better: {
        attempts_total: null,
        attempts_abandoned: null,
        abandon_rate_pct: true,
        answers_total: true,
        live_abandon_rate_pct: true,
        allowed_more: null,
      },
    },
  ]);
});

test('the first days that there are can be compared', async () => {
  for (const compare of ['previous', 'week', 'year']) {
    const asked = { date_from: '1971-01-01', date_to: '1971-03-31', compare, timezone: 'Asia/Kathmandu' };
    for (const report of ['dashboard', 'caller-id-health', 'time-series', 'funnel']) await world.compare(report, asked);
  }
});
