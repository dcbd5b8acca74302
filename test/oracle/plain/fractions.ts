/** Exact fractions, never negative, and their decimal text. */

export interface Fraction {
  n: bigint;
  d: bigint;
}

export function fraction(n: number | bigint, d: number | bigint = 1): Fraction {
  return { n: BigInt(n), d: BigInt(d) };
}

export function times(a: Fraction, b: Fraction): Fraction {
  return { n: a.n * b.n, d: a.d * b.d };
}

/** Negative, zero or positive as a is below, at or above b. */
export function compare(a: Fraction, b: Fraction): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The exact value of a decimal numeral such as `2.5`. */
export function decimal(numeral: string): Fraction {
  const parts = /^(\d*)(?:\.(\d*))?$/.exec(numeral);
  if (parts === null) throw new Error(`not a plain decimal: ${numeral}`);
  const [, whole = '', digits = ''] = parts;
  return fraction(BigInt(whole + digits || '0'), 10n ** BigInt(digits.length));
}

/** A fraction as decimal text with exactly that many digits, rounded half up. */
export function fixed(value: Fraction, digits: number): string {
  const unit = 10n ** BigInt(digits);
  const scaled = (2n * value.n * unit + value.d) / (2n * value.d);
  const numerals = scaled.toString().padStart(digits + 1, '0');
  return digits === 0 ? numerals : `${numerals.slice(0, -digits)}.${numerals.slice(-digits)}`;
}

/** part / whole as text, 0 when there is no whole. */
export function average(part: number, whole: number, digits: number): string {
  return fixed(whole === 0 ? fraction(0) : fraction(part, whole), digits);
}

/** part / whole x 100 as text, 0 when there is no whole, never above 100. */
export function percent(part: number, whole: number, digits: number): string {
  return average(100 * Math.min(part, whole), whole, digits);
}

function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (guess + value / guess) / 2n;
    if (next >= guess) return guess;
    guess = next;
  }
}

/**
 * Upper bound of the two-sided 95 % Wilson interval of hits out of trials, to 40 digits:
 * (k + z²/2 + z * sqrt(k (n - k) / n + z²/4)) / (n + z²).
 */
export function wilsonUpper(hits: number, trials: number): Fraction {
  const unit = 10n ** 40n;
  const z = 1_959_963_984_540_054n; // in units of 10^-15
  const zUnit = 10n ** 15n;
  const zSquared = (z * z * unit) / (zUnit * zUnit);
  const spread = (BigInt(hits) * BigInt(trials - hits) * unit) / BigInt(trials) + zSquared / 4n;
  const root = squareRoot(spread * unit);
  return { n: BigInt(hits) * unit + zSquared / 2n + (z * root) / zUnit, d: BigInt(trials) * unit + zSquared };
}
