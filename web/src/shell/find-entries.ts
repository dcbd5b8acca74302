/** What is found in a list by a few letters. */
import { fold } from '../words/fold.ts';

/** An entry of the list. */
export interface Entry {
  value: string;
  label: string;
  /** What it is one of, behind its label. */
  group?: string;
  isChosen?: boolean;
}

/** Zones are found by the names of their cities, as people write them. */
const toSought = (text: string) => fold(text).replaceAll('_', ' ');

/** What is found of entries by a text: each word of it, the earlier a label has the first one the better. */
export function findEntries(entries: readonly Entry[], text: string): readonly Entry[] {
  const wanted = toSought(text).split(/\s+/).filter(Boolean);
  const [first] = wanted;
  if (first === undefined) return entries;
  const found = entries.flatMap((entry) => {
    const label = toSought(entry.label);
    const all = entry.group ? `${label} ${toSought(entry.group)}` : label;
    if (!wanted.every((word) => all.includes(word))) return [];
    return [{ entry, rank: label.startsWith(first) ? 0 : label.includes(` ${first}`) ? 1 : 2 }];
  });
  return found.sort((one, other) => one.rank - other.rank).map(({ entry }) => entry);
}
