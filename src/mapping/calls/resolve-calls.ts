/** What becomes of the rows with one key: calls, refused rows, rows that are left out. */
import { type Merge, tellsCallsApart } from '../language/merge-rule.ts';
import { openFinder } from './find-calls.ts';
import { type CallParts, compareStarts, weightOf } from './merge-parts.ts';
import { toCalls } from './one-call.ts';
import { type BadPart, idAndStart, type Line, type MadeRow, type SkippedPart, type TiedLine } from './part.ts';
import type { Ties } from './ties.ts';

/** What becomes of the rows with one key. */
export interface Resolved {
  calls: CallParts[];
  /** Good rows of calls of which another row is refused, and might have decided. */
  refused: MadeRow[];
  skipped: SkippedPart[];
}

/** Lines that are good, bad or skipped, with their ties. */
type OfKind<Kind extends 'made' | 'bad' | 'skipped'> = Extract<Line, Record<Kind, unknown>> & { ties?: Ties };

interface Open {
  rows: readonly OfKind<'made'>[];
  /** The weight of its heaviest outcome. */
  heaviest: number;
  left: BadPart[];
  goingOn: MadeRow[];
  isRefused: boolean;
}

const noTies: Ties = { same: [], leads: [], led: [] };

/** Makes calls of the rows with one key. */
export function resolveCalls(parts: readonly TiedLine[], merge: Merge): Resolved {
  const good = parts.filter((part): part is OfKind<'made'> => 'made' in part);
  const bad = parts.filter((part): part is OfKind<'bad'> => 'bad' in part);
  const left = parts.filter((part): part is OfKind<'skipped'> => 'skipped' in part);
  const calls = apart(good, merge).map((rows): Open => {
    const heaviest = rows.reduce(
      (least, { made }) => Math.min(least, weightOf(made.row, merge)),
      Number.POSITIVE_INFINITY,
    );
    return { rows, heaviest, left: [], goingOn: [], isRefused: false };
  });
  const isApart = tellsCallsApart(merge);
  const find = isApart && bad.length + left.length > 0 ? openFinder(calls, withinMs(merge)) : undefined;
  for (const part of bad) {
    const touched = isApart ? (find?.byAny(part.bad, part.ties ?? noTies) ?? []) : calls;
    const losing = touched.filter((call) => isLost(part.bad, call, merge));
    for (const call of touched) if (!losing.includes(call)) call.isRefused = true;
    if (losing.length === touched.length) losing[0]?.left.push(part.bad);
  }
  const skipped: SkippedPart[] = [];
  for (const part of left) {
    const call = find?.thatLeadsTo(part.ties ?? noTies);
    if (call && !call.isRefused) call.goingOn.push(part.skipped.made);
    else skipped.push(part.skipped);
  }
  return {
    calls: calls.filter(({ isRefused }) => !isRefused).map(toParts),
    refused: calls.filter(({ isRefused }) => isRefused).flatMap(({ rows }) => rows.map(({ made }) => made)),
    skipped,
  };
}

/** Calls that have one id are one, though their keys differ: the one would replace the other. */
export function combineCalls(calls: readonly CallParts[]): CallParts {
  return { parts: calls.flatMap(({ parts }) => parts), left: calls.flatMap(({ left }) => left) };
}

function apart(good: readonly OfKind<'made'>[], merge: Merge): (readonly OfKind<'made'>[])[] {
  if (good.length < 2 || !tellsCallsApart(merge)) return good.length === 0 ? [] : [good];
  const tied = good.map((part) => ({ ...(part.ties ?? noTies), ...idAndStart(part.made), part }));
  return toCalls(tied, withinMs(merge)).map((rows) => rows.map(({ part }) => part));
}

const withinMs = ({ within = Number.POSITIVE_INFINITY }: Merge) => within * 1000;

/** Whether a call is as it is, whatever a row says that can't be read: another one has a heavier outcome, or the heaviest. */
function isLost({ row, isResultAlone }: BadPart, { heaviest }: Open, merge: Merge): boolean {
  if (!isResultAlone || merge.add !== undefined) return false;
  return row.outcome === undefined ? heaviest === 0 : heaviest < weightOf(row, merge);
}

function toParts({ rows, left, goingOn }: Open): CallParts {
  const goesOn = rows.length > 1 ? openGoesOn(rows) : () => false;
  return {
    parts: [
      ...rows.map((row) => ({ made: row.made, goesOn: goesOn(row) })),
      ...goingOn.map((made) => ({ made, goesOn: true })),
    ],
    left: left.map(({ row }) => row),
  };
}

/** Finds out whether a row of a call was led to by another dial of it. The call's first dial began it. */
function openGoesOn(rows: readonly OfKind<'made'>[]) {
  const [first] = rows.map(({ made }) => made.row).sort(compareStarts);
  const leading = new Map<string, Set<unknown>>();
  for (const { ties = noTies, made } of rows) {
    for (const name of ties.leads) leading.set(name, (leading.get(name) ?? new Set()).add(made.row.call_id));
  }
  return ({ ties = noTies, made: { row } }: OfKind<'made'>) => {
    if (row.call_id === first?.call_id) return false;
    return ties.led.some((name) => {
      const ids = leading.get(name);
      return ids !== undefined && ids.size - Number(ids.has(row.call_id)) > 0;
    });
  };
}
