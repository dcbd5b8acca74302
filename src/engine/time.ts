/** Moments, days and dates: what people write, and which instants that is in a zone. */
import { Temporal } from 'temporal-polyfill';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

const instantPattern =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[-+ ](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?$/i;

/** What a person wrote as a moment: an instant, or a whole calendar day. */
export type Moment = { kind: 'instant'; ms: number } | { kind: 'date'; date: Temporal.PlainDate };

/**
 * Reads ISO 8601: an instant with `Z`, an offset or none (UTC), or a date. A space may stand for the `T`, and where an
 * offset's `+` was lost in a URL. Undefined when it is neither; digits beyond the millisecond are cut off.
 */
export function readMoment(text: string): Moment | undefined {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return { kind: 'date', date: Temporal.PlainDate.from(text) };
    const match = instantPattern.exec(text);
    if (!match) return undefined;
    const [, date, time, zone] = match;
    if (/^24|:60/.test(time ?? '')) return undefined;
    const offset = zone === undefined ? 'Z' : zone.replace(' ', '+').toUpperCase();
    return { kind: 'instant', ms: Temporal.Instant.from(`${date}T${time}${offset}`).epochMilliseconds };
  } catch {
    return undefined;
  }
}

/** The first instant of a calendar day in a zone: not always midnight, since a DST gap may lie there. */
export function startOfDay(date: Temporal.PlainDate, timeZone: string): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds;
}

/** The first instant of a moment: its own, or that of its day in a zone. */
export function startOfMoment(moment: Moment, timeZone: string): number {
  return moment.kind === 'instant' ? moment.ms : startOfDay(moment.date, timeZone);
}

/** The calendar day in which an instant lies: from its first instant to the next day's. */
export function dayOf(ms: number, timeZone: string): { from: number; to: number } {
  const date = dateOf(ms, timeZone);
  return { from: startOfDay(date, timeZone), to: startOfDay(date.add({ days: 1 }), timeZone) };
}

/** Calendar days from one date to another. */
export function daysBetween(from: Temporal.PlainDate, to: Temporal.PlainDate): number {
  return from.until(to, { largestUnit: 'days' }).days;
}

/** The calendar date of an instant in a zone. */
export function dateOf(ms: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate();
}
