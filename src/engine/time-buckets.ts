/** Days, weeks and hours of a zone as a window cuts them: which it has whole, and what they are called. */
import { Temporal } from 'temporal-polyfill';
import { offsetsIn } from './local-time.ts';
import type { CalendarUnit } from './report.ts';
import type { Window } from './scope.ts';
import { dayMs, hourMs } from './time.ts';

// By what clocks show, counted from 1970 as if they showed UTC: the 1st of January was a Thursday, its week began three days before.
const numberOf: Record<CalendarUnit, (localMs: number) => number> = {
  hour: (ms) => Math.floor(ms / hourMs),
  day: (ms) => Math.floor(ms / dayMs),
  week: (ms) => Math.floor((Math.floor(ms / dayMs) + 3) / 7),
};

/** The numbers of the buckets in which a span has an instant, in their order. An hour that a zone has twice is one bucket. */
export function bucketsIn(span: Window, timeZone: string, unit: CalendarUnit): number[] {
  if (span.from >= span.to) return [];
  const offsets = offsetsIn(timeZone, span);
  const numbers = new Set<number>();
  for (const [index, { from, seconds }] of offsets.entries()) {
    const last = Math.min(offsets[index + 1]?.from ?? span.to, span.to) - 1;
    const end = numberOf[unit](last + seconds * 1000);
    for (let number = numberOf[unit](from + seconds * 1000); number <= end; number++) numbers.add(number);
  }
  return [...numbers].sort((one, other) => one - other);
}

// The longest bucket, and as much as clocks may be set by.
const beyondMs = 9 * dayMs;

/** The numbers of the buckets of a window that lie in it in part only, or have not ended at an instant. */
export function incompleteIn(window: Window, timeZone: string, unit: CalendarUnit, now: number): number[] {
  const { from, to } = window;
  const outside = new Set([
    ...bucketsIn({ from: from - beyondMs, to: from }, timeZone, unit),
    ...bucketsIn({ from: Math.min(Math.max(now, from), to), to: to + beyondMs }, timeZone, unit),
  ]);
  return bucketsIn(window, timeZone, unit).filter((number) => outside.has(number));
}

/** A bucket as reports write it. */
export function toBucketLabel(number: number, unit: CalendarUnit): string {
  if (unit === 'day') return toDay(number);
  if (unit === 'hour') return `${toDay(Math.floor(number / 24))} ${String(number % 24).padStart(2, '0')}:00:00`;
  const monday = Temporal.PlainDate.from(toDay(number * 7 - 3));
  return `${monday.yearOfWeek}-W${String(monday.weekOfYear).padStart(2, '0')}`;
}

/** The hour of the week that a bucket of an hour is: 0 = Sunday ... 6 = Saturday, and 0-23. */
export function toWeekSlot(number: number): { weekday: number; hour: number } {
  return { weekday: (Math.floor(number / 24) + 4) % 7, hour: number % 24 };
}

const toDay = (number: number) => new Date(number * dayMs).toISOString().slice(0, 10);
