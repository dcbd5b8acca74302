import { expect, test } from 'vitest';
import { call, openWorld } from '../world.ts';

const { ingest, ask } = openWorld();
const series = (params = {}) => ask('time-series', params);
/** The buckets with their dials. */
const dials = async (params = {}) => (await series(params)).map(({ bucket, dials }) => [bucket, dials]);

test('by day: only days with a dial, in order', async () => {
  await ingest('calls', [
    call({ started_at: '2026-06-05T10:00:00Z', talk_sec: 45 }),
    call({ started_at: '2026-06-01T10:00:00Z', is_conversion: true }),
    call({ started_at: '2026-06-01T11:00:00Z', outcome: 'abandoned', talk_sec: 9 }),
    call({ started_at: '2026-06-01T12:00:00Z', outcome: 'no_answer' }),
    call({ started_at: '2026-06-03T10:00:00Z', outcome: 'blocked' }),
  ]);
  expect(await series()).toEqual([
    { bucket: '2026-06-01', dials: 3, answers: 2, talk_sec: 60, conversions: 1 },
    { bucket: '2026-06-05', dials: 1, answers: 1, talk_sec: 45, conversions: 0 },
  ]);
});

test('fill=zero adds a row for each quiet day of the window', async () => {
  await ingest('calls', [call({ started_at: '2026-06-02T10:00:00Z' })]);
  expect(await series({ fill: 'zero', date_to: '2026-06-03' })).toEqual([
    { bucket: '2026-06-01', dials: 0, answers: 0, talk_sec: 0, conversions: 0 },
    { bucket: '2026-06-02', dials: 1, answers: 1, talk_sec: 60, conversions: 0 },
    { bucket: '2026-06-03', dials: 0, answers: 0, talk_sec: 0, conversions: 0 },
  ]);
});

test('weeks are ISO 8601: the year is the week\u2019s own', async () => {
  await ingest('calls', [
    call({ started_at: '2024-12-29T12:00:00Z' }), // Sunday
    call({ started_at: '2024-12-30T12:00:00Z' }), // Monday of 2025-W01
    call({ started_at: '2026-12-31T12:00:00Z' }),
    call({ started_at: '2027-01-03T12:00:00Z' }), // Sunday of 2026-W53
    call({ started_at: '2027-01-04T12:00:00Z' }),
  ]);
  expect(await dials({ group_by: 'week', date_from: '2024-12-01', date_to: '2025-01-31' })).toEqual([
    ['2024-W52', 1],
    ['2025-W01', 1],
  ]);
  expect(await dials({ group_by: 'week', date_from: '2026-12-31', date_to: '2027-01-10', fill: 'zero' })).toEqual([
    ['2026-W53', 2],
    ['2027-W01', 1],
  ]);
});

test('labels are local time, also where the offset is not a whole hour', async () => {
  await ingest('calls', [call({ started_at: '2026-06-01T18:14:59Z' }), call({ started_at: '2026-06-01T18:15:00Z' })]);
  const window = { date_from: '2026-06-01', date_to: '2026-06-02', timezone: 'Asia/Kathmandu' };
  expect(await dials(window)).toEqual([
    ['2026-06-01', 1],
    ['2026-06-02', 1],
  ]);
  expect(await dials({ ...window, group_by: 'hour' })).toEqual([
    ['2026-06-01 23:00:00', 1],
    ['2026-06-02 00:00:00', 1],
  ]);
});

test('the repeated hour of a DST day is one bucket; the day has 24 labels in 25 hours', async () => {
  await ingest('calls', [call({ started_at: '2026-11-01T05:30:00Z' }), call({ started_at: '2026-11-01T06:30:00Z' })]);
  const day = { date_from: '2026-11-01', date_to: '2026-11-01', timezone: 'America/New_York', group_by: 'hour' };
  expect(await dials(day)).toEqual([['2026-11-01 01:00:00', 2]]);
  const filled = await dials({ ...day, fill: 'zero' });
  expect(filled).toHaveLength(24);
  expect(filled.map(([, count]) => Number(count)).reduce((sum, count) => sum + count)).toBe(2);
});

test('a DST day of 23 hours has 23 labels, also where midnight is the hour that is missing', async () => {
  const springs = [
    { timezone: 'America/New_York', date_from: '2026-03-08', missing: '02:00:00' },
    { timezone: 'America/Santiago', date_from: '2026-09-06', missing: '00:00:00' },
  ];
  for (const { missing, ...spring } of springs) {
    const labels = (await series({ ...spring, date_to: spring.date_from, group_by: 'hour', fill: 'zero' })).map(
      ({ bucket }) => bucket,
    );
    expect(labels).toHaveLength(23);
    expect(labels).not.toContain(`${spring.date_from} ${missing}`);
  }
});

test('buckets sum to the dashboard, whatever their length', async () => {
  const starts = ['2026-06-01T00:00:00Z', '2026-06-04T10:30:00Z', '2026-06-04T10:45:00Z', '2026-06-07T23:59:59.999Z'];
  await ingest(
    'calls',
    starts.map((started_at) => call({ started_at, is_conversion: started_at < '2026-06-04' })),
  );
  for (const group_by of ['hour', 'day', 'week']) {
    for (const fill of ['', 'zero']) {
      const rows = await series({ group_by, fill });
      const sum = (column: string) => rows.reduce((total, row) => total + Number(row[column]), 0);
      expect([sum('dials'), sum('answers'), sum('talk_sec'), sum('conversions')]).toEqual([4, 4, 240, 1]);
    }
  }
});

test('no calls: an empty list, or zeroes when filled', async () => {
  expect(await series()).toEqual([]);
  expect(await dials({ fill: 'zero', group_by: 'week' })).toEqual([['2026-W23', 0]]);
});
