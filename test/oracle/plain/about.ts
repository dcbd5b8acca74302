/** What an answer says of itself, computed the plain way: every hour of a window is looked at, every call counted. */
import { isAnswer, isDisposed, isHandled } from './calls.ts';
import { percent } from './fractions.ts';
import { bucketLabel, local, parameter, type Question, windowed } from './questions.ts';
import { DAY, iso, MINUTE } from './values.ts';

const quarter = 15 * MINUTE;

/** The quarters of an hour in which a span has an instant, by their first: labels change on those, whatever the zone. */
function quartersOf(from: number, to: number): number[] {
  const found: number[] = [];
  if (from >= to) return found;
  for (let at = Math.floor(from / quarter) * quarter; at < to; at += quarter) found.push(at);
  return found;
}

/** Labels that an instant of the window has, and that one outside of it, or not yet gone by, has too. */
function incomplete(
  { from, to, now }: { from: number; to: number; now: number },
  labelOf: (at: number) => string,
): string[] {
  const end = Math.max(from, Math.min(to, now));
  const inside = new Set(quartersOf(from, to).map(labelOf));
  const outside = new Set([
    ...quartersOf(from - 8 * DAY, from).map(labelOf),
    ...quartersOf(end, to + 8 * DAY).map(labelOf),
  ]);
  return [...inside].filter((label) => outside.has(label));
}

function slotLabel(at: number, zone: string): string {
  const shown = local(at, zone);
  return `${shown.dayOfWeek % 7} ${shown.hour}`;
}

/** The same for hours of weekdays, which come again: of each hour by itself. */
function incompleteSlots(span: { from: number; to: number; now: number }, zone: string): string[] {
  const hours = incomplete(span, (at) => `${slotLabel(at, zone)} ${bucketLabel(at, zone, 'hour')}`);
  return [...new Set(hours.map((label) => label.split(' ').slice(0, 2).join(' ')))];
}

/** Window, last call, buckets that are not whole, and dials without a disposition, as a report over a window tells them. */
export function aboutWindow(question: Question, report: string): unknown {
  const { from, to, now, zone, calls, tenant, filters, params } = windowed(question);
  const unit = parameter(params, 'group_by') ?? 'day';
  const span = { from, to, now };
  const buckets =
    report === 'time-series'
      ? incomplete(span, (at) => bucketLabel(at, zone, unit))
      : report === 'hour-dow-heatmap'
        ? incompleteSlots(span, zone)
        : [];
  const starts = tenant.calls
    .filter((call) => (filters.campaign === null || call.campaign === filters.campaign) && call.at < now)
    .map((call) => call.at);
  const dayOf = (at: number) => bucketLabel(at, zone, 'day');
  // Three local days lie within the last five times 24 hours, whatever happens to clocks.
  const last = Math.min(to, now + 1);
  const begun = new Set(quartersOf(Math.max(from, last - 5 * DAY), last).map(dayOf));
  const newest = [...begun].sort().reverse().slice(0, 3);
  return {
    window: { from: iso(from), to: iso(to) },
    last_call_at: starts.length === 0 ? null : iso(starts.reduce((one, other) => Math.max(one, other))),
    has_ended: to <= now,
    incomplete_buckets: buckets.sort(),
    undisposed: newest.map((day) => {
      const handled = calls.filter((call) => isAnswer(call) && isHandled(call) && dayOf(call.at) === day);
      const without = handled.filter((call) => !isDisposed(call));
      return {
        day,
        handled: handled.length,
        undisposed: without.length,
        pct: Number(percent(without.length, handled.length, 1)),
      };
    }),
  };
}
