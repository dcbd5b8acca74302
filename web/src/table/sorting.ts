/** Rows in another order, and fewer of them: in the page alone, as the address says it. */
import type { Column, Row } from '../api/types.ts';
import { fold } from '../words/fold.ts';
import { isId } from '../words/writing.ts';
import { isAmount } from './columns.ts';
import { figureOf, type SeenRow } from './rows.ts';

/** An order as the address has it: `dials`, or `-dials` for the largest first. */
export function readSort(text: string | undefined): [name: string | undefined, isDown: boolean] {
  if (!text) return [undefined, false];
  return text.startsWith('-') ? [text.slice(1), true] : [text, false];
}

/** Numbers begin with the largest, names with the first; the third time it is as the report has it. */
export function nextSort(column: Column, sort: string | undefined): string | undefined {
  const first = isAmount(column) ? `-${column.name}` : column.name;
  const second = isAmount(column) ? column.name : `-${column.name}`;
  if (sort === first) return second;
  return sort === second ? undefined : first;
}

/** Rows in an order. What has no value comes last, whichever way they go. */
export function toSorted(rows: readonly SeenRow[], columns: readonly Column[], sort: string | undefined): SeenRow[] {
  const [name, isDown] = readSort(sort);
  const column = columns.find((one) => one.name === name);
  if (!column) return [...rows];
  const sign = isDown ? -1 : 1;
  const compare = comparing(column);
  const keyed = rows.map((seen) => ({ seen, key: compare.keyOf(seen.row) }));
  keyed.sort((one, other) => {
    if (one.key === undefined || other.key === undefined)
      return Number(one.key === undefined) - Number(other.key === undefined);
    return sign * compare.order(one.key, other.key);
  });
  return keyed.map(({ seen }) => seen);
}

/** How news are ordered: what is wrong first. */
export const severity = { bad: 0, warning: 1, neutral: 2, good: 3 } as const;

function comparing(column: Column): {
  keyOf(row: Row): number | string | undefined;
  order(one: unknown, other: unknown): number;
} {
  const byNumber = (one: unknown, other: unknown) => Number(one) - Number(other);
  const { name, tones } = column;
  if (tones) {
    // What is wrong first.
    return { keyOf: (row) => severity[tones[String(row[name])] ?? 'neutral'], order: byNumber };
  }
  if (isAmount(column) || isId(column)) return { keyOf: (row) => figureOf(row, name), order: byNumber };
  if (column.kind === 'flag') return { keyOf: (row) => (row[name] === true ? 0 : 1), order: byNumber };
  if (column.kind === 'reasons') return { keyOf: (row) => -[row[name] ?? []].flat().length, order: byNumber };
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  return {
    keyOf: (row) => (row[name] === null || row[name] === undefined || row[name] === '' ? undefined : String(row[name])),
    order: (one, other) => compare(String(one), String(other)),
  };
}

/** Whether a row has a text in any of its words. */
export function toFilter(columns: readonly Column[], text: string): (seen: SeenRow) => boolean {
  const wanted = fold(text);
  if (wanted === '') return () => true;
  const names = columns.filter((column) => !isAmount(column)).map(({ name }) => name);
  return ({ row }) => names.some((name) => fold(String(row[name] ?? '')).includes(wanted));
}
