import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type LinePoint,
  readBucket,
  readBuckets,
  runningNumber,
  stateOf,
  tickedBuckets,
  toPieces,
  weekendsOf,
} from '../../../web/src/pictures/buckets.ts';

const dayMs = 86_400_000;
const dateOf = (days: number) => new Date(days * dayMs).toISOString().slice(0, 10);
const days = (from: string, count: number) =>
  readBuckets(Array.from({ length: count }, (_, index) => dateOf(Date.parse(from) / dayMs + index)))!;
const hours = (from: string, count: number) =>
  readBuckets(
    Array.from({ length: count }, (_, index) => {
      const iso = new Date(Date.parse(`${from}T00:00:00Z`) + index * 3_600_000).toISOString();
      return `${iso.slice(0, 10)} ${iso.slice(11, 13)}:00:00`;
    }),
  )!;

test('labels of days, weeks and hours are read; other texts are none', () => {
  expect(readBucket('2026-11-25')).toEqual({ unit: 'day', date: '2026-11-25', hour: 0, number: 20_782 });
  expect(readBucket('2026-W48')).toMatchObject({ unit: 'week', date: '2026-11-23' });
  expect(readBucket('2026-11-25 14:00:00')).toMatchObject({ unit: 'hour', hour: 14, number: 20_782 * 24 + 14 });
  for (const other of ['', '12', '2026-02-30', 'Monday', '2026-11-25 24:00:00', 'Đội 1']) {
    expect(readBucket(other)).toBeUndefined();
  }
});

test('the first week of a year may begin in the year before, and its last end in the next', () => {
  expect(readBucket('2026-W01')?.date).toBe('2025-12-29');
  expect(readBucket('2026-W53')?.date).toBe('2026-12-28');
  expect(readBucket('2027-W01')?.date).toBe('2027-01-04');
  expect(readBucket('2027-W01')!.number - readBucket('2026-W53')!.number).toBe(1);
});

test('buckets of one unit belong to an axis; mixed ones, and names among them, do not', () => {
  expect(readBuckets(['2026-11-25', '2026-11-27'])?.map(({ number }) => number)).toEqual([20_782, 20_784]);
  expect(readBuckets(['2026-11-25', '2026-W48'])).toBeUndefined();
  expect(readBuckets(['2026-11-25', 'other'])).toBeUndefined();
  expect(readBuckets([])).toBeUndefined();
});

test('which bucket runs is a matter of the zone', () => {
  const at = Date.parse('2026-11-25T18:30:00Z');
  expect(runningNumber('day', 'UTC', at)).toBe(20_782);
  expect(runningNumber('day', 'Asia/Ho_Chi_Minh', at)).toBe(20_783);
  expect(runningNumber('hour', 'Asia/Kolkata', at)).toBe(20_783 * 24);
  expect(runningNumber('week', 'Asia/Ho_Chi_Minh', Date.parse('2026-11-29T18:30:00Z'))).toBe(
    readBucket('2026-W49')!.number,
  );
});

test('a bucket is whole, still runs, is cut off by the window, or has not begun', () => {
  const [before, now, after] = days('2026-11-24', 3);
  const running = now!.number;
  expect(stateOf(before!, false, running)).toBe('whole');
  expect(stateOf(before!, true, running)).toBe('part');
  expect(stateOf(now!, true, running)).toBe('running');
  expect(stateOf(now!, false, running)).toBe('whole');
  expect(stateOf(after!, true, running)).toBe('ahead');
});

test('weekends are one stretch each, by days and by hours; weeks have none', () => {
  const [friday] = days('2026-11-20', 1);
  expect(weekendsOf(days('2026-11-20', 11))).toEqual([
    { from: friday!.number + 0.5, to: friday!.number + 2.5 },
    { from: friday!.number + 7.5, to: friday!.number + 9.5 },
  ]);
  expect(weekendsOf(hours('2026-11-20', 96))).toHaveLength(1);
  expect(weekendsOf(readBuckets(['2026-W48', '2026-W49'])!)).toEqual([]);
});

const point = (number: number, value: number | undefined, state: LinePoint['state'] = 'whole') => ({
  number,
  value,
  state,
});

test('a line has gaps where a value or a bucket is missing, and what stands alone is a dot', () => {
  const line = [point(1, 5), point(2, 6), point(3, undefined), point(4, 7), point(6, 1), point(7, 2)];
  expect(toPieces(line)).toEqual({
    solid: [
      [0, 1],
      [4, 5],
    ],
    dashed: [],
    lone: [3],
  });
});

test('the way to a bucket that still runs is dashed', () => {
  const line = [point(1, 5, 'part'), point(2, 6), point(3, 7), point(4, 2, 'running')];
  expect(toPieces(line)).toEqual({
    solid: [[1, 2]],
    dashed: [
      [0, 1],
      [2, 3],
    ],
    lone: [],
  });
});

test('no line: no pieces; one point: a dot', () => {
  expect(toPieces([])).toEqual({ solid: [], dashed: [], lone: [] });
  expect(toPieces([point(1, 0)])).toEqual({ solid: [], dashed: [], lone: [0] });
});

test('whatever the line: each value is drawn, and nothing is drawn twice', () => {
  const values = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 3 }), fc.option(fc.nat(9), { nil: undefined }), fc.boolean()),
  );
  fc.assert(
    fc.property(values, (some) => {
      let number = 0;
      const line = some.map(([step, value, isWhole]) => {
        number += step;
        return point(number, value, isWhole ? 'whole' : 'part');
      });
      const { solid, dashed, lone } = toPieces(line);
      const drawn = new Set([...solid.flat(), ...dashed.flat(), ...lone]);
      expect([...drawn].sort((one, other) => one - other)).toEqual(
        line.flatMap(({ value }, index) => (value === undefined ? [] : [index])),
      );
      const steps = [...solid, ...dashed].flatMap((run) =>
        run.slice(1).map((index, place) => `${run[place]} ${index}`),
      );
      expect(new Set(steps).size).toBe(steps.length);
    }),
  );
});

test('words stand at days that people count by: each, every other, Mondays, every other Monday', () => {
  const month = days('2026-11-01', 30);
  const dated = (px: number) => tickedBuckets(month, px, 80).map((index) => month[index]!.date.slice(8));
  expect(dated(90)).toHaveLength(30);
  expect(dated(45)).toHaveLength(15);
  expect(dated(20)).toEqual(['02', '09', '16', '23', '30']);
  expect(dated(7)).toEqual(['02', '16', '30']);
});

test('of hours, words stand at full steps of the clock, then at midnights, then at Mondays', () => {
  const week = hours('2026-11-23', 168);
  const at = (px: number) => tickedBuckets(week, px, 80).map((index) => week[index]!);
  expect(
    at(30)
      .slice(0, 4)
      .map(({ hour }) => hour),
  ).toEqual([0, 3, 6, 9]);
  expect(at(4).map(({ hour }) => hour)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  expect(at(0.6).map(({ date }) => date)).toEqual(['2026-11-23']);
});

test('there is always a word, however few the days and narrow the axis', () => {
  expect(tickedBuckets(days('2026-11-24', 3), 5, 80)).toEqual([0]);
  expect(tickedBuckets([], 5, 80)).toEqual([]);
});
