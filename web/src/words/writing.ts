/** How values are written: numbers, spans of time and dates in a language, units in the head of a column alone. */
import type { Column } from '../api/types.ts';
import type { Language } from './language.ts';

const locales: Record<Language, string> = { en: 'en-GB', vi: 'vi-VN' };

/** Writes values in one language. */
export interface Writing {
  /** A number with as many decimals as it has, at most so many. */
  number(value: number, digits?: number): string;
  /** A share, with its sign: `38.2 %`. */
  /** With this many decimals, neither fewer nor more. */
  fixed(value: number, digits: number): string;
  percent(value: number, digits?: number): string;
  /** Seconds as people read them: `4:07`, `1:02:09`. */
  seconds(value: number): string;
  /** The size of a file: `3.4 MB`. */
  bytes(value: number): string;
  /** A calendar date, `2026-11-25`: short within a year that is said elsewhere. */
  date(date: string, style?: 'short' | 'long'): string;
  /** Two dates as one span. */
  span(from: string, to: string): string;
  /** An instant by the clocks of a zone. */
  instant(iso: string, zone: string): string;
  /** The time of day of an instant by the clocks of a zone. */
  clock(iso: string, zone: string): string;
  /** A day of the week, 0 = Sunday. */
  weekday(day: number, style?: 'short' | 'long'): string;
  /** A value of a column as a cell shows it, without its unit. */
  cell(column: Column, value: unknown, zone: string): string;
  /** The first day of the week, 0 = Sunday. */
  firstDay: number;
}

const utc = (date: string) => new Date(`${date}T12:00:00Z`);

/** Keeps what a function made of its arguments: formats take long to open, and a table writes thousands of values with a few. */
function kept<Args extends unknown[], Made>(make: (...args: Args) => Made): (...args: Args) => Made {
  const made = new Map<string, Made>();
  return (...args) => {
    const key = JSON.stringify(args);
    const found = made.get(key) ?? make(...args);
    made.set(key, found);
    return found;
  };
}

/** Opens the writing of a language: one for all who write it. */
export const openWriting = kept(writingOf);

function writingOf(language: Language): Writing {
  const locale = locales[language];
  const numbers = kept((least: number, most: number) => {
    return new Intl.NumberFormat(locale, { minimumFractionDigits: least, maximumFractionDigits: most });
  });
  const number = (value: number, digits = 0) => numbers(0, digits).format(value);
  const fixed = (value: number, digits: number) => numbers(digits, digits).format(value);
  const day = kept(
    (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options }),
  );
  const at = kept(
    (zone: string, options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options }),
  );
  // Vietnamese write dates in figures.
  const month = language === 'vi' ? 'numeric' : 'short';
  const spans = day({ day: 'numeric', month, year: 'numeric' });

  const instants = (zone: string) =>
    at(
      zone,
      language === 'vi'
        ? { day: 'numeric', month, year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' }
        : { dateStyle: 'medium', timeStyle: 'medium' },
    );

  const writing: Writing = {
    number,
    fixed,
    percent: (value, digits = 1) => `${fixed(value, digits)} %`,
    seconds: toClock,
    bytes: (value) => {
      const power = value < 1_000_000 ? 1 : 2;
      const unit = power === 1 ? 'kilobyte' : 'megabyte';
      const options = { style: 'unit', unit, unitDisplay: 'short', maximumSignificantDigits: 3 } as const;
      return new Intl.NumberFormat(locale, options).format(value / 1000 ** power);
    },
    date: (date, style = 'short') =>
      day(
        style === 'short'
          ? { day: 'numeric', month }
          : { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' },
      ).format(utc(date)),
    span: (from, to) => spans.formatRange(utc(from), utc(to)),
    instant: (iso, zone) => instants(zone).format(new Date(iso)),
    clock: (iso, zone) => at(zone, { timeStyle: 'medium' }).format(new Date(iso)),
    // 4 January 1970 was a Sunday.
    weekday: (which, style = 'short') => day({ weekday: style }).format(new Date(Date.UTC(1970, 0, 4 + which))),
    cell: (column, value, zone) => {
      if (value === null || value === undefined) return '–';
      if (typeof value === 'boolean') return value ? '✓' : '';
      if (column.kind === 'instant') return writing.instant(String(value), zone);
      const isAmount = typeof value === 'number' || column.kind === 'decimal';
      if (!isAmount || column.code || isId(column)) return String(value);
      if (column.unit === 'seconds') return toClock(Number(value));
      return column.digits ? fixed(Number(value), Math.min(column.digits, 2)) : number(Number(value));
    },
    firstDay: 1,
  };
  return writing;
}

/** Whether a column's numbers name something: they are not grouped, nor added up. */
export const isId = ({ name, unit }: Column): boolean => unit === null && /(^|_)id$/.test(name);

function toClock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
