/** Guards against counting FreeSWITCH's calls twice when a mapping does not say that each has two legs. */
import { UnreadableFile } from '../../errors.ts';
import type { Mapping } from '../language/mapping.ts';
import type { Fields, PositionOf } from '../values/conditions.ts';

/** Looks for calls that FreeSWITCH wrote twice, once for each of their legs. */
export interface LegWatch {
  /** Looks at a row that is to be taken in. */
  see(fields: Fields): void;
  /** Throws UnreadableFile when a row named another one as its other leg: each such call would count twice. */
  assertOneLeg(): void;
}

// The legs of a call end together, so they lie near each other.
const mostRemembered = 20_000;
const longestId = 100;

/** Opens the watch, where a file has such columns and the mapping does not say what they are. */
export function watchLegs({ table, merge }: Mapping, columns: readonly string[], positionOf: PositionOf): LegWatch {
  const other = columns.find((column) => /(^|[.])bleg_uuid$/.test(column));
  const own = other?.replace(/bleg_uuid$/, 'uuid');
  if (
    table !== 'calls' ||
    other === undefined ||
    own === undefined ||
    !columns.includes(own) ||
    merge?.second_leg === other
  ) {
    return { see: () => undefined, assertOneLeg: () => undefined };
  }
  const [ownAt, otherAt] = [positionOf(own), positionOf(other)];
  const [ids, named] = [remember(), remember()];
  let found = 0;
  return {
    see(fields) {
      const [id, leg] = [fields[ownAt] ?? '', fields[otherAt] ?? ''];
      if (id === leg || id.length > longestId || leg.length > longestId) return;
      if (named.has(id) || (leg !== '' && ids.has(leg))) found++;
      if (id !== '') ids.add(id);
      if (leg !== '') named.add(leg);
    },
    assertOneLeg() {
      if (found === 0) return;
      const rows =
        found === 1
          ? 'A row of the file names another one'
          : `${found} rows of the file name another one, or are named,`;
      const cure = JSON.stringify({ merge: { by: own, second_leg: other } }).slice(1, -1);
      throw new UnreadableFile(
        `${rows} as the other leg of the call (${other}): FreeSWITCH wrote both legs (legs=ab), and each call would count twice. ` +
          `Nothing of the file was taken in: let the mapping leave the second legs out (${cure}), or log A legs alone.`,
      );
    },
  };
}

/** The last texts that were added. */
function remember() {
  let [older, newer] = [new Set<string>(), new Set<string>()];
  return {
    has: (text: string) => newer.has(text) || older.has(text),
    add(text: string) {
      if (newer.size >= mostRemembered) [older, newer] = [newer, new Set()];
      // Of its own: cut from a text of the file, it would hold on to all of it.
      newer.add(Buffer.from(text).toString());
    },
  };
}
