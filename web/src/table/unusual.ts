/** Which rows are unlike the others, and in what: who needs a look is found without reading every number. */
import type { Column } from '../api/types.ts';
import { baseOf, figureOf, type SeenRow } from './rows.ts';

/** How a row is unlike the others in one figure. */
export interface Unusual {
  column: Column;
  /** Below or above the others. */
  side: 'low' | 'high';
  /** By how many times of what chance, or the usual spread, makes of it. */
  by: number;
}

// Of a hundred rows that differ by chance alone, about one goes beyond.
const from = 2.6;

/** What is unusual of each row that has something, by its id: the most unusual of its figures. */
export function findUnusual(rows: readonly SeenRow[], columns: readonly Column[]): ReadonlyMap<string, Unusual> {
  const found = new Map<string, Unusual>();
  const present = rows.filter(({ isGone }) => !isGone);
  for (const column of columns.filter(({ ratio }) => ratio && !ratio.of_all)) {
    const judge =
      column.ratio?.is_share || column.unit === 'percent' ? ofShare(column, present) : ofSpread(column, present);
    for (const seen of present) {
      const by = judge(seen);
      if (by === undefined || Math.abs(by) < from || Math.abs(by) <= (found.get(seen.id)?.by ?? 0)) continue;
      found.set(seen.id, { column, side: by < 0 ? 'low' : 'high', by: Math.abs(by) });
    }
  }
  return found;
}

/** A share beside that of all rows together: few calls have to differ more than many. */
function ofShare(column: Column, rows: readonly SeenRow[]): (seen: SeenRow) => number | undefined {
  const partName = column.ratio?.part ?? '';
  const known = rows.flatMap(({ row }) => {
    const [part, of] = [figureOf(row, partName), baseOf(column, row)];
    return part === undefined || of === undefined ? [] : [{ part, of }];
  });
  const sum = (which: 'part' | 'of') => known.reduce((total, one) => total + one[which], 0);
  const [part, of] = [sum('part'), sum('of')];
  if (known.length < 3 || part === 0 || part >= of) return () => undefined;
  const share = part / of;
  return ({ row }) => {
    const [its, base] = [figureOf(row, partName), baseOf(column, row)];
    if (its === undefined || !base) return undefined;
    return (its / base - share) / Math.sqrt((share * (1 - share)) / base);
  };
}

/** An average beside the middle one, by how far rows usually are from it. */
function ofSpread(column: Column, rows: readonly SeenRow[]): (seen: SeenRow) => number | undefined {
  const values = rows.flatMap(({ row }) => figureOf(row, column.name) ?? []).filter((value) => value > 0);
  if (values.length < 8) return () => undefined;
  const middle = median(values);
  // Of a normal distribution, 1.4826 times this is the standard deviation.
  const spread = 1.4826 * median(values.map((value) => Math.abs(value - middle)));
  if (spread === 0) return () => undefined;
  return ({ row }) => {
    const value = figureOf(row, column.name);
    return value === undefined || value === 0 ? undefined : (value - middle) / spread;
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}

/** Whether that is good, where the figure has a better direction. */
export function toneOf({ column: { better }, side }: Unusual): 'good' | 'bad' | 'neutral' {
  if (better === null) return 'neutral';
  return (better === 'more') === (side === 'high') ? 'good' : 'bad';
}
