/** The points of a line picture: each row where it lies in time, beside what it was in the other window. */
import type { Answer, Column, Report } from '../api/types.ts';
import { figureOf, type SeenRow, seenRows } from '../table/rows.ts';
import { type Bucket, type LinePoint, readBucket, readBuckets, runningNumber, stateOf, type Unit } from './buckets.ts';

/** A point with all that is known of it. */
export interface SeenPoint extends LinePoint {
  label: string;
  /** Undefined where the label names no bucket of time. */
  bucket: Bucket | undefined;
  seen: SeenRow;
  before: LinePoint;
  beforeLabel: string | undefined;
}

/** The points of a column, in order. A rate of nothing is a gap, and so is what has not begun. */
export function toSeenPoints(report: Report, answer: Answer, along: string, column: Column): SeenPoint[] {
  const all = seenRows(report, answer);
  const buckets = readBuckets(all.map(({ row }) => String(row[along])));
  const rows = buckets ? all : all.filter(({ isGone }) => !isGone);
  const { timezone, computed_at, incomplete_buckets } = answer.about;
  const incomplete = new Set(incomplete_buckets);
  const running = buckets?.[0] && runningNumber(buckets[0].unit, timezone, Date.parse(computed_at));
  const amountOf = (row: SeenRow['row']) =>
    column.ratio && figureOf(row, column.ratio.of) === 0 ? undefined : figureOf(row, column.name);
  const points = rows.map((seen, index): SeenPoint => {
    const label = String(seen.row[along]);
    const bucket = buckets?.[index];
    const number = bucket?.number ?? index;
    const state = bucket && running !== undefined ? stateOf(bucket, incomplete.has(label), running) : 'whole';
    const isNone = seen.isGone || state === 'ahead';
    return {
      number,
      label,
      bucket,
      seen,
      state,
      value: isNone ? undefined : amountOf(seen.row),
      ...toBefore(seen, { number, along, unit: bucket?.unit, answer, amountOf }),
    };
  });
  return points.toSorted((one, other) => one.number - other.number);
}

interface BeforeOf {
  number: number;
  along: string;
  unit: Unit | undefined;
  answer: Answer;
  amountOf(row: SeenRow['row']): number | undefined;
}

/** What a point was: nothing where the other window was no longer compared, since this one has not come so far. */
function toBefore({ before }: SeenRow, { number, along, unit, answer, amountOf }: BeforeOf) {
  const none = { before: { number, value: undefined, state: 'whole' as const }, beforeLabel: undefined };
  if (!before || !answer.comparison) return none;
  const label = before.previous[along];
  // Of time, a place that the other window has not says so by having no name.
  if (unit && typeof label !== 'string') return none;
  const bucket = typeof label === 'string' ? readBucket(label) : undefined;
  const { to, whole } = answer.comparison.window;
  const last = unit && bucket && runningNumber(unit, answer.about.timezone, Date.parse(to) - 1);
  if (bucket && last !== undefined && bucket.number > last) return none;
  const isCut = bucket !== undefined && bucket.number === last && whole !== null && whole.to !== to;
  return {
    before: { number, value: amountOf(before.previous), state: isCut ? ('part' as const) : ('whole' as const) },
    beforeLabel: typeof label === 'string' ? label : undefined,
  };
}
