/** Times of a file as instants. */
import { Temporal } from 'temporal-polyfill';
import type { LocalTimes } from '../language/source-file.ts';
import { toReadClock } from './read-clock.ts';

/** A time as an instant, or why it is none. `isRepeated`: the clock showed it twice, and the mapping's rule chose. */
export type ReadTime = (text: string) => { ms: number; isRepeated?: true } | { fault: string };

const hourMs = 3_600_000;

/** Compiles the reading of times that are written like this. Without a time zone only texts with an offset are read. */
export function toReadTime(format: string, timezone: string | undefined, rules: LocalTimes = {}): ReadTime {
  if (format === 'epoch' || format === 'epoch_ms') return toReadEpoch(format === 'epoch' ? 1000 : 1);
  const read = toReadClock(format);
  const place = timezone === undefined ? undefined : toPlace(timezone, rules);
  const shown = format === 'iso' ? 'ISO 8601, such as 2026-06-01 09:00:00' : format;
  return (text) => {
    const clock = read(text);
    if (!clock) return { fault: `must be a time written as ${shown}` };
    if ('fault' in clock) return clock;
    const { year, month, day, hour, minute, second, ms, offsetMs } = clock;
    const local = Date.UTC(year, month - 1, day, hour, minute, second, ms);
    if (offsetMs !== undefined) return { ms: local - offsetMs };
    return place ? place(local) : { fault: 'has no offset, and the mapping no timezone' };
  };
}

// Less is a counter, or nothing: no call is from before 1973.
function toReadEpoch(factor: number): ReadTime {
  return (text) =>
    /^[0-9]{9,14}([.][0-9]{1,9})?$/.test(text)
      ? { ms: Math.floor(Math.round(Number(text) * factor * 1000) / 1000) }
      : { fault: `must be a number of ${factor === 1 ? 'milliseconds' : 'seconds'} since 1970` };
}

/** Puts local times into a zone. The offset of an hour in which the clock is not put is looked up once. */
function toPlace(timezone: string, { missing = 'refuse', repeated = 'earlier' }: LocalTimes) {
  const offsets = new Map<number, number | undefined>();
  const both = (local: number) => {
    const plain = toPlain(local);
    const as = (disambiguation: 'earlier' | 'later') => plain.toZonedDateTime(timezone, { disambiguation });
    return [as('earlier').epochMilliseconds, as('later').epochMilliseconds] as const;
  };
  const offsetOf = (hour: number) => {
    const ends = [...both(hour * hourMs), ...both(hour * hourMs + hourMs - 1)];
    const [first = 0, ...others] = ends.map((ms, index) => hour * hourMs + (index < 2 ? 0 : hourMs - 1) - ms);
    return others.every((one) => one === first) ? first : undefined;
  };
  return (local: number): ReturnType<ReadTime> => {
    const key = Math.floor(local / hourMs);
    if (offsets.size > 100_000) offsets.clear();
    if (!offsets.has(key)) offsets.set(key, offsetOf(key));
    const known = offsets.get(key);
    if (known !== undefined) return { ms: local - known };
    const [earlier, later] = both(local);
    if (earlier === later) return { ms: earlier };
    // Of a time that the clock skipped, the earlier reading shows another time than was asked for.
    const shown = Temporal.Instant.fromEpochMilliseconds(earlier).toZonedDateTimeISO(timezone).toPlainDateTime();
    if (shown.equals(toPlain(local))) {
      if (repeated === 'refuse') return { fault: `is shown twice by the clocks of ${timezone} (local_times.repeated)` };
      return { ms: repeated === 'earlier' ? earlier : later, isRepeated: true };
    }
    if (missing === 'refuse') return { fault: `is skipped by the clocks of ${timezone} (local_times.missing)` };
    return { ms: later };
  };
}

const toPlain = (local: number) =>
  Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO('UTC').toPlainDateTime();
