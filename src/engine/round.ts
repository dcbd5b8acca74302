/** Rates, shares and averages rounded half up, in SQL as well as here. */
import { type Sql, sql, sqlInteger } from '../sql.ts';

// ClickHouse: round() is half-to-even on floats (round(3.125, 2) = 3.12), so rounding is done on whole numbers.

/** part / whole as a Float64 rounded half up to `digits`; 0 when there is no whole. Both are whole numbers. */
export function ratio(part: Sql, whole: Sql, digits: number): Sql {
  const scale = sqlInteger(10 ** digits);
  return sql`(intDivOrZero(2 * ${scale} * (${part}) + (${whole}), 2 * (${whole})) / ${scale})`;
}

/** part / whole x 100 as a Float64, rounded half up to `digits`; 0 when there is no whole, and never above 100. */
export function percent(part: Sql, whole: Sql, digits: number): Sql {
  return sql`least(${ratio(sql`100 * (${part})`, whole, digits)}, 100.)`;
}

/** The same of two whole numbers here, with at most 4 decimals. */
export function percentOf(part: number, whole: number, digits: number): number {
  if (whole === 0) return 0;
  const scale = 10 ** digits;
  const [twice, of] = [2n * BigInt(100 * scale) * BigInt(part), BigInt(whole)];
  return Math.min(Number((twice + of) / (2n * of)) / scale, 100);
}

/** A share that only floats can say, in percent, rounded half up to `digits`. */
export function percentOfShare(share: Sql, digits: number): Sql {
  const scale = 10 ** digits;
  return sql`floor(${sqlInteger(100 * scale)} * ${share} + 0.5) / ${sqlInteger(scale)}`;
}

/** part / whole as a whole number, rounded half up; 0 when there is no whole. */
export function average(part: Sql, whole: Sql): Sql {
  return sql`intDivOrZero(2 * (${part}) + (${whole}), 2 * (${whole}))`;
}

/** A number as text with exactly `digits` decimals. */
export function fixed(value: Sql, digits: number): Sql {
  return sql`toDecimalString(${value}, ${sqlInteger(digits)})`;
}
