/** Buckets of time as reports call them: which lies where along an axis, which still runs, and which has not begun. */
import { addDays, dateIn, isDate, mondayOf, weekdayOf } from '../question/dates.ts';

/** How long a bucket is. */
export type Unit = 'hour' | 'day' | 'week';

/** A bucket, read from its label. */
export interface Bucket {
  unit: Unit;
  /** Its date; a week's Monday. */
  date: string;
  /** The hour of its date; 0 of days and weeks. */
  hour: number;
  /** Its place among all buckets of its unit: neighbours differ by one. */
  number: number;
}

const dayMs = 86_400_000;
const dayNumber = (date: string) => Math.round(Date.parse(`${date}T00:00:00Z`) / dayMs);
// 1970 began on a Thursday, its week three days before.
const weekNumber = (date: string) => Math.floor((dayNumber(date) + 3) / 7);

/** The bucket that a label names: `2026-11-25`, `2026-W48`, `2026-11-25 14:00:00`; undefined of any other text. */
export function readBucket(label: string): Bucket | undefined {
  const [, year, week] = /^(\d{4})-W(\d\d)$/.exec(label) ?? [];
  if (year && week) {
    // The 4th of January is always in the first week.
    const date = addDays(mondayOf(`${year}-01-04`), (Number(week) - 1) * 7);
    return { unit: 'week', date, hour: 0, number: weekNumber(date) };
  }
  const [, date, clock] = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d):00(?::00)?)?$/.exec(label) ?? [];
  if (!date || !isDate(date)) return undefined;
  if (clock === undefined) return { unit: 'day', date, hour: 0, number: dayNumber(date) };
  const hour = Number(clock);
  return hour > 23 ? undefined : { unit: 'hour', date, hour, number: dayNumber(date) * 24 + hour };
}

/** The buckets of labels that all name one of the same unit; undefined when any does not. */
export function readBuckets(labels: readonly string[]): Bucket[] | undefined {
  const buckets = labels.map(readBucket);
  const [first] = buckets;
  if (!first || buckets.some((bucket) => bucket?.unit !== first.unit)) return undefined;
  return buckets as Bucket[];
}

/** The number of the bucket that runs at an instant by the clocks of a zone. */
export function runningNumber(unit: Unit, zone: string, ms: number): number {
  const date = dateIn(zone, ms);
  if (unit === 'week') return weekNumber(date);
  if (unit === 'day') return dayNumber(date);
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(ms);
  return dayNumber(date) * 24 + Number(clock);
}

/** Whether a bucket lies within a Saturday or a Sunday. */
export const isWeekend = ({ unit, date }: Bucket): boolean => unit !== 'week' && [0, 6].includes(weekdayOf(date));

/** Stretches of the axis, in numbers of buckets. */
export interface Band {
  from: number;
  to: number;
}

/** The weekends among buckets, neighbours as one. */
export function weekendsOf(buckets: readonly Bucket[]): Band[] {
  const bands: Band[] = [];
  for (const { number } of buckets.filter(isWeekend)) {
    const last = bands.at(-1);
    if (last && last.to === number - 0.5) last.to = number + 0.5;
    else bands.push({ from: number - 0.5, to: number + 0.5 });
  }
  return bands;
}

/** How a point stands: whole, still running, cut off by the window, or not begun. */
export type State = 'whole' | 'running' | 'part' | 'ahead';

/** The state of a bucket in a window that was looked at when the bucket `running` ran. */
export function stateOf({ number }: Bucket, isIncomplete: boolean, running: number): State {
  if (number > running) return 'ahead';
  if (!isIncomplete) return 'whole';
  return number === running ? 'running' : 'part';
}

/** A point of a line. */
export interface LinePoint {
  number: number;
  /** Undefined: a gap. */
  value: number | undefined;
  state: State;
}

/** A line in pieces: what is drawn through, what dashed, and points that no neighbour joins; all by the index of points. */
export interface Pieces {
  solid: number[][];
  dashed: number[][];
  lone: number[];
}

/** Cuts a line: it has gaps where a bucket is missing or has no value, and is dashed to and from what is not whole. */
export function toPieces(points: readonly LinePoint[]): Pieces {
  const pieces: Pieces = { solid: [], dashed: [], lone: [] };
  const joined = new Set<number>();
  let last: { runs: number[][]; run: number[] } | undefined;
  for (let index = 1; index < points.length; index++) {
    const [before, here] = [points[index - 1]!, points[index]!];
    if (before.value === undefined || here.value === undefined || here.number !== before.number + 1) {
      last = undefined;
      continue;
    }
    joined.add(index - 1).add(index);
    const runs = before.state === 'whole' && here.state === 'whole' ? pieces.solid : pieces.dashed;
    if (last?.runs === runs) last.run.push(index);
    else {
      last = { runs, run: [index - 1, index] };
      runs.push(last.run);
    }
  }
  pieces.lone = points.flatMap(({ value }, index) => (value !== undefined && !joined.has(index) ? [index] : []));
  return pieces;
}

const steps: Record<Unit, readonly number[]> = {
  hour: [1, 2, 3, 4, 6, 12, 24, 48, 168, 336, 672, 1344],
  day: [1, 2, 7, 14, 28, 56, 112, 364],
  week: [1, 2, 4, 8, 13, 26, 52],
};

/** The buckets that get a word at the axis: by steps that people count in (Mondays, midnights), each with room for its word. */
export function tickedBuckets(buckets: readonly Bucket[], pxEach: number, pxOfWord: number): number[] {
  const [first] = buckets;
  if (!first) return [];
  const all = steps[first.unit];
  const step = all.find((one) => one * pxEach >= pxOfWord) ?? all.at(-1)!;
  // Days and hours are counted from a Monday.
  const from = { hour: 72, day: 3, week: 0 }[first.unit];
  const ticked = buckets.flatMap(({ number }, index) => ((number + from) % step === 0 ? [index] : []));
  return ticked.length > 0 ? ticked : [0];
}

/** The point nearest to a place: they are in order, and some places may have none. */
export function nearest(points: readonly LinePoint[], number: number): number {
  let [low, high] = [0, points.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (points[middle]!.number < number) low = middle;
    else high = middle;
  }
  return number - points[low]!.number <= points[high]!.number - number ? low : high;
}
