/** Finds names that stand twice in one object of a JSON text, which JSON.parse would pass over. */
import type { Place } from './fault.ts';

interface Level {
  /** The names so far; undefined in a list. */
  names: Set<string> | undefined;
  step: string | number;
}

// A path for each of very many, or of very deep ones, would be larger than the text.
const [mostFound, deepest] = [100, 20];

/** Places in a well-formed JSON text whose name stands in their object already: a parser would drop the first silently. Of very many, the first. */
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
      if (level.names.has(level.step) && found.push(levels.slice(0, deepest).map(({ step }) => step)) === mostFound)
        return found;
      level.names.add(level.step);
    }
  }
  return found;
}
