/** Axes: where they begin and end, which values get a line, and which words fit below without touching each other. */

/** An axis of amounts. */
export interface Axis {
  from: number;
  to: number;
  ticks: number[];
}

/** What is counted along an axis. */
export interface Amount {
  unit: string | null;
  /** Whether it has no decimals. */
  isWhole: boolean;
}

const clockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200];

/** An axis from zero (below it only where values are) to a round number at or above the largest value. */
export function toAxis(values: readonly number[], { unit, isWhole }: Amount): Axis {
  let [least, most] = [0, 0];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least === 0 && most === 0) most = 1;
  const step = unit === 'seconds' ? clockStep(most - least) : countStep(most - least, isWhole);
  const [low, high] = [Math.floor(least / step), Math.ceil(most / step)];
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => rounded((low + index) * step));
  return { from: ticks[0]!, to: ticks.at(-1)!, ticks };
}

function countStep(span: number, isWhole: boolean): number {
  const raw = span / 4;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].find((one) => one * size >= raw * 0.999)! * size;
  return isWhole ? Math.max(1, step === 2.5 ? 3 : step) : step;
}

function clockStep(span: number): number {
  const raw = span / 4;
  return clockSteps.find((step) => step >= raw) ?? countStep(span / 3600, false) * 3600;
}

/** Without what binary fractions add. */
const rounded = (value: number) => Number(value.toPrecision(12));

/** A word below an axis. */
export interface Word {
  x: number;
  text: string;
}

/** A word with its place. */
export interface PlacedWord extends Word {
  anchor: 'start' | 'middle' | 'end';
}

/** About how wide a text of the axis is. */
export const widthOf = (text: string): number => text.length * 6.6;

/** Those words that fit into a width, none of which touches the one before; those at the ends stay inside. */
export function placeWords(
  words: readonly Word[],
  width: number,
  room: { before: number; after: number },
): PlacedWord[] {
  const placed: PlacedWord[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const { x, text } of words) {
    const half = widthOf(text) / 2;
    const anchor = x - half < -room.before ? 'start' : x + half > width + room.after ? 'end' : 'middle';
    const left = anchor === 'start' ? x : anchor === 'end' ? x - 2 * half : x - half;
    if (left < end + 10) continue;
    placed.push({ x, text, anchor });
    end = left + 2 * half;
  }
  return placed;
}

/** The way from place to place, as SVG draws it, to a tenth of a pixel. */
export const toPath = (places: readonly (readonly [x: number, y: number])[]): string =>
  places.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${tenth(x)},${tenth(y)}`).join('');

const tenth = (px: number) => Math.round(px * 10) / 10;
