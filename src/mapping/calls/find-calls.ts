/** Finds calls for rows that were part of none. */
import { type BadPart, idAndStart, type MadeRow } from './part.ts';
import type { Ties } from './ties.ts';

/** A call that is made already. */
interface Made {
  rows: readonly { made: MadeRow; ties?: Ties }[];
}

/** Finds the calls that a row belongs to which is none of theirs. */
export interface Finder<Call> {
  /** Those that it might be a part of: by its id, else by a column's text, else because the one leads to the other. */
  byAny(bad: BadPart, ties: Ties): Call[];
  /** The call that it goes on with. */
  thatLeadsTo(ties: Ties): Call | undefined;
}

// A row is part of one call. So many on either side of it are looked at, so that the work stays in proportion.
const nearest = 4;

/** Opens the finder over calls in the order in which they began. */
export function openFinder<Call extends Made>(calls: readonly Call[], withinMs: number): Finder<Call> {
  const known = calls.map((call) => {
    const times = call.rows.map(({ made }) => idAndStart(made).at);
    const [first, last] = times.reduce(
      ([from, to], at) => [Math.min(from, at), Math.max(to, at)],
      [Infinity, -Infinity],
    );
    return { call, first, last };
  });
  type Known = (typeof known)[number];
  const indexes = new Map<string, Known[]>();
  const put = (name: string, one: Known) => {
    const others = indexes.get(name);
    if (!others) indexes.set(name, [one]);
    else if (others.at(-1) !== one) others.push(one);
  };
  for (const one of known) {
    for (const { ties, made } of one.call.rows) {
      put(`id ${idAndStart(made).id}`, one);
      for (const [column, text] of (ties?.same ?? []).entries()) if (text !== '') put(`same ${column} ${text}`, one);
      for (const name of ties?.leads ?? []) put(`leads ${name}`, one);
      for (const name of ties?.led ?? []) put(`led ${name}`, one);
    }
  }
  const byText = (name: string, at: number | undefined) => {
    const all = indexes.get(name) ?? [];
    const place = at === undefined ? all.length : countUntil(all, at);
    return all
      .slice(Math.max(0, place - nearest), place + nearest)
      .filter(({ first, last }) => at === undefined || (at >= first - withinMs && at <= last + withinMs));
  };
  // Who belongs to several calls is an agent's channel.
  const byLink = (names: readonly string[]) => {
    const found = new Set(names.flatMap((name) => indexes.get(name)?.slice(0, 2) ?? []));
    return found.size === 1 ? [...found] : [];
  };
  return {
    byAny({ row, line }, { same, leads, led }) {
      const at = row.started_at === undefined ? undefined : idAndStart({ row, line }).at;
      const ways = [
        () => (row.call_id === undefined ? [] : (indexes.get(`id ${row.call_id}`) ?? [])),
        ...same.map((text, column) => () => byText(`same ${column} ${text}`, at)),
        () => byLink([...leads.map((name) => `led ${name}`), ...led.map((name) => `leads ${name}`)]),
      ];
      for (const find of ways) {
        const found = find();
        if (found.length > 0) return found.map(({ call }) => call);
      }
      return [];
    },
    thatLeadsTo: ({ led }) => byLink(led.flatMap((name) => [`leads ${name}`, `led ${name}`]))[0]?.call,
  };
}

/** How many of them began by then. */
function countUntil(calls: readonly { first: number }[], at: number): number {
  let [from, to] = [0, calls.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((calls[middle]?.first ?? 0) <= at) from = middle + 1;
    else to = middle;
  }
  return from;
}
