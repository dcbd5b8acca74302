import type { Mapping, Merge } from './mapping.ts';
import { type CallParts, compareStarts, weightOf } from './merge.ts';
import { toCalls } from './one-call.ts';
import type { BadPart, MadeRow, Part, SkippedPart, Ties } from './parts.ts';

/** What becomes of the rows with one key. */
export interface Resolved {
  calls: CallParts[];
  /** Good rows of calls of which another row is refused, and might have decided. */
  refused: MadeRow[];
  skipped: SkippedPart[];
}

/** A row with its ties. */
type OfKind<Kind extends 'made' | 'bad' | 'skipped'> = Extract<Part, Record<Kind, unknown>>;

interface Open {
  rows: OfKind<'made'>[];
  left: BadPart[];
  goingOn: MadeRow[];
  isRefused: boolean;
}

/** Whether a mapping says which of the rows with one key are one call; else all are. */
export function tellsCallsApart({ same, linked }: Merge): boolean {
  return same !== undefined || linked !== undefined;
}

/** Makes calls of the rows with one key. */
export function resolveCalls(parts: readonly Part[], mapping: Mapping): Resolved {
  const merge = mapping.merge ?? { by: [] };
  const good = parts.filter((part): part is OfKind<'made'> => 'made' in part);
  const calls = (tellsCallsApart(merge) ? apart(good, merge) : good.length > 0 ? [good] : []).map(
    (rows): Open => ({ rows, left: [], goingOn: [], isRefused: false }),
  );
  const find = tellsCallsApart(merge) ? openFinder(calls, merge) : { ofBad: () => calls, ofSkipped: () => undefined };
  for (const part of parts) {
    if (!('bad' in part)) continue;
    const touched = find.ofBad(part);
    const losing = touched.filter((call) => isLost(part.bad, call, merge));
    for (const call of touched) if (!losing.includes(call)) call.isRefused = true;
    if (losing.length === touched.length) losing[0]?.left.push(part.bad);
  }
  const skipped: SkippedPart[] = [];
  for (const part of parts) {
    if (!('skipped' in part)) continue;
    const call = find.ofSkipped(part);
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

function apart(good: readonly OfKind<'made'>[], { within }: Merge): OfKind<'made'>[][] {
  const tied = good.map((part) => ({ ...part.ties, ...toPlace(part.made), part }));
  return toCalls(tied, within === undefined ? undefined : within * 1000).map((rows) => rows.map(({ part }) => part));
}

function toPlace({ row, line }: MadeRow): { id: string; at: number } {
  // One without an id is refused in the end.
  return {
    id: row.call_id === undefined ? ` line ${line}` : String(row.call_id),
    at: Date.parse(String(row.started_at)) || 0,
  };
}

/** Finds the calls that a row belongs to which is none of theirs: by its id, else by a column's text, else by who leads to it. */
function openFinder(calls: readonly Open[], { within = Number.POSITIVE_INFINITY }: Merge) {
  const indexes = new Map<string, Set<Open>>();
  const put = (name: string, call: Open) => {
    const known = indexes.get(name);
    if (known) known.add(call);
    else indexes.set(name, new Set([call]));
  };
  for (const call of calls) {
    for (const { ties, made } of call.rows) {
      put(`id ${toPlace(made).id}`, call);
      for (const [column, text] of ties.same.entries()) if (text !== '') put(`same ${column} ${text}`, call);
      for (const name of ties.leads) put(`leads ${name}`, call);
      for (const name of ties.led) put(`led ${name}`, call);
    }
  }
  const by = (name: string) => [...(indexes.get(name) ?? [])];
  // Who belongs to several calls is an agent's channel.
  const byLink = (names: readonly string[]) => {
    const found = [...new Set(names.flatMap(by))];
    return found.length === 1 ? found : [];
  };
  const isNear = ({ row }: BadPart, call: Open) => {
    if (row.started_at === undefined) return true;
    const at = Date.parse(String(row.started_at));
    return call.rows.some(({ made }) => Math.abs(toPlace(made).at - at) <= within * 1000);
  };
  return {
    ofBad({ bad, ties }: OfKind<'bad'>): Open[] {
      const ways = [
        bad.row.call_id === undefined ? [] : by(`id ${bad.row.call_id}`),
        ...ties.same.map((text, column) => by(`same ${column} ${text}`).filter((call) => isNear(bad, call))),
        byLink([...ties.leads.map((name) => `led ${name}`), ...ties.led.map((name) => `leads ${name}`)]),
      ];
      return ways.find((found) => found.length > 0) ?? [];
    },
    ofSkipped({ ties }: OfKind<'skipped'>): Open | undefined {
      return byLink(ties.led.flatMap((name) => [`leads ${name}`, `led ${name}`]))[0];
    },
  };
}

/** Whether a call is as it is, whatever a row says that can't be read: another one has a heavier outcome, or the heaviest. */
function isLost({ row, isResultAlone }: BadPart, { rows }: Open, merge: Merge): boolean {
  if (!isResultAlone || merge.add !== undefined) return false;
  const heaviest = rows.reduce(
    (least, { made }) => Math.min(least, weightOf(made.row, merge)),
    Number.POSITIVE_INFINITY,
  );
  return row.outcome === undefined ? heaviest === 0 : heaviest < weightOf(row, merge);
}

function toParts({ rows, left, goingOn }: Open): CallParts {
  const [first] = rows.map(({ made }) => made.row).sort(compareStarts);
  const leading = new Map<string, Set<unknown>>();
  for (const { ties, made } of rows) {
    for (const name of ties.leads) leading.set(name, (leading.get(name) ?? new Set()).add(made.row.call_id));
  }
  const goesOn = ({ led }: Ties, { row }: MadeRow) =>
    row.call_id !== first?.call_id &&
    led.some((name) => [...(leading.get(name) ?? [])].some((id) => id !== row.call_id));
  return {
    parts: [
      ...rows.map(({ made, ties }) => ({ made, goesOn: goesOn(ties, made) })),
      ...goingOn.map((made) => ({ made, goesOn: true })),
    ],
    left: left.map(({ row }) => row),
  };
}
