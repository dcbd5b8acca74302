import { expect, test } from 'vitest';
import { call, callsOf, openWorld } from '../world.ts';

const { ingest, ask } = openWorld();
const heatmap = (params = {}) => ask('hour-dow-heatmap', params);
/** The slots with a dial, as [day, hour, dials, answered, rate]. */
const busy = async (params = {}) =>
  (await heatmap(params)).filter(({ dials }) => dials !== 0).map((slot) => Object.values(slot));

test('168 slots, Sunday first, quiet ones as zeroes', async () => {
  const slots = await heatmap();
  expect(slots).toHaveLength(168);
  expect(slots[0]).toEqual({ day_of_week: 0, hour: 0, dials: 0, answered: 0, answer_rate_pct: 0 });
  expect(slots.map(({ day_of_week, hour }) => Number(day_of_week) * 24 + Number(hour))).toEqual([...slots.keys()]);
});

test('a call belongs to the weekday and hour in which it started', async () => {
  await ingest('calls', [
    call({ started_at: '2026-06-01T09:59:59.999Z', talk_sec: 7200 }), // Monday
    call({ started_at: '2026-06-01T09:00:00Z', outcome: 'busy' }),
    call({ started_at: '2026-06-07T23:30:00Z', outcome: 'abandoned' }), // Sunday
    call({ started_at: '2026-06-06T12:00:00Z', outcome: 'blocked' }),
  ]);
  expect(await busy()).toEqual([
    [0, 23, 1, 1, 100],
    [1, 9, 2, 1, 50],
  ]);
});

test('days and hours are those of the zone asked for', async () => {
  await ingest('calls', [call({ started_at: '2026-06-01T18:20:00Z' })]);
  const window = { date_from: '2026-06-01T00:00:00Z', date_to: '2026-06-03T00:00:00Z' };
  expect(await busy({ ...window, timezone: 'Asia/Ho_Chi_Minh' })).toEqual([[2, 1, 1, 1, 100]]);
  expect(await busy({ ...window, timezone: 'Asia/Kathmandu' })).toEqual([[2, 0, 1, 1, 100]]);
  expect(await busy({ ...window, timezone: 'america/new_york' })).toEqual([[1, 14, 1, 1, 100]]);
});

test('the hour that a DST night repeats is one slot', async () => {
  // New York, Sunday 2026-11-01: 01:30 happens twice.
  await ingest('calls', [
    call({ started_at: '2026-11-01T05:30:00Z' }),
    call({ started_at: '2026-11-01T06:30:00Z', outcome: 'no_answer' }),
    call({ started_at: '2026-11-01T07:30:00Z' }),
  ]);
  const day = { date_from: '2026-11-01', date_to: '2026-11-01', timezone: 'America/New_York' };
  expect(await busy(day)).toEqual([
    [0, 1, 2, 1, 50],
    [0, 2, 1, 1, 100],
  ]);
});

test('rates are rounded half up to one decimal: one of 16 is 6.3', async () => {
  await ingest('calls', [call(), ...callsOf(15, { outcome: 'busy' })]);
  expect(await busy()).toEqual([[1, 9, 16, 1, 6.3]]);
});

test('its slots sum to the dashboard', async () => {
  const hours = ['2026-06-01T00:00:00Z', '2026-06-03T11:45:00Z', '2026-06-07T23:59:59Z'];
  await ingest(
    'calls',
    hours.map((started_at, index) => call({ started_at, outcome: index === 1 ? 'busy' : 'answered' })),
  );
  const slots = await heatmap({ timezone: 'Australia/Lord_Howe', date_from: '2026-05-31', date_to: '2026-06-09' });
  const sum = (column: string) => slots.reduce((total, slot) => total + Number(slot[column]), 0);
  expect([sum('dials'), sum('answered')]).toEqual([3, 2]);
  expect(await ask('dashboard')).toMatchObject({ total_dials: 3, total_answers: 2 });
});
