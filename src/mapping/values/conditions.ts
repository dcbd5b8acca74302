/** Whether a condition of a mapping holds of a row. */
import type { Test, When } from '../language/rule.ts';
import { asList } from '../language/rule-columns.ts';
import type { ReadNumber } from './numbers.ts';

/** The fields of a row, by their positions. */
export type Fields = readonly string[];
/** Finds the position of a column. */
export type PositionOf = (column: string) => number;
/** Whether a condition holds of a row. */
export type Holds = (fields: Fields) => boolean;

/** Compiles a condition; of several, one must hold. */
export function toHolds(when: When | readonly When[], positionOf: PositionOf, readNumber: ReadNumber): Holds {
  const alternatives = asList<When>(when).map((one) => {
    const tests = Object.entries(one).map(([column, test]) => {
      const position = positionOf(column);
      const passes = toPasses(test, readNumber);
      return (fields: Fields) => passes(fields[position] ?? '');
    });
    return (fields: Fields) => tests.every((test) => test(fields));
  });
  return (fields) => alternatives.some((holds) => holds(fields));
}

function toPasses(given: Test | string | string[], readNumber: ReadNumber): (text: string) => boolean {
  const test: Test = typeof given === 'string' || Array.isArray(given) ? { is: given } : given;
  const passes: ((text: string) => boolean)[] = [];
  const isIn = (texts: string | string[] | undefined) => {
    const all = new Set(asList(texts));
    return (text: string) => all.has(text);
  };
  const oneOf = (texts: string | string[] | undefined, matches: (text: string, one: string) => boolean) => {
    const all = asList(texts);
    return (text: string) => all.some((one) => matches(text, one));
  };
  if (test.is !== undefined) passes.push(isIn(test.is));
  if (test.not !== undefined) {
    const isOne = isIn(test.not);
    passes.push((text) => !isOne(text));
  }
  if (test.starts_with !== undefined) passes.push(oneOf(test.starts_with, (text, one) => text.startsWith(one)));
  if (test.ends_with !== undefined) passes.push(oneOf(test.ends_with, (text, one) => text.endsWith(one)));
  if (test.contains !== undefined) passes.push(oneOf(test.contains, (text, one) => text.includes(one)));
  const { empty, above, below, shorter_than: longest, longer_than: shortest } = test;
  if (empty !== undefined) passes.push((text) => (text === '') === empty);
  if (longest !== undefined) passes.push((text) => !hasMoreThan(text, longest - 1));
  if (shortest !== undefined) passes.push((text) => hasMoreThan(text, shortest));
  // Comparing with what is no number holds of nothing.
  const toNumber = (text: string) => Number(readNumber(text) ?? Number.NaN);
  if (above !== undefined) passes.push((text) => toNumber(text) > above);
  if (below !== undefined) passes.push((text) => toNumber(text) < below);
  return (text) => passes.every((pass) => pass(text));
}

/** Whether a text has more characters than this. It is not gone through further than that takes. */
function hasMoreThan(text: string, most: number): boolean {
  // A character is one unit or two.
  if (text.length <= most) return false;
  if (text.length > 2 * most) return true;
  let characters = 0;
  for (const _ of text) if (++characters > most) return true;
  return false;
}
