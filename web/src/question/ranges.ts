/** The ranges that a question may be about, by their names and as dates. */
import { addDays, daysBetween, isDate, mondayOf, monthOf } from './dates.ts';

/** The ranges that have names, in the order in which they are offered. */
export const namedRanges = [
  'today',
  'yesterday',
  '7d',
  '30d',
  '90d',
  'week',
  'last-week',
  'month',
  'last-month',
] as const;
/** One of them. */
export type NamedRange = (typeof namedRanges)[number];

/** Two dates, both of them in the range. */
export interface Dates {
  from: string;
  to: string;
}

/** The longest that the API takes. */
export const mostDays = 90;

const toDates: Record<NamedRange, (today: string) => Dates> = {
  today: (today) => ({ from: today, to: today }),
  yesterday: (today) => ({ from: addDays(today, -1), to: addDays(today, -1) }),
  '7d': (today) => ({ from: addDays(today, -6), to: today }),
  '30d': (today) => ({ from: addDays(today, -29), to: today }),
  '90d': (today) => ({ from: addDays(today, -89), to: today }),
  week: (today) => ({ from: mondayOf(today), to: today }),
  'last-week': (today) => ({ from: addDays(mondayOf(today), -7), to: addDays(mondayOf(today), -1) }),
  month: (today) => ({ from: monthOf(today), to: today }),
  'last-month': (today) => ({ from: monthOf(today, -1), to: addDays(monthOf(today), -1) }),
};

/** Whether a text names a range. */
export const isNamedRange = (text: string): text is NamedRange => (namedRanges as readonly string[]).includes(text);

/** A range as the address has it, `7d` or `2026-11-01..2026-11-25`; undefined when it is none. */
export function readRange(text: string | undefined): NamedRange | Dates | undefined {
  if (text === undefined) return undefined;
  if (isNamedRange(text)) return text;
  const [from = '', to = '', ...others] = text.split('..');
  const isGood = others.length === 0 && isDate(from) && isDate(to) && from <= to && daysBetween(from, to) <= mostDays;
  return isGood ? { from, to } : undefined;
}

/** A range as the address has it. */
export const writeRange = (range: NamedRange | Dates): string =>
  typeof range === 'string' ? range : `${range.from}..${range.to}`;

/** A range as dates, on a day. */
export const datesOf = (range: NamedRange | Dates, today: string): Dates =>
  typeof range === 'string' ? toDates[range](today) : range;

/** The shortest usual range that reaches back to a day, as an address has it: the usual one when that does; else the month up to the day. */
export function rangeReaching(day: string, today: string): string | undefined {
  const age = daysBetween(day, today);
  if (age <= 7) return undefined;
  if (age <= mostDays) return age <= 30 ? '30d' : '90d';
  return writeRange({ from: addDays(day, -29), to: day });
}

/** The range beside a range, as long as it: whole weeks and months stay such. */
export function shiftRange(range: NamedRange | Dates, today: string, steps: -1 | 1): NamedRange | Dates {
  const shifted = besideOf(range, today, steps);
  // A week or month that has begun is the running one, as far as it goes.
  if (shifted.from === mondayOf(today) && shifted.to === addDays(shifted.from, 6)) return 'week';
  if (shifted.from === monthOf(today) && isWholeMonth(shifted)) return 'month';
  return namedRanges.find((name) => writeRange(datesOf(name, today)) === writeRange(shifted)) ?? shifted;
}

function besideOf(range: NamedRange | Dates, today: string, steps: -1 | 1): Dates {
  const { from, to } = datesOf(range, today);
  if (range === 'month' || range === 'last-month' || (typeof range === 'object' && isWholeMonth(range)))
    return { from: monthOf(from, steps), to: addDays(monthOf(from, steps + 1), -1) };
  const days = range === 'week' ? 7 : daysBetween(from, to);
  const start = addDays(from, steps * days);
  return { from: start, to: addDays(start, days - 1) };
}

const isWholeMonth = ({ from, to }: Dates) => from === monthOf(from) && to === addDays(monthOf(from, 1), -1);
