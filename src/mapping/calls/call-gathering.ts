/** Brings the parts of each call together, from wherever they lie in a file too large for memory. */
import { join } from 'node:path';
import { KeyedGathering } from '../disk/keyed-gathering.ts';
import { type Merge, tellsCallsApart } from '../language/merge-rule.ts';
import { type CallParts, callIdOf } from './merge-parts.ts';
import type { Line, TiedLine } from './part.ts';
import { combineCalls, type Resolved, resolveCalls } from './resolve-calls.ts';
import { openSecondLegs } from './second-legs.ts';
import { hideTies, type KeyedTies } from './ties.ts';

/** Collects the parts of calls wherever in a file they lie, on the disk. */
export interface CallGathering {
  /** Puts a part with the others that have its key. */
  add(line: Line, ties: KeyedTies): Promise<void>;
  /** What becomes of all parts, some at a time. */
  resolved(): AsyncGenerator<Resolved>;
  /** Closes the files. */
  close(): Promise<void>;
}

/** Says of the rows with a key that another row names them, by its own key. */
interface Naming {
  namedBy: string;
}

/** A row as it lies on the disk: its own key and the one that it names are hidden. */
type Kept = (TiedLine & { own?: string; names?: string | undefined }) | Naming;

/** Opens the files for what is merged by such a rule, in a directory. */
export async function openCallGathering(
  merge: Merge,
  directory: string,
  sourceBytes: number | undefined,
): Promise<CallGathering> {
  const byKey = await KeyedGathering.open<Kept>(join(directory, 'parts'), sourceBytes);
  const byId = tellsCallsApart(merge)
    ? await KeyedGathering.open<CallParts>(join(directory, 'calls'), sourceBytes)
    : undefined;
  const legs = merge.second_leg === undefined ? undefined : await openSecondLegs(directory, sourceBytes);
  const hide = (text: string) => byKey.hide(text);

  async function* resolvedByKey(): AsyncGenerator<Resolved> {
    for await (const kept of byKey.groups()) {
      const parts = kept.filter((one): one is Exclude<Kept, Naming> => !('namedBy' in one));
      const [first] = parts;
      // What is named may lie in another file, or nowhere.
      if (!first) continue;
      const found = resolveCalls(parts, merge);
      const judged = legs
        ? await legs.judge({
            key: first.own ?? '',
            names: new Set(parts.flatMap(({ names }) => names ?? [])),
            namedBy: new Set(kept.flatMap((one) => ('namedBy' in one ? [one.namedBy] : []))),
            found,
          })
        : found;
      if (judged) yield judged;
    }
    if (legs) yield* legs.rest();
  }

  return {
    async add(line, ties) {
      const { key, secondLeg } = ties;
      if (byId) return byKey.add(key, { ...line, ties: hideTies(ties, hide) });
      if (!legs) return byKey.add(key, line);
      const own = hide(key);
      await byKey.add(key, { ...line, own, names: secondLeg === undefined ? undefined : hide(secondLeg) });
      if (secondLeg !== undefined) await byKey.add(secondLeg, { namedBy: own });
    },
    async *resolved() {
      for await (const found of resolvedByKey()) {
        yield byId ? { ...found, calls: [] } : found;
        for (const call of byId ? found.calls : []) await byId?.add(callIdOf(call), call);
      }
      if (!byId) return;
      for await (const calls of byId.groups()) yield { calls: [combineCalls(calls)], refused: [], skipped: [] };
    },
    async close() {
      await byKey.close();
      await byId?.close();
      await legs?.close();
    },
  };
}
