/** One call of its parts: what it takes from each. */
import type { Merge } from '../language/merge-rule.ts';
import type { MadeRow } from './part.ts';
import { secondsOfTalk } from './talk.ts';

/** The parts of one call. */
export interface CallParts {
  parts: readonly CallPart[];
  /** How many lines are parts of it, too, but can't be read. They say when it began and which call it is, nothing else. */
  left: readonly MadeRow['row'][];
}

/** One part: `goesOn` when another part led to it, as a transfer does. */
export interface CallPart {
  made: MadeRow;
  goesOn: boolean;
}

const heaviestFirst = ['answered', 'abandoned', 'machine', 'rejected', 'busy', 'no_answer', 'failed', 'blocked'];

/** The place of a row by its outcome: the lower one decides a call. */
export function weightOf(
  { outcome }: MadeRow['row'],
  { prefer = heaviestFirst }: { prefer?: readonly string[] },
): number {
  const place = prefer.indexOf(String(outcome));
  return place < 0 ? prefer.length : place;
}

/**
 * One call of its parts: of those that it began with, the heaviest outcome decides, then the longest talk, then the earliest. It
 * begins with its earliest part, and has that one's id. Other ids, the caller ID and the disposition that the deciding part lacks
 * are those of the next that has them. Parts that go on with it add seconds, and have the last word.
 */
export function mergeParts({ parts, left }: CallParts, merge: Merge): MadeRow {
  const [only, ...others] = parts;
  if (only && others.length === 0 && left.length === 0) return only.made;
  const sorted = parts
    .map((part) => ({ ...part, text: JSON.stringify([part.made.row, part.made.values]) }))
    .sort((one, other) => compareParts(one, other, merge));
  const heads = sorted.filter(({ goesOn }) => !goesOn).map(({ made }) => made);
  const following = sorted.filter(({ goesOn }) => goesOn).map(({ made }) => made);
  const [deciding] = heads;
  if (!deciding) throw new TypeError('a call has at least one part that it began with');
  const row = { ...deciding.row };
  for (const column of filledIn) {
    const found = heads.find((part) => part.row[column] !== undefined)?.row[column];
    if (found !== undefined) row[column] = found;
  }
  for (const column of lastWord) {
    const found = following
      .toSorted((one, other) => compareStarts(other.row, one.row))
      .find((part) => part.row[column] !== undefined)?.row[column];
    if (found !== undefined) row[column] = found;
  }
  const heaviest = following.toSorted((one, other) => weightOf(one.row, merge) - weightOf(other.row, merge))[0]?.row;
  if (heaviest && weightOf(heaviest, merge) < weightOf(row, merge)) {
    for (const column of ['outcome', 'talk_sec', 'hold_sec', 'wrap_sec']) {
      if (heaviest[column] !== undefined) row[column] = heaviest[column];
    }
  }
  const [first] = [...heads.map((part) => part.row), ...left].sort(compareStarts);
  for (const column of ['started_at', 'call_id']) {
    const found = first?.[column];
    if (found !== undefined) row[column] = found;
  }
  return { ...deciding, row: { ...row, ...addUp({ deciding, heads, following }, merge) } };
}

/** The seconds that are those of several parts. */
function addUp(
  { deciding, heads, following }: { deciding: MadeRow; heads: readonly MadeRow[]; following: readonly MadeRow[] },
  { add = [], add_linked: addLinked = [], talk_from: talkFrom }: Merge,
): Record<string, number> {
  const sum = (column: string, of: readonly MadeRow[]) =>
    of.reduce((seconds, { row }) => seconds + (Number(row[column]) || 0), 0);
  const talked = talkFrom === undefined ? undefined : secondsOfTalk([...heads, ...following]);
  return Object.fromEntries([
    ...add.map((column) => [column, sum(column, [...heads, ...following])]),
    ...(following.length > 0 ? addLinked.map((column) => [column, sum(column, [deciding, ...following])]) : []),
    ...(talked === undefined ? [] : [['talk_sec', talked]]),
  ]);
}

/** The id of a call: its earliest part's, so that it is the same whatever the order of lines. */
export function callIdOf({ parts, left }: CallParts): string {
  const [first] = [...parts.filter(({ goesOn }) => !goesOn).map(({ made }) => made.row), ...left].sort(compareStarts);
  return first?.call_id === undefined ? ` line ${parts[0]?.made.line}` : String(first.call_id);
}

/** Puts the part first by which a call is known: the earliest, of these the one with the first id. */
export function compareStarts(one: MadeRow['row'], other: MadeRow['row']): number {
  return (
    compareTexts(String(one.started_at), String(other.started_at)) ||
    compareTexts(String(one.call_id), String(other.call_id))
  );
}

function compareParts(one: CallPart & { text: string }, other: CallPart & { text: string }, merge: Merge): number {
  const [ours, theirs] = [one.made.row, other.made.row];
  const talk = (row: MadeRow['row']) => Number(row.talk_sec) || 0;
  return (
    weightOf(ours, merge) - weightOf(theirs, merge) ||
    talk(theirs) - talk(ours) ||
    compareStarts(ours, theirs) ||
    // Whatever the order of their lines.
    compareTexts(one.text, other.text) ||
    one.made.line - other.made.line
  );
}

const compareTexts = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

const filledIn = ['lead_id', 'agent_id', 'team_id', 'cid', 'disposition_code', 'is_conversion'];
const lastWord = ['disposition_code', 'is_conversion'];
