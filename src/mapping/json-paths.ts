import { quoted } from '../document/short.ts';

/** The way to a value in a record: names of fields, and positions in lists. */
export type Steps = readonly (string | number)[];

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

// A name as it is, a position, or a name in quotes: each at the place where the one before ended.
const step = /(?:^|(?<!^)[.])([^.[\]']+)|\[([0-9]{1,6})\]|\['((?:[^'\\]|\\['\\])+)'\]/y;

/**
 * The steps of a path such as `variables.billsec`, `callflow[0].times` or `data['a.b']`; undefined when it is none. Every
 * path has one meaning, and every field has a path.
 */
export function toSteps(path: string): Steps | undefined {
  const steps: (string | number)[] = [];
  step.lastIndex = 0;
  for (let at = 0; at < path.length; at = step.lastIndex) {
    step.lastIndex = at;
    const [, name, item, inQuotes] = step.exec(path) ?? [];
    if (name !== undefined) steps.push(name);
    else if (item !== undefined) steps.push(Number(item));
    else if (inQuotes !== undefined) steps.push(inQuotes.replace(/\\(['\\])/g, '$1'));
    else return undefined;
  }
  // Each record is an object: what is in it begins with a name.
  return typeof steps[0] === 'string' ? steps : undefined;
}

/** Steps as a path. */
export const toPath = (steps: Steps): string => steps.reduce(goOn, '');

function goOn(path: string, one: string | number): string {
  if (typeof one === 'number') return `${path}[${one}]`;
  if (!/^[^.[\]']+$/.test(one)) return `${path}['${one.replace(/['\\]/g, '\\$&')}']`;
  return path === '' ? one : `${path}.${one}`;
}

/** What is wrong with a column's name as a path, or undefined. */
export function faultInPath(path: string): string | undefined {
  if (toSteps(path)) return undefined;
  return `${quoted(path)} is no path. Write names with points between them, as variables.billsec; [0] is the first of a list, and ['a.b'] a name with a point in it.`;
}

/** The tree of all paths, whose positions are those of the paths in the list. */
export function toBranches(paths: readonly string[], encoded: readonly string[]): Branch {
  const root = toBranch('', false);
  const reach = (path: string) => {
    let here = root;
    for (const one of toSteps(path) ?? []) {
      const next = below(here, one) ?? toBranch(goOn(here.path, one), here.isEncoded);
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
