import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, dateIn, daysBetween, isDate, mondayOf, weekdayOf } from '../../../web/src/question/dates.ts';
import {
  datesOf,
  mostDays,
  namedRanges,
  rangeReaching,
  readRange,
  shiftRange,
  writeRange,
} from '../../../web/src/question/ranges.ts';

// A Wednesday.
const today = '2026-11-25';

const aDay = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('1990-01-01', days));
const anyRange = fc.oneof(
  fc.constantFrom(...namedRanges),
  fc.tuple(aDay, fc.integer({ min: 0, max: mostDays - 1 })).map(([from, days]) => ({ from, to: addDays(from, days) })),
);

describe('a range by its name', () => {
  test.each([
    ['today', '2026-11-25', '2026-11-25'],
    ['yesterday', '2026-11-24', '2026-11-24'],
    ['7d', '2026-11-19', '2026-11-25'],
    ['30d', '2026-10-27', '2026-11-25'],
    ['90d', '2026-08-28', '2026-11-25'],
    ['week', '2026-11-23', '2026-11-25'],
    ['last-week', '2026-11-16', '2026-11-22'],
    ['month', '2026-11-01', '2026-11-25'],
    ['last-month', '2026-10-01', '2026-10-31'],
  ] as const)('%s is from %s to %s on a Wednesday', (name, from, to) => {
    expect(datesOf(name, today)).toEqual({ from, to });
  });

  test('is never longer than the API takes, on any day', () => {
    fc.assert(
      fc.property(fc.constantFrom(...namedRanges), aDay, (name, day) => {
        const { from, to } = datesOf(name, day);
        expect(from <= to).toBe(true);
        expect(daysBetween(from, to)).toBeLessThanOrEqual(mostDays);
      }),
    );
  });
});

describe('the range beside a range', () => {
  test('a week that runs goes to the whole one before it, and back', () => {
    expect(shiftRange('week', today, -1)).toBe('last-week');
    expect(shiftRange('last-week', today, 1)).toBe('week');
    expect(shiftRange('last-week', today, -1)).toEqual({ from: '2026-11-09', to: '2026-11-15' });
  });

  test('a month that runs goes to the whole one before it, however long it is', () => {
    expect(shiftRange('month', today, -1)).toBe('last-month');
    expect(shiftRange('last-month', today, 1)).toBe('month');
    expect(shiftRange('last-month', today, -1)).toEqual({ from: '2026-09-01', to: '2026-09-30' });
    expect(shiftRange({ from: '2026-09-01', to: '2026-09-30' }, today, 1)).toBe('last-month');
  });

  test('a day goes to the day before it', () => {
    expect(shiftRange('today', today, -1)).toBe('yesterday');
    expect(shiftRange('yesterday', today, 1)).toBe('today');
    expect(shiftRange('yesterday', today, -1)).toEqual({ from: '2026-11-23', to: '2026-11-23' });
  });

  test('there and back is where one was, and nothing between is left out', () => {
    fc.assert(
      fc.property(anyRange, aDay, (range, day) => {
        const before = shiftRange(range, day, -1);
        expect(addDays(datesOf(before, day).to, 1)).toBe(datesOf(range, day).from);
        expect(datesOf(shiftRange(before, day, 1), day).from).toBe(datesOf(range, day).from);
        if (typeof range === 'string') expect(datesOf(shiftRange(before, day, 1), day)).toEqual(datesOf(range, day));
      }),
    );
  });
});

describe('a range in an address', () => {
  test('reads as it was written', () => {
    fc.assert(
      fc.property(anyRange, (range) => {
        expect(readRange(writeRange(range))).toEqual(range);
      }),
    );
  });

  test.each([
    '',
    'tomorrow',
    '2026-11-25',
    '2026-11-25..',
    '2026-02-29..2026-03-01',
    '2026-11-25..2026-11-24',
    '2026-01-01..2026-04-01',
    '2026-11-01..2026-11-02..2026-11-03',
    '0000-00-00..9999-99-99',
    'constructor',
  ])('%j is none', (text) => {
    expect(readRange(text)).toBeUndefined();
  });

  test('whatever stands there, it is a range or none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const range = readRange(text);
        if (typeof range === 'object') expect([isDate(range.from), isDate(range.to)]).toEqual([true, true]);
      }),
    );
  });
});

describe('the shortest range that reaches back to the last call', () => {
  test.each([
    ['2026-11-25', undefined],
    ['2026-11-19', undefined],
    ['2026-11-18', '30d'],
    ['2026-10-27', '30d'],
    ['2026-10-26', '90d'],
    ['2026-08-28', '90d'],
    ['2026-08-27', '2026-07-29..2026-08-27'],
  ])('a last call on %s: %s', (day, range) => {
    expect(rangeReaching(day, today)).toBe(range);
  });
});

test('days are those of the zone, and weeks begin on Monday', () => {
  const late = Date.parse('2026-11-24T20:30:00Z');
  expect(dateIn('Asia/Ho_Chi_Minh', late)).toBe('2026-11-25');
  expect(dateIn('America/New_York', late)).toBe('2026-11-24');
  fc.assert(
    fc.property(aDay, (day) => {
      expect(weekdayOf(mondayOf(day))).toBe(1);
      expect(daysBetween(mondayOf(day), day)).toBeLessThanOrEqual(7);
    }),
  );
});
