/** Reads what a clock showed, as a mapping says that times are written. */
import {
  cutTimeFormat,
  meaningOf,
  monthNames,
  offsetPattern,
  shortName,
  weekdayNames,
} from '../language/time-format.ts';

/** The parts of a time that a pattern names, all as numbers; `offsetMs` where the text says its offset itself. */
export interface ClockTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
  offsetMs?: number;
}

/** Reads the text of a time; undefined when it is none. A fault says what is wrong with one that is written as it should be. */
export type ReadClock = (text: string) => ClockTime | { fault: string } | undefined;

const [months, weekdays] = [monthNames.map(shortName), weekdayNames.map(shortName)];

const isoPattern = new RegExp(
  `^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?\\s?${offsetPattern}?)?$`,
  'i',
);

/** Compiles the pattern of a time; `epoch` and `epoch_ms` are none. */
export function toReadClock(format: string): ReadClock {
  if (format === 'iso') {
    return (text) => {
      const match = isoPattern.exec(text);
      if (!match) return undefined;
      const [, year, month, day, hour, minute, second, fraction, zone] = match;
      return toClock({ year, month, day, hour, minute, second, fraction, zone });
    };
  }
  const parts = cutTimeFormat(format);
  const pattern = parts.map((part) =>
    typeof part === 'string' ? part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&') : part[1],
  );
  const names = parts.flatMap((part) => (typeof part === 'string' ? [] : [part[0]]));
  const compiled = new RegExp(`^${pattern.join('')}$`, 'i');
  return (text) => {
    const match = compiled.exec(text);
    if (!match) return undefined;
    return toClock(Object.fromEntries(names.map((name, index) => [meaningOf(name), match[index + 1]])));
  };
}

type Found = Partial<
  Record<
    'year' | 'month' | 'day' | 'weekday' | 'hour' | 'minute' | 'second' | 'fraction' | 'half' | 'zone',
    string | undefined
  >
>;

function toClock(found: Found): ReturnType<ReadClock> {
  const { half, zone, weekday } = found;
  const year = Number(found.year) + (found.year?.length === 2 ? 2000 : 0);
  const month = /^\d/.test(found.month ?? '')
    ? Number(found.month)
    : months.indexOf(shortName(String(found.month).toLowerCase())) + 1;
  const day = Number(found.day);
  let hour = Number(found.hour ?? 0);
  const minute = Number(found.minute ?? 0);
  const second = Number(found.second ?? 0);
  // Digits beyond the millisecond are cut off.
  const ms = Number((found.fraction ?? '').padEnd(3, '0').slice(0, 3));
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (/^p/i.test(half) ? 12 : 0);
  }
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (!isDay || hour > 23 || minute > 59 || second > 59) return undefined;
  const own = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  const said = weekday === undefined ? own : weekdays.indexOf(shortName(weekday.toLowerCase()));
  // A weekday that is not the date's shows that one of them was misread.
  if (said !== own) return { fault: `is a ${toName(own)}, not a ${toName(said)}` };
  const offsetMs = zone === undefined ? undefined : toOffset(zone);
  return { year, month, day, hour, minute, second, ms, ...(offsetMs !== undefined && { offsetMs }) };
}

function toName(weekday: number): string {
  const name = weekdayNames[weekday] ?? '';
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function toOffset(zone: string): number {
  if (/^(z|utc|gmt)$/i.test(zone)) return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}
