/** Which row of one window is which of another: by its key; of days, weeks and hours by their place in the window. */
import type { Occurrences } from './change.ts';
import type { ComparedWindows } from './compared-window.ts';
import type { Report, Times } from './report.ts';
import type { Window } from './scope.ts';
import { bucketsIn, toBucketLabel, toWeekSlot } from './time-buckets.ts';

type Row = Readonly<Record<string, unknown>>;

/** What rows of two windows are of. */
export interface ComparedQuestion {
  report: Report;
  window: Window;
  windows: ComparedWindows;
  timezone: string;
  params: Record<string, unknown>;
}

/** Where rows stand: those of two windows that belong together stand at the same place. */
export interface RowPlaces {
  /** Where a row of the question's window stands. */
  here(row: Row): string;
  /** Where a row of the other window stands. */
  there(row: Row): string;
  /** The key that a row of the other window has in the question's. */
  keyHere(row: Row): Row;
  /** The key that a place has in the other window, where that differs from this one. */
  nameThere(place: string, key: Row): Row;
  /** How often either window has what a row is about; undefined where it is not compared. */
  occurrences(row: Row): Occurrences | undefined;
  /** The same of a row of the other window. */
  occurrencesThere(row: Row): Occurrences;
}

const once = (): Occurrences => ({ here: 1, there: 1 });

/** Where the rows of a report stand, by its declaration. */
export function rowPlaces(question: ComparedQuestion): RowPlaces {
  const { report } = question;
  const times = report.over === 'window' ? report.times : undefined;
  if (times?.kind === 'series') return seriesPlaces(question, times);
  const key = (row: Row) => Object.fromEntries(report.key.map((name) => [name, row[name]]));
  const place = (row: Row) => JSON.stringify(report.key.map((name) => row[name]));
  const occurrences = times ? slotOccurrences(question, times) : once;
  const nameThere = () => ({});
  return { here: place, there: place, keyHere: key, nameThere, occurrences, occurrencesThere: occurrences };
}

/** Buckets, which belong together by how far they are from the first of their window: hours from the first hour of its first day. */
function seriesPlaces(
  { windows, window, timezone, params }: ComparedQuestion,
  { column, unit: unitOf }: Extract<Times, { kind: 'series' }>,
): RowPlaces {
  const unit = unitOf(params as never);
  const firstOf = ({ from }: Window): number => {
    const day = { from, to: from + 1 };
    const [first = 0] = bucketsIn(day, timezone, unit === 'week' ? 'week' : 'day');
    return unit === 'hour' ? first * 24 : first;
  };
  const [first, firstThere] = [firstOf(window), firstOf(windows.other)];
  const numbersOf = (span: Window) =>
    new Map(bucketsIn(span, timezone, unit).map((number) => [toBucketLabel(number, unit), number]));
  const [numbers, numbersThere] = [numbersOf(window), numbersOf(windows.other)];
  const compared = new Set(bucketsIn(windows.current, timezone, unit));
  const numberOf = (row: Row) => numbers.get(String(row[column])) ?? Number.NaN;
  const there = (row: Row) => (numbersThere.get(String(row[column])) ?? Number.NaN) - firstThere;
  const named = (number: number): Row => ({ [column]: toBucketLabel(number, unit) });
  return {
    here: (row) => String(numberOf(row) - first),
    there: (row) => String(there(row)),
    keyHere: (row) => named(there(row) + first),
    nameThere(place, key) {
      const name = named(Number(place) + firstThere);
      return name[column] === key[column] ? {} : name;
    },
    occurrences: (row) => (compared.has(numberOf(row)) ? once() : undefined),
    occurrencesThere: once,
  };
}

/** How often each window has an hour of a weekday: a clock that is put back shows an hour twice, and it is one. */
function slotOccurrences(
  { windows, timezone }: ComparedQuestion,
  { weekday, hour }: Extract<Times, { kind: 'slots' }>,
): RowPlaces['occurrencesThere'] {
  const countIn = (span: Window) => {
    const counts = new Map<number, number>();
    for (const number of bucketsIn(span, timezone, 'hour')) {
      const slot = toWeekSlot(number);
      const place = slot.weekday * 24 + slot.hour;
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    return counts;
  };
  const [here, there] = [countIn(windows.current), countIn(windows.other)];
  return (row) => {
    const place = Number(row[weekday]) * 24 + Number(row[hour]);
    return { here: here.get(place) ?? 0, there: there.get(place) ?? 0 };
  };
}
