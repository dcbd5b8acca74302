import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { dateOf, dayOf, daysBetween, readMoment, startOfDay } from '../../src/engine/time.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const zones = [
  'UTC',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'America/Havana',
  'Africa/Cairo',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Africa/Casablanca',
  'Antarctica/Troll',
];

const formats = new Map(
  zones.map((zone) => [
    zone,
    new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }),
  ]),
);

/** The date that a calendar on a wall there shows, by Intl alone. */
const shown = (ms: number, zone: string): string => formats.get(zone)?.format(ms) ?? '';

/** The first instant at which the wall shows this date or a later one: found by halving. */
function firstShown(date: string, zone: string): number {
  let low = Date.parse(`${date}T00:00:00Z`) - 2 * dayMs;
  let high = low + 4 * dayMs;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (shown(middle, zone) >= date) high = middle;
    else low = middle;
  }
  return high;
}

const anyZone = fc.constantFrom(...zones);
const anyMs = fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2030, 0, 1) });
const anyDate = anyMs.map((ms) => new Date(ms).toISOString().slice(0, 10));

describe('readMoment', () => {
  const noon = Date.UTC(2026, 5, 1, 12);

  test.each([
    ['2026-06-01T12:00:00Z', noon],
    ['2026-06-01t12:00:00z', noon],
    ['2026-06-01 12:00:00Z', noon],
    ['2026-06-01T12:00Z', noon],
    ['2026-06-01T12:00:00', noon],
    ['2026-06-01 12:00', noon],
    ['2026-06-01T19:00:00+07:00', noon],
    ['2026-06-01T19:00:00+0700', noon],
    ['2026-06-01T19:00:00+07', noon],
    ['2026-06-01T19:00:00 07:00', noon],
    ['2026-06-01 19:00 0700', noon],
    ['2026-06-01T17:45:00+05:45', noon],
    ['2026-06-01T08:30:00-03:30', noon],
    ['2026-06-02T02:00:00+14:00', noon],
    ['2026-06-01T12:00:00.5Z', noon + 500],
    ['2026-06-01T12:00:00.123Z', noon + 123],
    ['2026-06-01T12:00:00.123999999Z', noon + 123],
    ['1970-01-01T00:00:00-23:59', (23 * 60 + 59) * 60_000],
  ])('%s is an instant', (text, ms) => {
    expect(readMoment(text)).toEqual({ kind: 'instant', ms });
  });

  test.each(['2026-06-01', '2024-02-29', '0001-01-01', '9999-12-31'])('%s is a date', (text) => {
    const read = readMoment(text);
    expect(read?.kind).toBe('date');
    expect(read?.kind === 'date' && read.date.toString()).toBe(text);
  });

  test.each([
    '',
    ' ',
    '2026-02-29',
    '2026-00-01',
    '2026-06-31',
    '2026-6-01',
    '26-06-01',
    '20260601',
    '2026-06-01T',
    '2026-06-01T12',
    '2026-06-01T12:00:00,5Z',
    '2026-06-01T24:00:00Z',
    '2026-06-01T23:60:00Z',
    '2026-06-01T23:59:60Z',
    '2026-06-01T12:00:00.Z',
    '2026-06-01T12:00:00.1234567890Z',
    '2026-06-01T12:00:00+24:00',
    '2026-06-01T12:00:00+07:60',
    '2026-06-01T12:00:00+7',
    '2026-06-01T12:00:00[Asia/Ho_Chi_Minh]',
    '2026-06-01T12:00:00Z[u-ca=hebrew]',
    '2026-06-01Z',
    '2026-06-01  12:00:00Z',
    '2026-06-01T12:00:00Z\n',
    '\n2026-06-01',
    '2026-06-01\u0000',
    'June 1, 2026',
    '-002026-06-01',
  ])('%j is neither', (text) => {
    expect(readMoment(text)).toBeUndefined();
  });

  test('reads back every instant, in every offset', () => {
    const offsets = fc.integer({ min: -(24 * 60 - 1), max: 24 * 60 - 1 });
    const separators = fc.constantFrom('T', ' ', 't');
    fc.assert(
      fc.property(anyMs, offsets, separators, fc.boolean(), (ms, minutes, separator, colon) => {
        const local = new Date(ms + minutes * 60_000).toISOString().slice(0, -1).replace('T', separator);
        const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((part) =>
          String(part).padStart(2, '0'),
        );
        const offset = `${minutes < 0 ? '-' : '+'}${hours}${colon ? ':' : ''}${rest}`;
        expect(readMoment(`${local}${offset}`)).toEqual({ kind: 'instant', ms });
        // As it arrives when nobody encoded the +.
        expect(readMoment(`${local}${offset.replace('+', ' ')}`)).toEqual({ kind: 'instant', ms });
      }),
    );
  });

  test('never throws', () => {
    const near = fc.stringMatching(/^\d{4}-\d\d-\d\d[T ]?[\d:.,Zz+ -]{0,20}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), near), (text) => {
        const read = readMoment(text);
        if (read?.kind === 'instant') expect(Number.isSafeInteger(read.ms)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a calendar day', () => {
  test.each([
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z', 23],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00Z', 25],
    ['America/Santiago', '2025-09-07', '2025-09-07T04:00:00Z', 23], // 01:00 there: midnight is missing
    ['America/Santiago', '2025-04-05', '2025-04-05T03:00:00Z', 25],
    ['America/Havana', '2025-03-09', '2025-03-09T05:00:00Z', 23], // 01:00
    ['America/Havana', '2025-11-02', '2025-11-02T04:00:00Z', 25], // the first of two midnights
    ['Africa/Cairo', '2025-04-25', '2025-04-24T22:00:00Z', 23], // 01:00
    ['Africa/Cairo', '2025-10-30', '2025-10-29T21:00:00Z', 25],
    ['Asia/Beirut', '2025-03-30', '2025-03-29T22:00:00Z', 23], // 01:00
    ['Asia/Beirut', '2025-10-25', '2025-10-24T21:00:00Z', 25],
    ['Australia/Lord_Howe', '2025-10-05', '2025-10-04T13:30:00Z', 23.5],
    ['Australia/Lord_Howe', '2025-04-06', '2025-04-05T13:00:00Z', 24.5],
    ['Antarctica/Troll', '2025-03-30', '2025-03-30T00:00:00Z', 22],
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z', 0], // it never was
    ['Asia/Kathmandu', '2026-06-01', '2026-05-31T18:15:00Z', 24],
  ])('%s, %s begins at %s and has %d hours', (zone, date, begins, hours) => {
    const day = Temporal.PlainDate.from(date);
    const from = startOfDay(day, zone);
    expect(new Date(from).toISOString()).toBe(begins.replace('Z', '.000Z'));
    expect((startOfDay(day.add({ days: 1 }), zone) - from) / hourMs).toBe(hours);
  });

  test('begins when a calendar on the wall first shows it', () => {
    fc.assert(
      fc.property(anyZone, anyDate, (zone, date) => {
        expect(startOfDay(Temporal.PlainDate.from(date), zone)).toBe(firstShown(date, zone));
      }),
      { numRuns: 500 },
    );
  });

  test('holds each of its instants, and days leave no gap', () => {
    fc.assert(
      fc.property(anyZone, anyMs, (zone, ms) => {
        const day = dayOf(ms, zone);
        expect(day.from).toBeLessThanOrEqual(ms);
        expect(day.to).toBeGreaterThan(ms);
        expect(dateOf(ms, zone).toString()).toBe(shown(ms, zone));
        expect(shown(day.from, zone)).toBe(shown(ms, zone));
        expect(shown(day.to, zone) > shown(ms, zone)).toBe(true);
        expect(dayOf(day.to, zone).from).toBe(day.to);
      }),
      { numRuns: 500 },
    );
  });

  test('is counted by the calendar', () => {
    const date = (text: string) => Temporal.PlainDate.from(text);
    expect(daysBetween(date('2026-06-01'), date('2026-08-30'))).toBe(90);
    expect(daysBetween(date('2026-06-01'), date('2026-06-01'))).toBe(0);
    expect(daysBetween(date('2026-06-02'), date('2026-06-01'))).toBe(-1);
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -5000, max: 5000 }), (from, days) => {
        expect(daysBetween(date(from), date(from).add({ days }))).toBe(days);
      }),
    );
  });
});
