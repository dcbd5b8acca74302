/** One 32-bit number out of several: the same parts always give the same number, near parts far ones. */
export function hash(...parts: number[]): number {
  let mixed = 0x9e3779b9;
  for (const part of parts) {
    mixed = Math.imul(mixed ^ part, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    mixed ^= mixed >>> 16;
  }
  return mixed >>> 0;
}

/** A number in [0, 1) that belongs to these parts for ever. */
export function chanceOf(...parts: number[]): number {
  return hash(...parts) / 2 ** 32;
}

/** A choice and how often it is made, relative to the others. */
export type Weighted<T> = readonly (readonly [choice: T, weight: number])[];

/** A stream of numbers that a seed fixes (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** The next number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** True that often. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** An integer from low to high, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** A whole number near the real one, right on average: 2.3 is 2 seven times of ten. */
  round(value: number): number {
    return Math.floor(value + this.next());
  }

  /** A positive number skewed to the right around its median, as call durations are. */
  skewed(median: number, spread: number): number {
    const nearNormal = this.next() + this.next() + this.next() + this.next() - 2;
    return median * Math.exp(spread * 1.73 * nearNormal);
  }

  /** One of the choices, by weight. */
  pick<T>(choices: Weighted<T>): T {
    let total = 0;
    for (const choice of choices) total += choice[1];
    let left = this.next() * total;
    for (const choice of choices) {
      left -= choice[1];
      if (left < 0) return choice[0];
    }
    return choices.at(-1)![0];
  }
}
