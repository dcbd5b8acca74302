/** How the rules of a mapping make values of a row's fields. */
import { cleanText, cleanWhole } from '../../clean-text.ts';
import { listed } from '../../document/short.ts';
import { isTooLong, isUnprintable, type NameKind } from '../../ingest/names.ts';
import type { Mapping } from '../language/mapping.ts';
import { columnsOfTable, kindOfName, readingOf } from '../language/readings.ts';
import type { ColumnRule } from '../language/rule.ts';
import { asList, columnsOfRule, longRule, longRules } from '../language/rule-columns.ts';
import { type Fields, type PositionOf, toHolds } from './conditions.ts';
import { mayBeNumber, openNumbers, type ReadNumber, toDuration } from './numbers.ts';
import { toDigits } from './phone-digits.ts';
import type { HashPhone } from './phone-hash.ts';
import { toReadTime } from './read-time.ts';

/** What a rule makes of a row: a text of ours ('' is not given), a name that needs an id, or why it can't. */
export type Made = string | { name: string } | { fault: string } | { text: string; isRepeated: true };

/** One of our columns, and how it is made. */
export interface Making {
  column: string;
  /** The column as people know it: the file's own names, and ours. */
  shown: string;
  /** The columns of the file that it is made of. */
  sources: readonly string[];
  /** Set when the texts are names. */
  kind?: NameKind;
  make(fields: Fields): Made;
}

/** Compiles the rules of a mapping. */
export function toMakings(mapping: Mapping, positionOf: PositionOf, hash: HashPhone | undefined): Making[] {
  const columns = columnsOfTable(mapping.table);
  const readNumber = openNumbers(mapping.numbers);
  return Object.entries(mapping.columns).map(([column, given]) => {
    const rule = longRule(given);
    const declared = columns[column];
    if (!declared) throw new TypeError(`${column} is no column of ${mapping.table}`);
    const kind = readingOf(rule, declared) === 'name' ? kindOfName(column) : undefined;
    const toMake = (one: ColumnRule): Make => {
      const as = readingOf(one, declared);
      const read = as === 'phone' ? toReadPhone(one, hash) : toRead(one, as, mapping, readNumber);
      const pick = toPick(one, positionOf, readNumber);
      return (fields) => {
        const picked = pick(fields);
        if (typeof picked !== 'string') return picked;
        // A text of the file that could not be decoded is no text to go by.
        if (picked.includes('\ufffd')) return { fault: notDecoded };
        return picked === '' ? '' : read(picked);
      };
    };
    return {
      column,
      shown: showColumn(column, rule),
      sources: columnsOfRule(rule),
      ...(kind && { kind }),
      make: firstThatGives(longRules(rule).map(toMake)),
    };
  });
}

type Make = (fields: Fields) => Made;

/** What the first rule gives that gives something; when none does, what is wrong with the last that found a text. */
function firstThatGives(makes: readonly Make[]): Make {
  const [only] = makes;
  if (only && makes.length === 1) return only;
  return (fields) => {
    let found: Made = '';
    for (const make of makes) {
      const made = make(fields);
      if (typeof made === 'string' ? made !== '' : !('fault' in made)) return made;
      if (made !== '') found = made;
    }
    return found;
  };
}

const notDecoded = 'is not valid in the file\u2019s encoding (file.encoding of the mapping says which it is)';

/** Our column with the names of the file's columns that it is made of. */
function showColumn(column: string, rule: ColumnRule): string {
  const sources = columnsOfRule(rule);
  return sources.length === 0 || (sources.length === 1 && sources[0] === column)
    ? column
    : `${listed(sources, 5)} (${column})`;
}

/** Finds the text that a rule is about. */
function toPick(
  rule: ColumnRule,
  positionOf: PositionOf,
  readNumber: ReadNumber,
): (fields: Fields) => string | { fault: string } {
  const { value, cases, values, otherwise, join, between = '' } = rule;
  if (value !== undefined) return () => value;
  if (cases) {
    const compiled = cases.map((one) => {
      const position = one.from === undefined ? undefined : positionOf(one.from);
      return { holds: toHolds(one.when, positionOf, readNumber), position, value: one.value ?? '' };
    });
    return (fields) => {
      const found = compiled.find(({ holds }) => holds(fields));
      if (found) return found.position === undefined ? found.value : (fields[found.position] ?? '');
      return otherwise === undefined ? { fault: 'none of the mapping\u2019s cases holds' } : (otherwise ?? '');
    };
  }
  const positions = (join ?? asList(rule.from)).map(positionOf);
  const part = toPart(rule);
  const text = (fields: Fields): string | { fault: string } => part(whole(fields));
  const whole = (fields: Fields): string | { fault: string } =>
    join
      ? toJoined(positions, between, fields)
      : (fields[positions.find((position) => (fields[position] ?? '') !== '') ?? -1] ?? '');
  // Joined texts are all there, or none is.
  const isMissing = (fields: Fields) =>
    join !== undefined && positions.every((position) => (fields[position] ?? '') === '');
  if (!values) return (fields) => (isMissing(fields) ? '' : text(fields));
  const known = new Map(Object.entries(values));
  return (fields) => {
    const found = text(fields);
    if (typeof found !== 'string') return found;
    const ours = known.get(found);
    if (ours !== undefined) return ours ?? '';
    if (found === '') return '';
    return otherwise === undefined ? { fault: 'has a value that the mapping does not know' } : (otherwise ?? '');
  };
}

/** Cuts out what stands between two marks of a text. An empty text has no part. */
function toPart({ after, before, otherwise }: ColumnRule) {
  const lacks = (mark: string) =>
    otherwise ?? (otherwise === null ? '' : { fault: `has no ${JSON.stringify(mark)} in it` });
  return (found: string | { fault: string }): string | { fault: string } => {
    if (typeof found !== 'string' || found === '') return found;
    const start = after === undefined ? 0 : found.indexOf(after);
    if (start < 0) return lacks(after ?? '');
    const from = start + (after?.length ?? 0);
    const end = before === undefined ? found.length : found.indexOf(before, from);
    return end < 0 ? lacks(before ?? '') : cleanText(found.slice(from, end));
  };
}

// No text of ours has more than 1,000 characters, each of which is one unit here or two.
const longestJoined = 2000;

/** Texts one behind the other, as far as they are any text of ours: a column may be joined to itself again and again. */
function toJoined(positions: readonly number[], between: string, fields: Fields): string | { fault: string } {
  let joined = '';
  for (const [index, position] of positions.entries()) {
    joined += (index > 0 ? between : '') + (fields[position] ?? '');
    if (joined.length > longestJoined) return { fault: 'has more than 1000 characters when it is joined' };
  }
  return joined;
}

const daySeconds = 86_400;

function toRead(rule: ColumnRule, as: string, mapping: Mapping, readNumber: ReadNumber): (text: string) => Made {
  switch (as) {
    case 'time': {
      const read = toReadTime(rule.format ?? 'iso', rule.timezone ?? mapping.timezone, mapping.local_times);
      return (text) => {
        const found = read(text);
        if ('fault' in found) return found;
        const date = new Date(found.ms);
        if (Number.isNaN(date.getTime())) return { fault: 'is no instant' };
        return found.isRepeated ? { text: date.toISOString(), isRepeated: true } : date.toISOString();
      };
    }
    case 'seconds':
    case 'milliseconds': {
      const divisor = as === 'seconds' ? 1 : 1000;
      // Beyond a day it is no duration, and perhaps a phone number that slipped: it goes no further.
      return (text) => {
        const number = readNumber(text);
        if (number === undefined && mayBeNumber(text)) {
          return {
            fault: `must be a number of ${as}: say how numbers are written, as "numbers": { "decimal": ",", "thousands": "." }`,
          };
        }
        // In one country 1.234 is a thousand, in another one and a bit.
        if (mapping.numbers?.decimal === undefined && /[.]0*[1-9]/.test(number ?? '')) {
          return { fault: `must be whole ${as}: say how decimals are written, as "numbers": { "decimal": "." }` };
        }
        const seconds = Math.round(Number(number ?? Number.NaN) / divisor);
        // Below zero there is no duration, however little.
        return seconds >= 0 && seconds <= daySeconds && !number?.startsWith('-')
          ? String(seconds)
          : { fault: `must be a number of ${as}, of at most a day` };
      };
    }
    case 'clock':
      return (text) => {
        const seconds = toDuration(text);
        return seconds !== undefined && seconds <= daySeconds
          ? String(seconds)
          : { fault: 'must be a duration of at most a day, written as h:mm:ss, m:ss, 23m 17s or seconds' };
      };
    case 'name':
      return (text) => {
        if (isTooLong(text)) return { fault: 'is a name of more than 1000 characters' };
        if (isUnprintable(text)) return { fault: 'is a name with a control character in it' };
        // Some names are numbers.
        return { name: cleanWhole(text) };
      };
    default:
      return (text) => text;
  }
}

function toReadPhone(rule: ColumnRule, hash: HashPhone | undefined): (text: string) => Made {
  return (text) => {
    const digits = toDigits(text, rule);
    if (digits !== undefined) return hash ? String(hash(digits)) : '(hash)';
    return rule.otherwise === undefined ? { fault: 'is not one phone number' } : (rule.otherwise ?? '');
  };
}
