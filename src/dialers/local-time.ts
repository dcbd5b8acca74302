/** Wall-clock times of a dialer's database: read as instants, written, and reckoned with. */
import { Temporal } from 'temporal-polyfill';

/** Reads a DATETIME of the source as epoch milliseconds; undefined when it is none ('0000-00-00 00:00:00', NULL). */
export type ReadLocal = (text: string | null | undefined) => number | undefined;

const pattern = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})/;

/**
 * Reads the source's wall-clock times in its zone. Where a clock that is set back shows an hour twice, the first is taken;
 * a time that a clock set forward has skipped counts as the hour after it.
 */
export function openLocalTime(timeZone: string): ReadLocal {
  // Within ten minutes of wall clock no zone changes its offset, save at their beginning.
  const offsets = new Map<string, number | undefined>();
  return (text) => {
    const [, date, time] = pattern.exec(text ?? '') ?? [];
    if (!date || !time || Number(date.slice(0, 4)) < 1971) return undefined;
    const asUtc = Date.parse(`${date}T${time}Z`);
    if (Number.isNaN(asUtc)) return undefined;
    const key = `${date}T${time.slice(0, 4)}`;
    if (!offsets.has(key)) {
      if (offsets.size > 100_000) offsets.clear();
      offsets.set(key, toOffset(`${key}0:00`, timeZone));
    }
    const offset = offsets.get(key);
    return offset === undefined ? undefined : asUtc - offset;
  };
}

function toOffset(local: string, timeZone: string): number | undefined {
  try {
    const { epochMilliseconds } = Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone);
    return Date.parse(`${local}Z`) - epochMilliseconds;
  } catch {
    return undefined;
  }
}

/** The wall clock of a zone at an instant. */
export function toWallClock(ms: number, timeZone: string): string {
  const { year, month, day, hour, minute, second } =
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second)).toISOString().slice(0, 19).replace('T', ' ');
}

/** A wall-clock time that many milliseconds later, as if no clock were ever set. One that is none stays as it is. */
export function later(local: string, ms: number): string {
  const at = Date.parse(`${local.replace(' ', 'T')}Z`);
  if (Number.isNaN(at)) return local;
  return new Date(at + ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** The beginning of the hour of a wall-clock time. */
export const hourOf = (local: string) => `${local.slice(0, 13)}:00:00`;
