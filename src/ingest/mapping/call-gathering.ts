import { join } from 'node:path';
import { combineCalls, type Resolved, resolveCalls, tellsCallsApart } from './calls.ts';
import { Gathering } from './gathering.ts';
import type { Merge } from './mapping.ts';
import { type CallParts, callIdOf } from './merge.ts';
import { hideTies, type KeyedTies, type Line, type Part } from './parts.ts';

/** Collects the parts of calls wherever in a file they lie, on the disk. */
export interface CallGathering {
  /** Puts a part with the others that have its key. */
  add(line: Line, ties: KeyedTies): Promise<void>;
  /** What becomes of all parts, some at a time. */
  resolved(): AsyncGenerator<Resolved>;
  /** Closes the files. */
  close(): Promise<void>;
}

/** Opens the files for what is merged by such a rule, in a directory. */
export async function openCallGathering(
  merge: Merge,
  directory: string,
  sourceBytes: number | undefined,
): Promise<CallGathering> {
  const byKey = await Gathering.open<Part>(join(directory, 'parts'), sourceBytes);
  const byId = tellsCallsApart(merge)
    ? await Gathering.open<CallParts>(join(directory, 'calls'), sourceBytes)
    : undefined;
  return {
    add: (line, ties) =>
      byKey.add(ties.key, byId ? { ...line, ties: hideTies(ties, (text) => byKey.hide(text)) } : line),
    async *resolved() {
      for await (const parts of byKey.groups()) {
        const found = resolveCalls(parts, merge);
        yield byId ? { ...found, calls: [] } : found;
        for (const call of byId ? found.calls : []) await byId?.add(callIdOf(call), call);
      }
      if (!byId) return;
      for await (const calls of byId.groups()) yield { calls: [combineCalls(calls)], refused: [], skipped: [] };
    },
    async close() {
      await byKey.close();
      await byId?.close();
    },
  };
}
