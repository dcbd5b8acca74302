/** Windows that are compared: which other one is meant, and how far both are compared while one of them still runs. */
import { Temporal } from 'temporal-polyfill';
import type { Window } from './scope.ts';
import { dayMs, daysBetween } from './time.ts';
import type { Compare } from './window.ts';

/** A question's window and another one, as they are compared. */
export interface ComparedWindows {
  kind: Compare['kind'];
  /** The part of the question's window that is compared. */
  current: Window;
  /** The part of the other one. Nothing of it, when nothing of the question's has begun. */
  other: Window;
  /** All of the other one. */
  whole: Window;
  /** Where the compared part of a window ends that still runs; null: it has ended, and all of it is compared. */
  until: number | null;
  isSameLength: boolean;
}

/** When it is, and how far the calls go. */
export interface Present {
  now: number;
  /** The start of the last call up to now, of the campaign or the tenant that is asked about. */
  lastCallAt: number | undefined;
}

/** The other window that a question means, and the parts of both that are compared. */
export function compareWindows(
  window: Window,
  compare: Compare,
  timeZone: string,
  { now, lastCallAt }: Present,
): ComparedWindows {
  const { whole, daysEarlier } = otherWindow(window, compare, timeZone);
  const windows = { kind: compare.kind, whole, isSameLength: isAsLong(window, whole, timeZone) };
  const hasEnded = ({ to }: Window) => to <= now;
  if (hasEnded(window) && hasEnded(whole)) return { ...windows, current: window, other: whole, until: null };
  const moved = (ms: number, from: Window, to: Window, days: number | undefined) =>
    days === undefined ? to.from + ms - from.from : earlier(ms, days, timeZone);
  const there = (ms: number) => moved(ms, window, whole, daysEarlier);
  const here = (ms: number) => moved(ms, whole, window, daysEarlier === undefined ? undefined : -daysEarlier);
  // A late sync is no bad day; a day without any call may be one.
  const reached = ({ from }: Window) =>
    Math.max(lastCallAt === undefined || lastCallAt < from ? now : Math.min(lastCallAt + 1, now), from);
  // Neither is held against what the other can't have yet.
  const ends = [
    ...(hasEnded(window) ? [] : [{ own: reached(window), others: there(reached(window)) }]),
    ...(hasEnded(whole) ? [] : [{ own: here(reached(whole)), others: reached(whole) }]),
  ];
  const current = { from: window.from, to: within(window, Math.min(window.to, ...ends.map(({ own }) => own))) };
  const other = { from: whole.from, to: within(whole, Math.min(whole.to, ...ends.map(({ others }) => others))) };
  return { ...windows, current, other, until: current.to };
}

/** An instant, or the end of a window that is nearer to it. */
const within = ({ from, to }: Window, ms: number) => Math.min(Math.max(ms, from), to);

/** Another window, and by how many days its clocks are earlier than the first one's, where both have the same clocks. */
interface OtherWindow {
  whole: Window;
  daysEarlier: number | undefined;
}

function otherWindow(window: Window, compare: Compare, timeZone: string): OtherWindow {
  const { from, to } = window;
  if (compare.kind === 'given') {
    const [own, others] = [clockOf(from, timeZone), clockOf(compare.window.from, timeZone)];
    const isAlike = own.at.toPlainTime().equals(others.at.toPlainTime());
    const daysEarlier = isAlike ? daysBetween(others.at.toPlainDate(), own.at.toPlainDate()) : undefined;
    return { whole: compare.window, daysEarlier };
  }
  if (compare.kind === 'previous') {
    const days = wholeDays(window, timeZone);
    if (days === undefined) return { whole: { from: from - (to - from), to: from }, daysEarlier: undefined };
    return { whole: { from: earlier(from, days, timeZone), to: from }, daysEarlier: days };
  }
  const weeks = compare.kind === 'year' ? 52 : Math.max(1, Math.ceil(clockLength(window, timeZone) / (7 * dayMs)));
  const [start, end] = [earlier(from, 7 * weeks, timeZone), earlier(to, 7 * weeks, timeZone)];
  if (end > start) return { whole: { from: start, to: end }, daysEarlier: 7 * weeks };
  // Clocks go past it there, or show it once where they show it twice here: then it has as much time.
  return { whole: { from: start, to: start + to - from }, daysEarlier: undefined };
}

/** The number of local days that a window has, when both of its ends show the same time. */
function wholeDays(window: Window, timeZone: string): number | undefined {
  const days = clockLength(window, timeZone) / dayMs;
  return Number.isInteger(days) && days > 0 ? days : undefined;
}

/** How long clocks say that a window is: a day is 24 hours, also where clocks change on it. */
function clockLength({ from, to }: Window, timeZone: string): number {
  const [start, end] = [from, to].map((ms) => clockOf(ms, timeZone).at.toZonedDateTime('UTC').epochMilliseconds);
  return Number(end) - Number(start);
}

/** Whether two windows have the same length: by their clocks, or by the time that passed. */
function isAsLong(one: Window, other: Window, timeZone: string): boolean {
  return one.to - one.from === other.to - other.from || clockLength(one, timeZone) === clockLength(other, timeZone);
}

/** What a clock shows, and whether it shows that for the second time on its day. */
interface Clock {
  at: Temporal.PlainDateTime;
  isSecond: boolean;
}

function clockOf(ms: number, timeZone: string): Clock {
  const zoned = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
  // A day begins at midnight, also where clocks go past it at once.
  if (zoned.equals(zoned.startOfDay())) return { at: zoned.toPlainDate().toPlainDateTime(), isSecond: false };
  const at = zoned.toPlainDateTime();
  return { at, isSecond: at.toZonedDateTime(timeZone, { disambiguation: 'earlier' }).epochMilliseconds < ms };
}

/** The instant at which a clock shows the same so many days before. */
function earlier(ms: number, days: number, timeZone: string): number {
  const { at, isSecond } = clockOf(ms, timeZone);
  const wanted = at.subtract({ days });
  const first = wanted.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  if (first.toPlainDateTime().equals(wanted))
    return (isSecond ? wanted.toZonedDateTime(timeZone, { disambiguation: 'later' }) : first).epochMilliseconds;
  // Clocks never showed it: they went past it at once, at that instant.
  return first.getTimeZoneTransition('next')?.epochMilliseconds ?? first.epochMilliseconds;
}
