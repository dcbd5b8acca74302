/** Amounts against each other: what is lost from stage to stage, how near a limit is, how long a bar is. */

/** What got lost on the way to a stage. */
export interface Loss {
  count: number;
  /** Of those of the stage before, in percent. */
  pct: number;
}

/** The loss before each stage: undefined of the first, and where none was lost. */
export function toLosses(counts: readonly number[]): (Loss | undefined)[] {
  return counts.map((count, index) => {
    const before = counts[index - 1];
    if (before === undefined || before <= count) return undefined;
    return { count: before - count, pct: ((before - count) / before) * 100 };
  });
}

/** How a figure stands to its limit. */
export type Nearness = 'within' | 'near' | 'over';

/** How near a figure is: from four fifths of the limit on it is near. Of a floor, what is below is over. */
export function nearnessOf(
  { value, limit, isBreached }: { value: number; limit: number; isBreached?: boolean | undefined },
  isFloor = false,
): Nearness {
  if (isBreached ?? (isFloor ? value < limit : value > limit)) return 'over';
  // In whole numbers: 2.4 is four fifths of 3.
  return (isFloor ? value * 4 <= limit * 5 : value * 5 >= limit * 4) ? 'near' : 'within';
}

/** The end of a gauge's scale: the limit is well inside, and so is the value. */
export const gaugeEnd = (value: number, limit: number): number => Math.max(limit * 2, value * 1.1) || 1;

/** A scale for bars that has zero in it: where a value lies, in percent. What is negative lies before zero. */
export function toScale(values: readonly (number | undefined)[]): (value: number) => number {
  let [least, most] = [0, 0];
  for (const value of values) {
    if (value !== undefined && value < least) least = value;
    if (value !== undefined && value > most) most = value;
  }
  const span = most - least || 1;
  return (value) => Math.min(100, Math.max(0, ((value - least) / span) * 100));
}

/** Where a bar lies on a scale, as a style has it; nowhere without a value. */
export function toBar(placeOf: (value: number) => number, value: number | undefined) {
  if (value === undefined) return { left: '0%', width: '0%' };
  const [zero, end] = [placeOf(0), placeOf(value)];
  return { left: `${Math.min(zero, end)}%`, width: `${Math.abs(end - zero)}%` };
}

/** How much of a day's cap is used. */
export type CapState = 'none' | 'within' | 'near' | 'reached';

/** The state of a cap; there is none where it is 0. */
export function capStateOf(used: number, cap: number): CapState {
  if (cap <= 0) return 'none';
  return used >= cap ? 'reached' : used * 5 >= cap * 4 ? 'near' : 'within';
}
