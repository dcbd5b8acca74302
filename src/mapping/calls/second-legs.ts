/** Which rows are second legs of another call, by the keys with which they name each other. */
import { join } from 'node:path';
import { UnreadableFile } from '../../errors.ts';
import { KeyedGathering } from '../disk/keyed-gathering.ts';
import { compareStarts } from './merge-parts.ts';
import type { MadeRow } from './part.ts';
import type { Resolved } from './resolve-calls.ts';

/** Rows with one key, hidden, by the keys that they name and those that name them. */
export interface SecondLeg {
  key: string;
  names: ReadonlySet<string>;
  namedBy: ReadonlySet<string>;
  found: Resolved;
}

/** A leg of which one other names it and is named by it. */
interface Mutual {
  found: Resolved;
  /** Others name it, too, and it does not name them: an agent's leg that customers are bridged to. */
  isNamed: boolean;
}

/** Tells the legs that others name as the second ones of their calls. */
export interface SecondLegs {
  /** What becomes of a leg; nothing yet of one whose name and namer are the same leg. */
  judge(leg: SecondLeg): Promise<Resolved | undefined>;
  /** What becomes of those that name each other. */
  rest(): AsyncGenerator<Resolved>;
  close(): Promise<void>;
}

/**
 * Opens the files for legs that name each other, in a directory. Whoever is named is a second leg, by however many. Of two that
 * name each other one is: the one that others name as well, else the later one.
 */
export async function openSecondLegs(directory: string, sourceBytes: number | undefined): Promise<SecondLegs> {
  const pairs = await KeyedGathering.open<Mutual>(join(directory, 'pairs'), sourceBytes);
  return {
    async judge({ key, names, namedBy, found }) {
      const mutual = [...namedBy].filter((other) => names.has(other));
      const isNamed = mutual.length < namedBy.size;
      const [other] = mutual;
      if (other === undefined) return isNamed ? leaveOut(found) : found;
      if (mutual.length > 1) throw new UnreadableFile(severalPairs);
      await pairs.add([key, other].sort().join(' '), { found, isNamed });
      return undefined;
    },
    async *rest() {
      for await (const pair of pairs.groups()) {
        const [first] = pair.filter(({ isNamed }) => !isNamed).sort(compareLegs);
        for (const leg of pair) yield leg === first ? leg.found : leaveOut(leg.found);
      }
    },
    close: () => pairs.close(),
  };
}

const severalPairs =
  'A leg of a call stands in the file several times and names several other legs that name it, so which of them began the call can\u2019t be known. ' +
  'Nothing of the file was taken in: log A legs alone.';

/** Good rows of a second leg are none of ours; what is wrong with the others is told all the same. */
function leaveOut({ calls, refused, skipped }: Resolved): Resolved {
  const rows = [...calls.flatMap(({ parts }) => parts.map(({ made }) => made)), ...refused];
  return { calls: [], refused: [], skipped: [...skipped, ...rows.map((made) => ({ because: 'second legs', made }))] };
}

/** Puts the leg first that began the call: both may have begun in one second, and the first one's talk is then not the shorter. */
function compareLegs(one: Mutual, other: Mutual): number {
  const [ours, theirs] = [earliestOf(one), earliestOf(other)];
  if (!ours || !theirs) return Number(!ours) - Number(!theirs);
  const longer =
    ours.started_at === theirs.started_at ? (Number(theirs.talk_sec) || 0) - (Number(ours.talk_sec) || 0) : 0;
  return longer || compareStarts(ours, theirs);
}

function earliestOf({ found: { calls, refused } }: Mutual): MadeRow['row'] | undefined {
  const rows = [...calls.flatMap(({ parts }) => parts.map(({ made }) => made)), ...refused].map(({ row }) => row);
  return rows.sort(compareStarts)[0];
}
