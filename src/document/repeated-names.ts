import type { Place } from './fault.ts';

interface Level {
  /** The names so far; undefined in a list. */
  names: Set<string> | undefined;
  step: string | number;
}

/** Places in a well-formed JSON text whose name stands in their object already: a parser would drop the first silently. */
export function repeatedNames(text: string): Place[] {
  const found: Place[] = [];
  const levels: Level[] = [];
  let name: string | undefined;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    const level = levels.at(-1);
    if (token === '{') levels.push({ names: new Set(), step: '' });
    else if (token === '[') levels.push({ names: undefined, step: 0 });
    else if (token === '}' || token === ']') levels.pop();
    else if (token === ',') {
      if (level && typeof level.step === 'number') level.step += 1;
    } else if (token !== ':') name = token;
    else if (level?.names && name !== undefined) {
      level.step = JSON.parse(name) as string;
      if (level.names.has(level.step)) found.push(levels.map(({ step }) => step));
      level.names.add(level.step);
    }
  }
  return found;
}
