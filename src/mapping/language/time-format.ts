/** How times are written: the words of a pattern, and what may be wrong with one. */

/** The names of the months, in lower case as all names here. */
export const monthNames = 'january february march april may june july august september october november december'.split(
  ' ',
);
/** The names of the days of a week, which begins on Sunday as JavaScript's does. */
export const weekdayNames = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
/** The short form of a name. */
export const shortName = (name: string) => name.slice(0, 3);
const oneOf = (names: readonly string[]) => `(${names.join('|')})`;

/** An offset from UTC, as a regular expression. No place keeps a clock by more; plain imports read the same ones. */
export const offsetPattern = '(Z|UTC|GMT|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)';

/** The words of a pattern, the longer ones first. */
const words: readonly (readonly [word: string, pattern: string])[] = [
  ['YYYY', '([0-9]{4})'],
  ['MMMM', oneOf(monthNames)],
  ['dddd', oneOf(weekdayNames)],
  ['ddd', oneOf(weekdayNames.map(shortName))],
  ['MMM', oneOf(monthNames.map(shortName))],
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
  ['Z', offsetPattern],
];

/** What is wrong with the pattern of a time, or nothing. */
export function faultInTimeFormat(format: string): string | undefined {
  if (isNamed(format)) return undefined;
  const found = cutTimeFormat(format);
  const unknown = found.find((part) => typeof part === 'string' && /[a-z]/i.test(part) && part !== 'T');
  const names = found.flatMap((part) => (typeof part === 'string' ? [] : [part[0]]));
  const known = words.map(([word]) => word).join(', ');
  if (unknown !== undefined)
    return `${JSON.stringify(unknown)} is no part of a time. There are ${known}, iso, epoch and epoch_ms.`;
  const twice = names.find((name, index) => names.findIndex((other) => meaningOf(other) === meaningOf(name)) < index);
  if (twice) return `${twice} stands in it twice. Keep one.`;
  const has = (what: string) => names.some((name) => meaningOf(name) === what);
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
    (!isNamed(format) && cutTimeFormat(format).some((part) => typeof part !== 'string' && part[0] === 'Z'))
  );
}

const isNamed = (format: string) => ['iso', 'epoch', 'epoch_ms'].includes(format);

/** A pattern as words, each with its regular expression, and the texts between them. */
export function cutTimeFormat(format: string): (string | (typeof words)[number])[] {
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

/** Which part of a time a word of a pattern stands for. */
export function meaningOf(word: string): string {
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
