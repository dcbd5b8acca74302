/** Paths: how a mapping names what is in a JSON record. */
import { quoted } from '../../document/short.ts';

/** The way to a value in a record: names of fields, and positions in lists. */
export type Steps = readonly (string | number)[];

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
export const toPath = (steps: Steps): string => steps.reduce(goDown, '');

/** The path one step further down. */
export function goDown(path: string, one: string | number): string {
  if (typeof one === 'number') return `${path}[${one}]`;
  if (!/^[^.[\]']+$/.test(one)) return `${path}['${one.replace(/['\\]/g, '\\$&')}']`;
  return path === '' ? one : `${path}.${one}`;
}

/** What is wrong with a column's name as a path, or undefined. */
export function faultInPath(path: string): string | undefined {
  if (toSteps(path)) return undefined;
  return `${quoted(path)} is no path. Write names with points between them, as variables.billsec; [0] is the first of a list, and ['a.b'] a name with a point in it.`;
}
