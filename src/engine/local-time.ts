/** Local dates and hours in SQL, by the rules of time zones that this process has rather than the store's. */
import { Temporal } from 'temporal-polyfill';
import { bound, type Sql, sql, toInstant } from '../sql.ts';
import type { Window } from './scope.ts';

/** A change of a zone's offset from UTC: since when, in epoch milliseconds, and to how many seconds. */
interface Offset {
  from: number;
  seconds: number;
}

/**
 * What a zone's clocks show at an instant (a DateTime64(3, 'UTC') within the span), as a DateTime64(3, 'UTC') of the same
 * digits: its date, weekday and hour are local ones. The zone's rules are this process's, as those of days and windows are,
 * and are bound as values: the store has a copy of its own, of another year.
 */
export function toLocal(instant: Sql, timeZone: string, span: Window): Sql {
  const [first, ...later] = offsetsIn(timeZone, span);
  const seconds = later.reduce(
    (before, { from, seconds }) => sql`if(${instant} < ${toInstant(from)}, ${before}, ${toSeconds(seconds)})`,
    toSeconds(first?.seconds ?? 0),
  );
  return sql`addSeconds(${instant}, ${seconds})`;
}

const toSeconds = (seconds: number): Sql => bound('offset', 'Int32', seconds);

/** The offsets that a zone has within a span, the earliest first. */
export function offsetsIn(timeZone: string, { from, to }: Window): Offset[] {
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone);
  const offsets: Offset[] = [];
  while (at !== null && (offsets.length === 0 || at.epochMilliseconds < to)) {
    offsets.push({ from: at.epochMilliseconds, seconds: at.offsetNanoseconds / 1e9 });
    at = at.getTimeZoneTransition('next');
  }
  return offsets;
}
