import { expect, test } from 'vitest';
import { capStateOf, gaugeEnd, nearnessOf, toBar, toLosses, toScale } from '../../../web/src/pictures/amounts.ts';

test('what got lost between stages is said of those of the stage before', () => {
  expect(toLosses([1000, 900, 450, 450])).toEqual([
    undefined,
    { count: 100, pct: 10 },
    { count: 450, pct: 50 },
    undefined,
  ]);
});

test('nobody is lost of nobody, nor where a stage has more than the one before', () => {
  expect(toLosses([0, 0])).toEqual([undefined, undefined]);
  expect(toLosses([5, 9])).toEqual([undefined, undefined]);
  expect(toLosses([])).toEqual([]);
});

test('a rate is within its limit, near it, or over it, as the report says where it does', () => {
  expect(nearnessOf({ value: 1.1, limit: 3 })).toBe('within');
  expect(nearnessOf({ value: 2.4, limit: 3 })).toBe('near');
  expect(nearnessOf({ value: 3, limit: 3 })).toBe('near');
  expect(nearnessOf({ value: 3.01, limit: 3 })).toBe('over');
  expect(nearnessOf({ value: 3, limit: 3, isBreached: true })).toBe('over');
  expect(nearnessOf({ value: 0, limit: 0 })).toBe('near');
});

test('a goal is not met below it', () => {
  expect(nearnessOf({ value: 30, limit: 40 }, true)).toBe('over');
  expect(nearnessOf({ value: 41, limit: 40 }, true)).toBe('near');
  expect(nearnessOf({ value: 60, limit: 40 }, true)).toBe('within');
});

test('the limit is inside of a gauge, and so is the value', () => {
  expect(gaugeEnd(1, 3)).toBe(6);
  expect(gaugeEnd(10, 3)).toBe(11);
  expect(gaugeEnd(0, 0)).toBe(1);
});

test('bars begin at zero, to either side of it', () => {
  const scale = toScale([80, -20, undefined]);
  expect(toBar(scale, 80)).toEqual({ left: '20%', width: '80%' });
  expect(toBar(scale, -20)).toEqual({ left: '0%', width: '20%' });
  expect(toBar(scale, undefined)).toEqual({ left: '0%', width: '0%' });
});

test('nothing but zeros has bars of no length', () => {
  expect(toBar(toScale([0, 0]), 0)).toEqual({ left: '0%', width: '0%' });
  expect(toBar(toScale([]), 0)).toEqual({ left: '0%', width: '0%' });
});

test('a cap is near from four fifths on, and reached when it is used up; 0 is none', () => {
  expect(capStateOf(10, 0)).toBe('none');
  expect(capStateOf(79, 100)).toBe('within');
  expect(capStateOf(80, 100)).toBe('near');
  expect(capStateOf(100, 100)).toBe('reached');
});
