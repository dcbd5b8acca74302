/** A grid of rates as a picture wants it: its order, what is shown of it, its totals, its steps of colour, the present hour. */
import type { Row } from '../api/types.ts';

/** How many steps of colour there are. */
export const stepCount = 7;

/** What a cell is made of. */
export interface WeekCell {
  row: Row;
  down: number;
  across: number;
  /** What the rate is of; of what is no rate, the value itself. */
  count: number;
  value: number;
}

/** The rows of a week in the order of a language; of anything else, as they come. */
export function downOrder(length: number, firstDay: number): number[] {
  return Array.from({ length }, (_, index) => (length === 7 ? (index + firstDay) % 7 : index));
}

/** From the first place to the last that has anything: nobody needs the night. All of them when none has. */
export function busyPlaces(length: number, places: readonly number[]): number[] {
  const [first, last] = places.length > 0 ? [Math.min(...places), Math.max(...places)] : [0, length - 1];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Cells together. */
export interface Total {
  count: number;
  /** Undefined where there is nothing to have a rate of. */
  value: number | undefined;
}

/** The total of cells: its rate is that of all calls, not the mean of rates; weighted where the part is not in the rows. */
export function totalOf(cells: readonly WeekCell[], part: string | undefined, isRate: boolean): Total {
  const count = sum(cells.map((one) => one.count));
  if (!isRate) return { count, value: cells.length > 0 ? sum(cells.map(({ value }) => value)) : undefined };
  if (count === 0) return { count, value: undefined };
  const isThere = part !== undefined && cells.every(({ row }) => Number.isFinite(Number(row[part] ?? Number.NaN)));
  if (isThere) return { count, value: (sum(cells.map(({ row }) => Number(row[part]))) / count) * 100 };
  return { count, value: sum(cells.map(({ value, count: weight }) => value * weight)) / count };
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

/** Steps of colour: each has about as many cells as another, so that one spike can't flatten the rest. */
export interface Steps {
  /** 0 is the palest. */
  stepOf(value: number): number;
  /** The lowest value of each step but the first. */
  bounds: number[];
}

/** The steps of values; equal values are of one step, whatever their number. */
export function toSteps(values: readonly number[]): Steps {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) => {
    const place = (sorted.length - 1) * share;
    const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
    return low + (high - low) * (place - Math.floor(place));
  };
  const bounds =
    sorted.length > 0 ? Array.from({ length: stepCount - 1 }, (_, index) => at((index + 1) / stepCount)) : [];
  return { stepOf: (value) => bounds.filter((bound) => value >= bound && bound > (sorted[0] ?? 0)).length, bounds };
}

/** The present hour of the week by the clocks of a zone: 0 = Sunday. */
export function presentHour(zone: string, ms: number): { day: number; hour: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(ms);
  const find = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    day: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(find('weekday')),
    hour: Number(find('hour')),
  };
}

/** Where an arrow key leads from a place; undefined of any other key, and at the edge. */
export function stepTo(key: string, at: { row: number; column: number }, size: { rows: number; columns: number }) {
  const moves: Record<string, [down: number, right: number]> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    Home: [0, -at.column],
    End: [0, size.columns - 1 - at.column],
  };
  const move = Object.hasOwn(moves, key) ? moves[key] : undefined;
  if (!move) return undefined;
  const [row, column] = [at.row + move[0], at.column + move[1]];
  return row < 0 || column < 0 || row >= size.rows || column >= size.columns ? at : { row, column };
}
