import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeWords, toAxis, toPath, widthOf } from '../../../web/src/pictures/axes.ts';

const calls = { unit: 'calls', isWhole: true };
const percent = { unit: 'percent', isWhole: false };
const seconds = { unit: 'seconds', isWhole: true };

test('an axis begins at zero and ends at a round number', () => {
  expect(toAxis([3851, 5036], calls)).toEqual({ from: 0, to: 6000, ticks: [0, 2000, 4000, 6000] });
  expect(toAxis([38.2, 44.9], percent).ticks).toEqual([0, 20, 40, 60]);
  expect(toAxis([0.9], percent).ticks).toEqual([0, 0.25, 0.5, 0.75, 1]);
});

test('what is counted has whole steps, also of one and two', () => {
  expect(toAxis([1], calls).ticks).toEqual([0, 1]);
  expect(toAxis([2, 0], calls).ticks).toEqual([0, 1, 2]);
  expect(toAxis([9], calls).ticks).toEqual([0, 3, 6, 9]);
});

test('nothing, and nothing but zeros, still have an axis', () => {
  expect(toAxis([], calls).ticks).toEqual([0, 1]);
  expect(toAxis([0, 0], percent).from).toBe(0);
});

test('what is below zero is on the axis, and so is zero', () => {
  expect(toAxis([-30, 80], calls).ticks).toEqual([-50, 0, 50, 100]);
  expect(toAxis([-30, -80], calls).to).toBe(0);
});

test('spans of time are cut as clocks are', () => {
  expect(toAxis([100], seconds).ticks).toEqual([0, 30, 60, 90, 120]);
  expect(toAxis([3000], seconds).ticks).toEqual([0, 900, 1800, 2700, 3600]);
  expect(toAxis([620_000], seconds).ticks.every((tick) => tick % 3600 === 0)).toBe(true);
});

test('whatever the values: all are on the axis, and it has two to nine lines', () => {
  const amount = fc.constantFrom(calls, percent, seconds);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })), amount, (values, of) => {
      const { from, to, ticks } = toAxis(values, of);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(9);
      expect(ticks).toContain(0);
      for (const value of values) {
        expect(value).toBeGreaterThanOrEqual(from);
        expect(value).toBeLessThanOrEqual(to);
      }
    }),
  );
});

test('words below an axis never touch, and stay inside, at any width', () => {
  const words = fc.array(fc.tuple(fc.nat(2000), fc.string({ minLength: 1, maxLength: 20 })));
  fc.assert(
    fc.property(words, fc.integer({ min: 60, max: 2000 }), (some, width) => {
      const sorted = some
        .map(([x, text]) => ({ x: Math.min(x, width), text }))
        .toSorted((one, other) => one.x - other.x);
      let end = Number.NEGATIVE_INFINITY;
      for (const { x, text, anchor } of placeWords(sorted, width, { before: 40, after: 8 })) {
        const wide = widthOf(text);
        const left = { start: x, middle: x - wide / 2, end: x - wide }[anchor];
        expect(left).toBeGreaterThan(end);
        end = left + wide;
        if (anchor === 'middle') expect(end).toBeLessThanOrEqual(width + 8);
      }
    }),
  );
});

test('a way goes from place to place', () => {
  expect(
    toPath([
      [0, 10],
      [33.333, 5],
      [66.666, 0],
    ]),
  ).toBe('M0,10L33.3,5L66.7,0');
  expect(toPath([])).toBe('');
});
