/** Numbers and durations as files have them. */
import type { Numbers } from '../language/source-file.ts';

/** Reads a number that a file has: in plain decimals, such as `1234.5`, or undefined when it is none. */
export type ReadNumber = (text: string) => string | undefined;

// What is longer is no number that a file has.
const longestNumber = 400;

/** Compiles the reading of numbers that are written like this. */
export function openNumbers({ decimal = '.', thousands }: Numbers = {}): ReadNumber {
  const point = quoted(decimal);
  // Nobody sees which of the spaces a file has.
  const mark = thousands === undefined ? undefined : thousands === ' ' ? '[ \\u00a0\\u202f]' : quoted(thousands);
  const marks = mark === undefined ? undefined : new RegExp(mark, 'g');
  const whole = mark === undefined ? '[0-9]+' : `[0-9]{1,3}(?:${mark}[0-9]{3})+|[0-9]+`;
  const pattern = new RegExp(`^(-?)(${whole})(?:${point}([0-9]+))?$`);
  return (text) => {
    const match = text.length > longestNumber ? null : pattern.exec(text);
    if (!match) return undefined;
    const [, sign = '', digits = '', fraction] = match;
    const plain = marks === undefined ? digits : digits.replace(marks, '');
    return `${sign}${plain}${fraction === undefined ? '' : `.${fraction}`}`;
  };
}

/** Whether a text would be a number if the mapping named what stands in it: `1,234`, `1 234,5`, `12,5`. */
export const mayBeNumber = (text: string): boolean =>
  text.length <= longestNumber && /^[0-9]+(?:[., '\u00a0\u202f][0-9]{3})*(?:[.,][0-9]+)?$/.test(text);

const quoted = (mark: string) => mark.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

const hourWords = 'h|hr|hrs|hour|hours';
const minuteWords = 'm|min|mins|minute|minutes';
const secondWords = 's|sec|secs|second|seconds';
const inWords = new RegExp(
  `^(?:([0-9]{1,6}) ?(?:${hourWords})(?![a-z])[ ,]*)?(?:([0-9]{1,6}) ?(?:${minuteWords})(?![a-z])[ ,]*)?(?:([0-9]{1,6})(?:[.][0-9]{1,9})? ?(?:${secondWords}))?$`,
  'i',
);
const byColons = /^(?:([0-9]{1,6}):)?([0-9]{1,6}):([0-9]{2})(?:[.,][0-9]{1,9})?$/;

/**
 * The seconds of a duration: `h:mm:ss`, `m:ss`, `23m 17s`, or seconds alone; parts of a second are cut off. Only its first part
 * may be above 59. Undefined when it is none.
 */
export function toDuration(text: string): number | undefined {
  if (text === '' || text.length > 60) return undefined;
  if (/^[0-9]{1,6}(?:[.]0+)?$/.test(text)) return Number(text);
  const match = byColons.exec(text) ?? inWords.exec(text);
  if (!match) return undefined;
  const parts = match.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  const first = parts.findIndex((part) => part !== undefined);
  if (parts.some((part, index) => index > first && (part ?? 0) > 59)) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = parts;
  return hours * 3600 + minutes * 60 + seconds;
}
