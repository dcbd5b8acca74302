import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  busyPlaces,
  downOrder,
  presentHour,
  stepTo,
  toSteps,
  totalOf,
  type WeekCell,
} from '../../../web/src/pictures/week.ts';

const cell = (answered: number, dials: number): WeekCell => ({
  row: { answered, dials },
  down: 1,
  across: 9,
  count: dials,
  value: dials === 0 ? 0 : (answered / dials) * 100,
});

test('a week begins where the language begins it; other grids stay in their order', () => {
  expect(downOrder(7, 1)).toEqual([1, 2, 3, 4, 5, 6, 0]);
  expect(downOrder(7, 0)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(downOrder(3, 1)).toEqual([0, 1, 2]);
});

test('hours go from the first dial to the last; all of them when nobody dialed', () => {
  expect(busyPlaces(24, [9, 17, 12])).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17]);
  expect(busyPlaces(24, [])).toHaveLength(24);
});

test('the rate of a total is that of all its calls, not the mean of rates', () => {
  expect(totalOf([cell(1, 2), cell(90, 300)], 'answered', true)).toEqual({ count: 302, value: (91 / 302) * 100 });
  expect(totalOf([], 'answered', true)).toEqual({ count: 0, value: undefined });
  expect(totalOf([cell(0, 0)], 'answered', true)).toEqual({ count: 0, value: undefined });
});

test('where no row shows the part of a rate, rates are weighed by what they are of', () => {
  expect(totalOf([cell(1, 2), cell(90, 300)], 'hidden', true).value).toBeCloseTo((91 / 302) * 100);
});

test('a total of counts is their sum', () => {
  expect(
    totalOf(
      [cell(0, 3), cell(0, 4)].map((one) => ({ ...one, value: one.count })),
      undefined,
      false,
    ),
  ).toEqual({
    count: 7,
    value: 7,
  });
});

test('one spike does not flatten the scale', () => {
  const { stepOf } = toSteps([10, 11, 12, 13, 14, 15, 16, 10_000]);
  expect([10, 12, 14, 16, 10_000].map(stepOf)).toEqual([0, 2, 4, 6, 6]);
});

test('equal values have one colour, the palest, and no value has none', () => {
  const { stepOf } = toSteps([38, 38, 38, 38, 38, 38, 38, 38]);
  expect(stepOf(38)).toBe(0);
  expect(toSteps([]).bounds).toEqual([]);
  expect(toSteps([]).stepOf(1)).toBe(0);
});

test('whatever the values: more is never paler, and a step is one of seven', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1 }), (values) => {
      const { stepOf } = toSteps(values);
      const steps = values.toSorted((one, other) => one - other).map(stepOf);
      expect(steps).toEqual(steps.toSorted((one, other) => one - other));
      for (const step of steps) expect([0, 1, 2, 3, 4, 5, 6]).toContain(step);
    }),
  );
});

test('the present hour is that of the zone', () => {
  const at = Date.parse('2026-11-28T18:40:00Z');
  expect(presentHour('UTC', at)).toEqual({ day: 6, hour: 18 });
  expect(presentHour('Asia/Ho_Chi_Minh', at)).toEqual({ day: 0, hour: 1 });
});

test('arrow keys go from cell to cell and stop at the edge; other keys are not theirs', () => {
  const size = { rows: 7, columns: 10 };
  expect(stepTo('ArrowRight', { row: 0, column: 0 }, size)).toEqual({ row: 0, column: 1 });
  expect(stepTo('ArrowDown', { row: 0, column: 0 }, size)).toEqual({ row: 1, column: 0 });
  expect(stepTo('ArrowUp', { row: 0, column: 4 }, size)).toEqual({ row: 0, column: 4 });
  expect(stepTo('Home', { row: 3, column: 4 }, size)).toEqual({ row: 3, column: 0 });
  expect(stepTo('End', { row: 3, column: 4 }, size)).toEqual({ row: 3, column: 9 });
  for (const key of ['x', 'Enter', 'toString', '__proto__'])
    expect(stepTo(key, { row: 0, column: 0 }, size)).toBeUndefined();
});
