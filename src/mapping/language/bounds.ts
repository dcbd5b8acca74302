/** How large a mapping may be, checked before anything else of it is looked at. */
import type { Place, PlacedFault } from '../../document/fault.ts';

/**
 * How large a mapping may be, far beyond any that somebody wrote. What it costs to check it, to say what is wrong with it, and
 * to go by it for each row of a file grows with these alone.
 */
const most = {
  /** Levels of braces and brackets. */
  depth: 12,
  /** Names and list items in all. */
  parts: 20_000,
  /** Of them, those that every row has to be held against: all but the texts that are looked up. */
  tested: 2_000,
  /** Characters of all texts that are searched for: to find one may take as long as both texts multiplied. */
  searched: 2_000,
};

/** The longest text or name in a mapping. */
export const longestText = 1000;

// Texts that are looked up cost a row the same however many they are.
const lookedUp = ['values', 'is', 'not'];
const isSearchedFor = (place: Place) => place.slice(-2).includes('contains');

/** The first thing that makes a mapping too large to be looked at, or that is no text: the rest is not checked then. */
export function faultInSize(content: unknown): PlacedFault | undefined {
  const waiting: { value: unknown; place: Place }[] = [{ value: content, place: [] }];
  let [parts, tested, searched] = [0, 0, 0];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, place } = next;
    if (typeof value === 'string') {
      const message = faultInText(value);
      if (message !== undefined) return { place, message };
      if (isSearchedFor(place)) searched += value.length;
      if (searched > most.searched) {
        return {
          place: [],
          message: `The texts under "contains" have more than ${most.searched} characters together. Search for shorter ones, or list whole texts under "is".`,
        };
      }
    }
    if (typeof value !== 'object' || value === null) continue;
    if (place.length === most.depth) {
      return { place: [], message: `It is nested more than ${most.depth} levels deep. No part of a mapping is.` };
    }
    const entries: [string | number, unknown][] = Array.isArray(value)
      ? value.map((item, index) => [index, item])
      : Object.entries(value);
    parts += entries.length;
    if (!lookedUp.includes(String(place.at(-1)))) tested += entries.length;
    if (parts > most.parts || tested > most.tested) {
      const message =
        parts > most.parts
          ? `It has more than ${most.parts} parts. Cut the file into several, with a mapping for each.`
          : `It has more than ${most.tested} columns, cases and tests, all of which every row would be held against. List texts under "values", "is" or "not" instead: those are looked up.`;
      return { place: [], message };
    }
    for (const [step, item] of entries) {
      const message = typeof step === 'string' ? faultInText(step) : undefined;
      if (message !== undefined) return { place, message: `A name in it can\u2019t be taken. ${message}` };
      waiting.push({ value: item, place: [...place, step] });
    }
  }
  return undefined;
}

function faultInText(text: string): string | undefined {
  if (text.length > longestText) return `It is too long. Take at most ${longestText} characters.`;
  if (!text.isWellFormed())
    return 'It has half a character in it (a lone surrogate, such as \\ud800). Write it as text.';
  if (text.includes('\ufffd')) return 'It has a character that could not be read (U+FFFD). Write the mapping in UTF-8.';
  return undefined;
}
