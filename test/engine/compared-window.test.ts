import { describe, expect, test } from 'vitest';
import { compareWindows } from '../../src/engine/compared-window.ts';
import { readMoment } from '../../src/engine/time.ts';
import { type Compare, toWindow } from '../../src/engine/window.ts';

/** The window that two texts mean, as parameters do. */
function windowOf(from: string, to: string, zone: string) {
  const window = toWindow(readMoment(from), readMoment(to), zone, []);
  if (!window) throw new Error(`${from}..${to} is no window`);
  return window;
}

const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
const later = { now: Date.parse('2030-01-01T00:00:00Z'), lastCallAt: undefined };

/** All of the other window, of one that has ended. */
function other(from: string, to: string, kind: 'previous' | 'week' | 'year', zone = 'UTC') {
  const { whole } = compareWindows(windowOf(from, to, zone), { kind }, zone, later);
  return [iso(whole.from), iso(whole.to)];
}

describe('the other window', () => {
  test.each([
    ['2026-06-08', '2026-06-14', 'previous', ['2026-06-01T00:00:00Z', '2026-06-08T00:00:00Z']],
    ['2026-06-08', '2026-06-14', 'week', ['2026-06-01T00:00:00Z', '2026-06-08T00:00:00Z']],
    ['2026-06-08', '2026-06-08', 'week', ['2026-06-01T00:00:00Z', '2026-06-02T00:00:00Z']],
    // Eight days don't fit into one week.
    ['2026-06-08', '2026-06-15', 'week', ['2026-05-25T00:00:00Z', '2026-06-02T00:00:00Z']],
    ['2026-06-08', '2026-06-08', 'year', ['2025-06-09T00:00:00Z', '2025-06-10T00:00:00Z']],
    ['2026-06-08T09:00:00Z', '2026-06-08T17:30:00Z', 'previous', ['2026-06-08T00:30:00Z', '2026-06-08T09:00:00Z']],
    ['2026-06-08T09:00:00Z', '2026-06-08T17:30:00Z', 'week', ['2026-06-01T09:00:00Z', '2026-06-01T17:30:00Z']],
    ['2026-06-08T09:00:00Z', '2026-06-15T09:00:00.001Z', 'week', ['2026-05-25T09:00:00Z', '2026-06-01T09:00:00.001Z']],
  ] as const)('of %s to %s, %s', (from, to, kind, expected) => {
    expect(other(from, to, kind)).toEqual(expected);
  });

  test.each([
    // New York's clocks go forward on the 8th of March and back on the 1st of November.
    ['2026-03-09', '2026-03-09', 'previous', ['2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z']],
    ['2026-03-08', '2026-03-08', 'previous', ['2026-03-07T05:00:00Z', '2026-03-08T05:00:00Z']],
    ['2026-11-02', '2026-11-02', 'previous', ['2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z']],
    ['2026-11-01', '2026-11-01', 'week', ['2026-10-25T04:00:00Z', '2026-10-26T04:00:00Z']],
    // 89 and 90 days, clocks changed in either.
    ['2026-03-01', '2026-05-28', 'previous', ['2025-12-02T05:00:00Z', '2026-03-01T05:00:00Z']],
    ['2026-03-01', '2026-05-28', 'week', ['2025-11-30T05:00:00Z', '2026-02-27T05:00:00Z']],
    ['2026-04-01', '2026-06-29', 'previous', ['2026-01-01T05:00:00Z', '2026-04-01T04:00:00Z']],
    ['2026-04-01', '2026-06-29', 'week', ['2025-12-31T05:00:00Z', '2026-03-31T04:00:00Z']],
    ['2026-04-01', '2026-06-29', 'year', ['2025-04-02T04:00:00Z', '2025-07-01T04:00:00Z']],
    // What clocks never showed begins where they went on, and what they showed twice is the same of the two.
    [
      '2026-03-15T02:30:00-04:00',
      '2026-03-15T05:00:00-04:00',
      'week',
      ['2026-03-08T07:00:00Z', '2026-03-08T09:00:00Z'],
    ],
    [
      '2026-11-01T01:30:00-05:00',
      '2026-11-01T05:00:00-05:00',
      'year',
      ['2025-11-02T06:30:00Z', '2025-11-02T10:00:00Z'],
    ],
  ] as const)('in New York of %s to %s, %s', (from, to, kind, expected) => {
    expect(other(from, to, kind, 'America/New_York')).toEqual(expected);
  });

  test('days that begin after midnight are whole days as well', () => {
    // Santiago's clocks go from midnight to 1 on the 6th of September.
    const zone = 'America/Santiago';
    expect(other('2026-09-06', '2026-09-06', 'previous', zone)).toEqual([
      '2026-09-05T04:00:00Z',
      '2026-09-06T04:00:00Z',
    ]);
    expect(other('2026-09-07', '2026-09-07', 'previous', zone)).toEqual([
      '2026-09-06T04:00:00Z',
      '2026-09-07T03:00:00Z',
    ]);
    expect(other('2026-09-13', '2026-09-13', 'week', zone)).toEqual(['2026-09-06T04:00:00Z', '2026-09-07T03:00:00Z']);
  });

  test.each([
    ['2026-05-01', '2026-05-07', true],
    ['2026-05-01', '2026-05-08', false],
    // A day of 23 hours is a day.
    ['2026-03-02', '2026-03-08', true],
    ['2026-05-01T12:00:00Z', '2026-05-08T12:00:00Z', true],
    ['2026-05-01T12:00:00Z', '2026-05-08T12:00:01Z', false],
  ])('%s to %s is as long as a week: %s', (from, to, isSame) => {
    const zone = 'America/New_York';
    const compare: Compare = { kind: 'given', window: windowOf(from, to, zone) };
    const { isSameLength, whole } = compareWindows(windowOf('2026-06-01', '2026-06-07', zone), compare, zone, later);
    expect(isSameLength).toBe(isSame);
    expect(whole).toEqual(compare.window);
  });
});

describe('a window that still runs is cut', () => {
  const at = (text: string) => Date.parse(text);
  const cut = (
    [from, to]: readonly [string, string],
    compare: Compare,
    { now, last }: { now: string; last?: string },
    zone = 'UTC',
  ) => {
    const present = { now: at(now), lastCallAt: last === undefined ? undefined : at(last) };
    const found = compareWindows(windowOf(from, to, zone), compare, zone, present);
    return [found.current.to, found.other.from, found.other.to].map(iso);
  };
  const days = ['2026-06-08', '2026-06-14'] as const;

  test('at the last call, at the same time of the same day', () => {
    expect(cut(days, { kind: 'previous' }, { now: '2026-06-10T12:00:00Z', last: '2026-06-10T11:00:00Z' })).toEqual([
      '2026-06-10T11:00:00.001Z',
      '2026-06-01T00:00:00Z',
      '2026-06-03T11:00:00.001Z',
    ]);
    // A call of this instant is the last that there can be.
    expect(cut(days, { kind: 'week' }, { now: '2026-06-10T12:00:00Z', last: '2026-06-10T12:00:00Z' })[2]).toBe(
      '2026-06-03T12:00:00Z',
    );
    // The last one lies before the window: until now.
    expect(cut(days, { kind: 'year' }, { now: '2026-06-10T12:00:00Z', last: '2026-06-07T12:00:00Z' })).toEqual([
      '2026-06-10T12:00:00Z',
      '2025-06-09T00:00:00Z',
      '2025-06-11T12:00:00Z',
    ]);
  });

  test('by what clocks show, where clocks change in between', () => {
    const zone = 'America/New_York';
    const march = ['2026-03-08', '2026-03-08'] as const;
    expect(cut(march, { kind: 'previous' }, { now: '2026-03-08T13:00:00Z' }, zone)[2]).toBe('2026-03-07T14:00:00Z');
    const after = ['2026-03-09', '2026-03-09'] as const;
    expect(cut(after, { kind: 'previous' }, { now: '2026-03-09T13:00:00Z' }, zone)[2]).toBe('2026-03-08T13:00:00Z');
    // Half past two there was none: until clocks went from two to three.
    expect(cut(after, { kind: 'previous' }, { now: '2026-03-09T06:30:00Z' }, zone)[2]).toBe('2026-03-08T07:00:00Z');
  });

  test('by the time that passed, where it is no whole number of days', () => {
    const shift = ['2026-06-08T09:00:00Z', '2026-06-08T17:30:00Z'] as const;
    expect(cut(shift, { kind: 'previous' }, { now: '2026-06-08T10:00:00Z' })).toEqual([
      '2026-06-08T10:00:00Z',
      '2026-06-08T00:30:00Z',
      '2026-06-08T01:30:00Z',
    ]);
  });

  test('a window of its own as far as it goes', () => {
    const given = (from: string, to: string): Compare => ({ kind: 'given', window: windowOf(from, to, 'UTC') });
    const now = { now: '2026-06-10T12:00:00Z' };
    expect(cut(days, given('2026-05-01', '2026-05-31'), now)[2]).toBe('2026-05-03T12:00:00Z');
    expect(cut(days, given('2026-05-01', '2026-05-02'), now)[2]).toBe('2026-05-03T00:00:00Z');
    expect(cut(days, given('2026-05-01T06:00:00Z', '2026-05-31T06:00:00Z'), now)[2]).toBe('2026-05-03T18:00:00Z');
  });

  test('to nothing, before it begins', () => {
    expect(cut(days, { kind: 'previous' }, { now: '2026-06-07T12:00:00Z' })).toEqual([
      '2026-06-08T00:00:00Z',
      '2026-06-01T00:00:00Z',
      '2026-06-01T00:00:00Z',
    ]);
  });
});

describe('a window that is no whole number of days', () => {
  test('still runs, and its other one ends by the same clock, whatever clocks did between', () => {
    // Four weeks of New York and some hours: the week before has summer time, 10:42 is an hour earlier there.
    const window = windowOf('2026-10-26', '2026-11-27T03:00:00Z', 'America/New_York');
    const present = { now: Date.parse('2026-11-26T16:20:00Z'), lastCallAt: Date.parse('2026-11-26T15:42:31.543Z') };
    const compared = compareWindows(window, { kind: 'week' }, 'America/New_York', present);
    expect([iso(compared.current.to), iso(compared.other.to)]).toEqual([
      '2026-11-26T15:42:31.544Z',
      '2026-10-22T14:42:31.544Z',
    ]);
  });

  test.each([
    // An hour that clocks show twice here, and once a week before.
    ['2026-11-01T01:30:00-04:00', '2026-11-01T01:30:00-05:00', ['2026-10-25T05:30:00Z', '2026-10-25T06:30:00Z']],
    ['2026-11-01T01:45:00-04:00', '2026-11-01T01:15:00-05:00', ['2026-10-25T05:45:00Z', '2026-10-25T06:15:00Z']],
    // Forty minutes that clocks went past a week before.
    ['2026-03-15T02:10:00-04:00', '2026-03-15T02:50:00-04:00', ['2026-03-08T07:00:00Z', '2026-03-08T07:40:00Z']],
  ])('from %s to %s has another one that is as long, where clocks leave nothing of it', (from, to, expected) => {
    expect(other(from, to, 'week', 'America/New_York')).toEqual(expected);
  });
});

describe('another window that still runs', () => {
  const present = { now: Date.parse('2026-06-10T12:00:00Z'), lastCallAt: Date.parse('2026-06-10T09:00:00Z') };
  const compare = (own: [string, string], given: [string, string]) => {
    const asked = { kind: 'given' as const, window: windowOf(...given, 'UTC') };
    const { current, other: there, until } = compareWindows(windowOf(...own, 'UTC'), asked, 'UTC', present);
    return [current.from, current.to, there.from, there.to, until ?? 0].map(iso);
  };

  test('is cut where its calls end, and this one at the same time', () => {
    expect(compare(['2026-06-01', '2026-06-07'], ['2026-06-08', '2026-06-14'])).toEqual([
      '2026-06-01T00:00:00Z',
      '2026-06-03T09:00:00.001Z',
      '2026-06-08T00:00:00Z',
      '2026-06-10T09:00:00.001Z',
      '2026-06-03T09:00:00.001Z',
    ]);
  });

  test('or has not begun: there is nothing to compare', () => {
    expect(compare(['2026-06-01', '2026-06-02'], ['2027-06-01', '2027-06-02'])).toEqual([
      '2026-06-01T00:00:00Z',
      '2026-06-01T00:00:00Z',
      '2027-06-01T00:00:00Z',
      '2027-06-01T00:00:00Z',
      '2026-06-01T00:00:00Z',
    ]);
  });
});
