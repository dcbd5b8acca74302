/** How a figure changed from one window to another: in per cent, seconds or percentage points, and whether that is good. */
import { kindOf, unitOf } from './column-kinds.ts';
import type { Better, Column, Columns, Figure } from './columns.ts';

/** A column whose figures are compared. */
export type ComparedColumn = Column & Figure & { kind: 'integer' | 'number' | 'decimal' };

/** The figures of a part that are compared: those that are shown, count or measure something, and differ from window to window. */
export function comparedColumns(columns: Columns): [name: string, column: ComparedColumn][] {
  return Object.entries(columns).filter(
    (entry): entry is [string, ComparedColumn] =>
      kindOf(entry[1]).holds === 'numbers' &&
      unitOf(entry[1]) !== undefined &&
      !('is_standing' in entry[1] && entry[1].is_standing),
  );
}

/** How many decimals a change of a column has. */
export const changeDigits = (column: ComparedColumn): number =>
  unitOf(column)?.change.by === 'share' ? 2 : digitsOf(column);

/** A row with its hidden columns. */
type Row = Readonly<Record<string, unknown>>;

/** How many times the question’s window and the other one have what is compared, such as an hour of a weekday. */
export interface Occurrences {
  here: number;
  there: number;
}

const once: Occurrences = { here: 1, there: 1 };

/**
 * The change of a figure from one row to another, exactly: of a count in per cent, of all else the difference of what is
 * shown. Null where it can't be told: of a count that was 0, of a rate or an average that had nothing to be one of.
 */
export function changeOf(
  [name, column]: [name: string, column: ComparedColumn],
  now: Row,
  then: Row,
  occurrences: Occurrences = once,
): number | null {
  const { ratio } = column;
  if (ratio && (Number(now[ratio.of]) === 0 || Number(then[ratio.of]) === 0)) return null;
  const digits = digitsOf(column);
  const [present, past] = [toUnits(now[name], digits), toUnits(then[name], digits)];
  if (unitOf(column)?.change.by !== 'share') return fromUnits(present - past, digits);
  const scaled = { present: present * BigInt(occurrences.there), past: past * BigInt(occurrences.here) };
  if (scaled.past === 0n) return null;
  return fromUnits(rounded(10_000n * (scaled.present - scaled.past), scaled.past), 2);
}

/** Whether a change is good; null where there is none, or where neither direction is. */
export function isBetter(better: Better | undefined, change: number | null): boolean | null {
  if (!change || better === undefined || better === 'neither') return null;
  return change > 0 === (better === 'more');
}

/** A figure of nothing, as its column writes it. */
export const zeroOf = (column: Column): number | string => (column.kind === 'decimal' ? (0).toFixed(column.digits) : 0);

/** What columns that judge a window say of one in which nothing happened. */
export function idleVerdicts(columns: Columns): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, column]): [string, unknown][] => {
      if (column.kind === 'reasons') return [[name, []]];
      return column.kind === 'choice' && column.idle !== undefined ? [[name, column.idle]] : [];
    }),
  );
}

/** The columns that say what a row is called: they neither tell it from others, nor measure it, nor judge its window. */
export function namingColumns({ columns, key }: { columns: Columns; key: readonly string[] }): string[] {
  const verdicts = idleVerdicts(columns);
  const isNaming = ([name, column]: [string, Column]) =>
    !key.includes(name) && unitOf(column) === undefined && !Object.hasOwn(verdicts, name);
  return Object.entries(columns).flatMap((entry) => (isNaming(entry) ? [entry[0]] : []));
}

const digitsOf = (column: ComparedColumn): number => ('digits' in column ? column.digits : 0);

/** A number, or its text, as a whole number of its last decimals. */
function toUnits(value: unknown, digits: number): bigint {
  const [whole = '', decimals = ''] = String(value).split('.');
  return BigInt(whole + decimals.padEnd(digits, '0').slice(0, digits));
}

const fromUnits = (units: bigint, digits: number): number => Number(units) / 10 ** digits;

/** part / whole as a whole number, halves away from zero. */
function rounded(part: bigint, whole: bigint): bigint {
  const size = part < 0n ? -part : part;
  const nearest = (2n * size + whole) / (2n * whole);
  return part < 0n ? -nearest : nearest;
}
