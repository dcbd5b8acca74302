import { describe, expect, test } from 'vitest';
import { faultInTimeZone } from '../../src/mapping/language/formats.ts';
import { faultInTimeFormat } from '../../src/mapping/language/time-format.ts';
import { toReadTime } from '../../src/mapping/values/read-time.ts';

/** What the clock of a zone shows, by the platform's own calendar. */
function openClock(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
    return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
  };
}

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
];

const day = 86_400_000;

test.each(zones)('local times are the instants at which the clock of %s shows them', (zone) => {
  const shown = openClock(zone);
  const offset = (ms: number) => Date.parse(`${shown(ms).replace(' ', 'T')}Z`) - ms;
  const read = toReadTime('iso', zone, { repeated: 'later' });
  const readEarlier = toReadTime('iso', zone);
  // Days around which the clock is put, and some others.
  const days = Array.from({ length: 365 }, (_, index) => Date.UTC(2026, 0, 1) + index * day).filter(
    (ms, index) => index % 60 === 0 || offset(ms - day) !== offset(ms + 2 * day),
  );
  // The plain way: go through the instants and note what the clock shows.
  const byShown = new Map<string, number[]>();
  for (const from of days) {
    for (let ms = from; ms < from + day; ms += 15 * 60_000) {
      byShown.set(shown(ms), [...new Set([...(byShown.get(shown(ms)) ?? []), ms])]);
    }
  }
  let repeated = 0;
  for (const [text, found] of byShown) {
    const near = [-60, -30, 30, 60].map((minutes) => (found[0] ?? 0) + minutes * 60_000);
    const instants = [...new Set([...found, ...near.filter((ms) => shown(ms) === text)])].sort((a, b) => a - b);
    const isRepeated = instants.length > 1;
    if (isRepeated) repeated++;
    expect(read(text)).toEqual({ ms: instants.at(-1), ...(isRepeated && { isRepeated: true }) });
    expect(readEarlier(text)).toMatchObject({ ms: instants[0] });
  }
  const hasDst = !['UTC', 'Asia/Ho_Chi_Minh', 'Asia/Kathmandu'].includes(zone);
  expect(repeated > 0).toBe(hasDst);
});

describe('the days on which clocks are put', () => {
  test('a time that the clock skips is refused, or taken later by as much', () => {
    const refuse = toReadTime('iso', 'America/New_York');
    expect(refuse('2026-03-08 02:30:00')).toEqual({
      fault: 'is skipped by the clocks of America/New_York (local_times.missing)',
    });
    expect(refuse('2026-03-08 01:59:59')).toEqual({ ms: Date.parse('2026-03-08T06:59:59Z') });
    expect(refuse('2026-03-08 03:00:00')).toEqual({ ms: Date.parse('2026-03-08T07:00:00Z') });
    const later = toReadTime('iso', 'America/New_York', { missing: 'later' });
    expect(later('2026-03-08 02:30:00')).toEqual({ ms: Date.parse('2026-03-08T07:30:00Z') });
  });

  test('a time that the clock shows twice is the earlier one, or as told', () => {
    const read = (repeated?: 'earlier' | 'later' | 'refuse') =>
      toReadTime('iso', 'America/New_York', repeated && { repeated })('2026-11-01 01:30:00');
    expect(read()).toEqual({ ms: Date.parse('2026-11-01T05:30:00Z'), isRepeated: true });
    expect(read('later')).toEqual({ ms: Date.parse('2026-11-01T06:30:00Z'), isRepeated: true });
    expect(read('refuse')).toEqual({
      fault: 'is shown twice by the clocks of America/New_York (local_times.repeated)',
    });
  });

  test('a whole day that a zone skipped', () => {
    expect(toReadTime('iso', 'Pacific/Apia')('2011-12-30 10:00:00')).toMatchObject({
      fault: expect.stringContaining('skipped'),
    });
  });

  test('half an hour on Lord Howe', () => {
    const read = toReadTime('iso', 'Australia/Lord_Howe');
    expect(read('2026-10-04 02:15:00')).toMatchObject({ fault: expect.stringContaining('skipped') });
    expect(read('2026-04-05 01:45:00')).toEqual({ ms: Date.parse('2026-04-04T14:45:00Z'), isRepeated: true });
  });
});

describe('how times are written', () => {
  const at = (format: string, text: string, zone?: string) => {
    const found = toReadTime(format, zone)(text);
    return 'fault' in found ? found.fault : new Date(found.ms).toISOString();
  };

  test.each([
    ['iso', '2026-06-01 09:00:00', '2026-06-01T02:00:00.000Z'],
    ['iso', '2026-06-01T09:00', '2026-06-01T02:00:00.000Z'],
    ['iso', '2026-06-01', '2026-05-31T17:00:00.000Z'],
    ['iso', '2026-06-01 09:00:00.1239', '2026-06-01T02:00:00.123Z'],
    ['iso', '2026-06-01T09:00:00+02:00', '2026-06-01T07:00:00.000Z'],
    ['iso', '2026-06-01T09:00:00Z', '2026-06-01T09:00:00.000Z'],
    ['DD/MM/YYYY HH:mm:ss', '01/06/2026 09:00:07', '2026-06-01T02:00:07.000Z'],
    ['D.M.YY H:mm', '1.6.26 9:05', '2026-06-01T02:05:00.000Z'],
    ['MM/DD/YYYY hh:mm A', '06/01/2026 12:30 am', '2026-05-31T17:30:00.000Z'],
    ['MM/DD/YYYY hh:mm A', '06/01/2026 12:30 PM', '2026-06-01T05:30:00.000Z'],
    ['DD MMM YYYY HH:mm:ss Z', '01 Jun 2026 09:00:00 +0530', '2026-06-01T03:30:00.000Z'],
    ['ddd, DD MMM YYYY HH:mm:ss Z', 'Mon, 05 Oct 2026 14:01:52 -0700', '2026-10-05T21:01:52.000Z'],
    ['ddd, D MMM YYYY HH:mm:ss Z', 'mon, 5 oct 2026 14:01:52 GMT', '2026-10-05T14:01:52.000Z'],
    ['dddd, MMMM D, YYYY HH:mm', 'Monday, October 5, 2026 14:01', '2026-10-05T07:01:00.000Z'],
    ['D MMMM YYYY HH:mm:ss Z', '5 May 2026 14:01:52 UTC', '2026-05-05T14:01:52.000Z'],
    ['YYYY-MM-DD HH:mm:ss Z', '2026-10-05 14:01:52 UTC', '2026-10-05T14:01:52.000Z'],
    ['iso', '2026-10-05 14:01:52 UTC', '2026-10-05T14:01:52.000Z'],
    ['iso', '2026-10-05T09:00:00+23:59', '2026-10-04T09:01:00.000Z'],
    ['iso', '2026-10-05T14:01:52 gmt', '2026-10-05T14:01:52.000Z'],
    ['epoch', '1780304400', '2026-06-01T09:00:00.000Z'],
    ['epoch', '1780304400.5', '2026-06-01T09:00:00.500Z'],
    ['epoch_ms', '1780304400123', '2026-06-01T09:00:00.123Z'],
  ])('%s: %s', (format, text, expected) => {
    expect(faultInTimeFormat(format)).toBeUndefined();
    expect(at(format, text, 'Asia/Ho_Chi_Minh')).toBe(expected);
  });

  test.each([
    ['iso', '2026-02-29 09:00:00'],
    ['iso', '2026-13-01 09:00:00'],
    ['iso', '2026-06-01 24:00:00'],
    ['iso', '0000-00-00 00:00:00'],
    ['iso', '01/06/2026 09:00'],
    ['DD/MM/YYYY HH:mm:ss', '31/06/2026 09:00:00'],
    ['DD/MM/YYYY HH:mm:ss', '2026-06-01 09:00:00'],
    ['MM/DD/YYYY hh:mm A', '06/01/2026 13:30 PM'],
    ['ddd, DD MMM YYYY HH:mm', 'Tue, 31 Sep 2026 14:01'],
    ['DD MMM YYYY HH:mm', '05 October 2026 14:01'],
    ['DD MMMM YYYY HH:mm', '05 Oct 2026 14:01'],
    ['DD MMM YYYY HH:mm Z', '05 Oct 2026 14:01 PST'],
    ['iso', '2026-10-05T09:00:00+25:00'],
    ['iso', '2026-10-05T09:00:00+24'],
    ['iso', '2026-10-05 09:00:00 +0760'],
    ['iso', '2026-10-05 09:00:00-99:59'],
    ['DD MMM YYYY HH:mm Z', '05 Oct 2026 14:01 +2500'],
    ['DD MMM YYYY HH:mm Z', '05 Oct 2026 14:01 -07:60'],
    ['epoch', '-5'],
    ['epoch', 'now'],
  ])('%s is not how %s is written', (format, text) => {
    expect(at(format, text, 'UTC')).toMatch(/^must be /);
  });

  test.each([
    ['ddd, DD MMM YYYY HH:mm', 'Tue, 05 Oct 2026 14:01'],
    ['dddd, MMMM D, YYYY HH:mm', 'tuesday, October 5, 2026 14:01'],
  ])('%s: of %s it is said that the weekday is another', (format, text) => {
    expect(at(format, text, 'UTC')).toBe('is a Monday, not a Tuesday');
  });

  test('a local time without a zone is not guessed', () => {
    expect(at('iso', '2026-06-01 09:00:00')).toBe('has no offset, and the mapping no timezone');
  });

  test.each([
    ['YYYY-MM-DD', 'hour'],
    ['YYYY-MM-DD hh:mm', 'am or pm'],
    ['YYYY-MM-DD HH:mm:ss MM', 'twice'],
    ['YYYY-MM-DD HH:mm MMMM', 'twice'],
    ['ddd dddd YYYY-MM-DD HH:mm', 'twice'],
    ['yyyy-MM-dd HH:mm', 'no part of a time'],
  ])('the pattern %s is told what it lacks', (format, word) => {
    expect(faultInTimeFormat(format)).toContain(word);
  });

  test('zones are known by their names', () => {
    expect(faultInTimeZone('Asia/Ho_Chi_Minh')).toBeUndefined();
    expect(faultInTimeZone('+07:00')).toContain('TZDB');
    expect(faultInTimeZone('Saigon')).toContain('TZDB');
  });
});
