/** Instants as people of a zone read them. */
import { Temporal } from 'temporal-polyfill';

/** An instant as local time with its offset: `2026-06-01 09:30+07:00`. */
export function toLocalText(ms: number, timezone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timezone);
  const text = at.toString({ smallestUnit: ms % 1000 ? 'millisecond' : 'second', timeZoneName: 'never' });
  return text.replace('T', ' ').replace(/(\d\d:\d\d):00(?=[+-])/, '$1');
}
