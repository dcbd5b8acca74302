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

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const fullMonths = 'january february march april may june july august september october november december'.split(' ');
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fullWeekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
// No place keeps a clock by more; plain imports take the same ones.
const offset = '(Z|UTC|GMT|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)';

/** The words of a pattern, the longer ones first. */
const words: readonly (readonly [word: string, pattern: string])[] = [
  ['YYYY', '([0-9]{4})'],
  ['MMMM', `(${fullMonths.join('|')})`],
  ['dddd', `(${fullWeekdays.join('|')})`],
  ['ddd', `(${weekdays.join('|')})`],
  ['MMM', `(${months.join('|')})`],
  ['SSS', '([0-9]{1,9})'],
  ['MM', '([0-9]{2})'],
  ['DD', '([0-9]{2})'],
  ['HH', '([0-9]{2})'],
  ['hh', '([0-9]{2})'],
  ['mm', '([0-9]{2})'],
  ['ss', '([0-9]{2})'],
  ['YY', '([0-9]{2})'],
  ['M', '([0-9]{1,2})'],
  ['D', '([0-9]{1,2})'],
  ['H', '([0-9]{1,2})'],
  ['h', '([0-9]{1,2})'],
  ['A', '(am|pm|a\\.m\\.|p\\.m\\.)'],
  ['Z', offset],
];

const isoPattern = new RegExp(
  `^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?\\s?${offset}?)?$`,
  'i',
);

/** What is wrong with the pattern of a time, or nothing. */
export function faultInTimeFormat(format: string): string | undefined {
  if (isNamed(format)) return undefined;
  const found = cut(format);
  const unknown = found.find((part) => typeof part === 'string' && /[a-z]/i.test(part) && part !== 'T');
  const names = found.flatMap((part) => (typeof part === 'string' ? [] : [part[0]]));
  const known = words.map(([word]) => word).join(', ');
  if (unknown !== undefined)
    return `${JSON.stringify(unknown)} is no part of a time. There are ${known}, iso, epoch and epoch_ms.`;
  const twice = names.find((name, index) => names.findIndex((other) => meaning(other) === meaning(name)) < index);
  if (twice) return `${twice} stands in it twice. Keep one.`;
  const has = (what: string) => names.some((name) => meaning(name) === what);
  const missing = (['year', 'month', 'day', 'hour', 'minute'] as const).filter((what) => !has(what));
  if (missing.length > 0) return `It lacks the ${missing.join(', the ')}. Write it as DD/MM/YYYY HH:mm:ss.`;
  const isHalf = names.some((name) => name === 'h' || name === 'hh');
  if (isHalf !== has('half')) return 'hh and A (am or pm) go together; HH counts to 24.';
  return undefined;
}

/** Whether a format says its instants itself, so that no time zone is needed. */
export function isAbsolute(format: string): boolean {
  return (
    format.startsWith('epoch') ||
    (!isNamed(format) && cut(format).some((part) => typeof part !== 'string' && part[0] === 'Z'))
  );
}

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
  const parts = cut(format);
  const pattern = parts.map((part) =>
    typeof part === 'string' ? part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&') : part[1],
  );
  const names = parts.flatMap((part) => (typeof part === 'string' ? [] : [part[0]]));
  const compiled = new RegExp(`^${pattern.join('')}$`, 'i');
  return (text) => {
    const match = compiled.exec(text);
    if (!match) return undefined;
    return toClock(Object.fromEntries(names.map((name, index) => [meaning(name), match[index + 1]])));
  };
}

const isNamed = (format: string) => ['iso', 'epoch', 'epoch_ms'].includes(format);

/** A pattern as words and the texts between them. */
function cut(format: string): (string | (typeof words)[number])[] {
  const parts: (string | (typeof words)[number])[] = [];
  for (let at = 0; at < format.length; ) {
    const word = words.find(([name]) => format.startsWith(name, at));
    const before = parts.at(-1);
    if (word) parts.push(word);
    else if (typeof before === 'string') parts[parts.length - 1] = before + format[at];
    else parts.push(format[at] ?? '');
    at += word ? word[0].length : 1;
  }
  return parts;
}

function meaning(word: string): string {
  const known: Record<string, string> = {
    YYYY: 'year',
    YY: 'year',
    MMMM: 'month',
    MMM: 'month',
    dddd: 'weekday',
    ddd: 'weekday',
    MM: 'month',
    M: 'month',
    DD: 'day',
    D: 'day',
    HH: 'hour',
    H: 'hour',
    hh: 'hour',
    h: 'hour',
    mm: 'minute',
    ss: 'second',
    SSS: 'fraction',
    A: 'half',
    Z: 'zone',
  };
  return known[word] ?? word;
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
    : months.indexOf(String(found.month).toLowerCase().slice(0, 3)) + 1;
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
  const said = weekday === undefined ? own : weekdays.indexOf(weekday.toLowerCase().slice(0, 3));
  // A weekday that is not the date's shows that one of them was misread.
  if (said !== own) return { fault: `is a ${toName(own)}, not a ${toName(said)}` };
  const offsetMs = zone === undefined ? undefined : toOffset(zone);
  return { year, month, day, hour, minute, second, ms, ...(offsetMs !== undefined && { offsetMs }) };
}

function toName(weekday: number): string {
  const name = fullWeekdays[weekday] ?? '';
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function toOffset(zone: string): number {
  if (/^(z|utc|gmt)$/i.test(zone)) return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}
