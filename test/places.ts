/** Places in time: zones, instants near the changes of their clocks, and the many ways to write an instant. */
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Zones whose clocks do something odd, and two whose clocks don't. */
export const ZONES = [
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Asia/Kathmandu',
  'America/St_Johns',
  'America/New_York',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'America/Havana',
  'Asia/Ho_Chi_Minh',
  'America/Coyhaique',
  'UTC',
] as const;

/** A zone and an instant worth testing there: a change of its offset, or the turn of a year where there is none. */
export interface Place {
  zone: string;
  base: number;
}

/** An instant as a clock of the zone shows it. */
export function local(ms: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
}

/** The first instant of a date in a zone, in epoch milliseconds. */
export function dayStart(date: Temporal.PlainDate, zone: string): number {
  return date.toZonedDateTime(zone).epochMilliseconds;
}

function placesOf(zone: string): Place[] {
  const places: Place[] = [];
  let at: Temporal.ZonedDateTime | null = local(Date.UTC(2024, 0, 1), zone);
  const end = Date.UTC(2026, 6, 1);
  for (;;) {
    at = at.getTimeZoneTransition('next');
    if (at === null || at.epochMilliseconds > end) break;
    places.push({ zone, base: at.epochMilliseconds });
  }
  if (places.length > 0) return places;
  return ['2024-12-30', '2026-01-01', '2024-02-29'].map((date) => ({
    zone,
    base: dayStart(Temporal.PlainDate.from(date), zone),
  }));
}

/** All of them. */
export const PLACES = ZONES.flatMap(placesOf);

/** A little beside an edge, or on it. */
export const nudges = fc.constantFrom(0, 0, 0, -SECOND, -1, 1, SECOND);

/** Instants around a place: local midnights, the transition, 28 days before those, and anything in between. */
export function moments({ zone, base }: Place): fc.Arbitrary<number> {
  const date = local(base, zone).toPlainDate();
  const midnights = [-1, 0, 1, 2].map((days) => dayStart(date.add({ days }), zone));
  const aroundBase = [-HOUR, -HOUR / 2, 0, HOUR / 2, HOUR].map((distance) => base + distance);
  const longBefore = midnights.map((midnight) => midnight - 28 * DAY);
  const edge = (weight: number, at: number[]) => ({
    weight,
    arbitrary: fc.tuple(fc.constantFrom(...at), nudges).map(([ms, nudge]) => ms + nudge),
  });
  const anywhere = (weight: number, from: number, to: number, unit: number) => ({
    weight,
    arbitrary: fc.integer({ min: from / unit, max: to / unit }).map((steps) => base + steps * unit),
  });
  return fc.oneof(
    edge(4, midnights),
    edge(3, aroundBase),
    edge(1, longBefore),
    anywhere(4, -2 * DAY, 2 * DAY, SECOND),
    anywhere(2, -4 * HOUR, 4 * HOUR, 1),
    anywhere(1, -28 * DAY, 2 * DAY, SECOND),
  );
}

/** One of the many ways to write an instant. */
export interface Form {
  offset: string;
  separator: string;
  brief: boolean;
  extraDigits: string;
}

export const forms: fc.Arbitrary<Form> = fc.record({
  offset: fc.constantFrom('Z', 'Z', '', '+07:00', '+05:45', '-03:30', '+00:00', ' 07:00'),
  separator: fc.constantFrom('T', 'T', ' '),
  brief: fc.boolean(),
  extraDigits: fc.constantFrom('', '', '', '000', '999'),
});

function offsetMinutes(offset: string): number {
  const parts = /^(.)(\d\d):(\d\d)$/.exec(offset);
  if (parts === null) return 0;
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3]));
}

/** An instant in one of its spellings; `ms` is in epoch milliseconds. */
export function write(ms: number, { offset, separator, brief, extraDigits }: Form): string {
  const wall = new Date(ms + offsetMinutes(offset) * MINUTE).toISOString().slice(0, -1);
  const digits = brief && wall.endsWith('.000') ? wall.slice(0, -4).replace(/:00$/, '') : wall + extraDigits;
  return digits.replace('T', separator) + offset;
}
