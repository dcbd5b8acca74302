/** The paths of a mapping as one tree, by which a record's fields are found while it is read; and back. */
import { goDown, type Steps, toPath, toSteps } from '../language/json-paths.ts';

/** A place in records that leads to fields of a mapping, or is one. */
export interface Branch {
  /** The place as a mapping writes it. */
  path: string;
  names: Map<string, Branch>;
  items: Map<number, Branch>;
  /** Which of the mapping's columns it is: none, one, or several that are written in different ways. */
  positions: number[];
  /** Whether texts are percent-encoded here. */
  isEncoded: boolean;
}

/** The tree of all paths, whose positions are those of the paths in the list. */
export function toBranches(paths: readonly string[], encoded: readonly string[]): Branch {
  const root = toBranch('', false);
  const reach = (path: string) => {
    let here = root;
    for (const one of toSteps(path) ?? []) {
      const next = below(here, one) ?? toBranch(goDown(here.path, one), here.isEncoded);
      if (typeof one === 'number') here.items.set(one, next);
      else here.names.set(one, next);
      here = next;
    }
    return here;
  };
  // First, so that what lies below is made like them.
  for (const path of encoded.toSorted((one, other) => one.length - other.length)) reach(path).isEncoded = true;
  for (const [position, path] of paths.entries()) reach(path).positions.push(position);
  return root;
}

const toBranch = (path: string, isEncoded: boolean): Branch => ({
  path,
  names: new Map(),
  items: new Map(),
  positions: [],
  isEncoded,
});

const below = ({ names, items }: Branch, one: string | number) =>
  typeof one === 'number' ? items.get(one) : names.get(one);

// For a suggestion: whoever looks for a name looks among no more.
const mostPaths = 500;

/** The paths of single values in a record, of very many the first. */
export function pathsOf(record: unknown): string[] {
  const found: string[] = [];
  const waiting: { value: unknown; steps: Steps }[] = [{ value: record, steps: [] }];
  for (let next = waiting.shift(); next && found.length < mostPaths; next = waiting.shift()) {
    const { value, steps } = next;
    if (typeof value !== 'object' || value === null) {
      found.push(toPath(steps));
      continue;
    }
    const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    for (const [one, below] of entries.slice(0, mostPaths)) waiting.push({ value: below, steps: [...steps, one] });
  }
  return found;
}
