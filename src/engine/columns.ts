/** What a column of a report holds, and how JSON, CSV, Excel, docs and schemas show it. */
export type Column =
  | (Described & { kind: 'integer'; unit?: Unit })
  | (Described & { kind: 'number'; digits: number; unit?: Unit; max?: number })
  | (Described & { kind: 'decimal'; digits: number; unit?: Unit; max?: number })
  | (Described & { kind: 'text'; nullable?: true; code?: true })
  | (Described & { kind: 'choice'; choices: readonly string[] })
  | (Described & { kind: 'color' })
  | (Described & { kind: 'flag' })
  | (Described & { kind: 'instant'; nullable?: true })
  | (Described & { kind: 'reasons' });

interface Described {
  /** The heading that people read. */
  label: string;
  /** One sentence: what the value means. */
  meaning: string;
}

/** What a number counts or measures. */
export type Unit = 'calls' | 'leads' | 'agents' | 'seconds' | 'percent' | 'minutes';

/** A report's columns: object order is JSON order, CSV order and docs order. */
export type Columns = Record<string, Column>;

type ValueOf<C extends Column> = C extends { kind: 'integer' | 'number' }
  ? number
  : C extends { kind: 'flag' }
    ? boolean
    : C extends { kind: 'reasons' }
      ? Reason[]
      : C extends { nullable: true }
        ? string | null
        : string;

/** One row of a report, as TypeScript sees it. */
export type RowOf<C extends Columns> = { [Name in keyof C]: ValueOf<C[Name]> };

/** Why a caller ID is not healthy: the measured value, the limit it crossed, and the number of calls behind it. */
export interface Reason {
  code: string;
  value: number;
  limit: number;
  sample: number;
}

/** A whole number. */
export const integer = <U extends Unit>(label: string, meaning: string, unit?: U) =>
  ({ kind: 'integer', label, meaning, ...(unit && { unit }) }) as const;

/** A number with up to `digits` decimals, rounded half up. */
export const number = (label: string, meaning: string, digits: number, unit?: Unit) =>
  ({ kind: 'number', label, meaning, digits, ...toUnit(unit) }) as const;

/** A decimal number that the contract sends as a string with exactly `digits` decimals, rounded half up. */
export const decimal = (label: string, meaning: string, digits: number, unit?: Unit) =>
  ({ kind: 'decimal', label, meaning, digits, ...toUnit(unit) }) as const;

/** A text that people wrote. */
export const text = (label: string, meaning: string) => ({ kind: 'text', label, meaning }) as const;

/** A text that may be missing. */
export const optionalText = (label: string, meaning: string) =>
  ({ kind: 'text', label, meaning, nullable: true }) as const;

/** A number or code that is no quantity: leading zeros and plus signs belong to it. */
export const code = (label: string, meaning: string) => ({ kind: 'text', label, meaning, code: true }) as const;

/** One of a few known words. */
export const choice = (label: string, meaning: string, choices: readonly string[]) =>
  ({ kind: 'choice', label, meaning, choices }) as const;

/** A color as `#RRGGBB`. */
export const color = (label: string, meaning: string) => ({ kind: 'color', label, meaning }) as const;

/** True or false. */
export const flag = (label: string, meaning: string) => ({ kind: 'flag', label, meaning }) as const;

/** An instant, ISO 8601 in UTC with milliseconds. */
export const instant = (label: string, meaning: string) => ({ kind: 'instant', label, meaning }) as const;

/** An instant that may be missing. */
export const optionalInstant = (label: string, meaning: string) =>
  ({ kind: 'instant', label, meaning, nullable: true }) as const;

/** Why a status was given: a list of `Reason`. */
export const reasons = (label: string, meaning: string) => ({ kind: 'reasons', label, meaning }) as const;

function toUnit(unit: Unit | undefined) {
  return { ...(unit && { unit }), ...(unit === 'percent' && { max: 100 }) };
}

/** The ClickHouse type that a column's SQL must have, so that a report can't promise one thing and select another. */
export function toClickhouseType(column: Column): RegExp {
  switch (column.kind) {
    case 'integer':
      return /^U?Int\d+$/;
    case 'number':
      return /^Float64$/;
    case 'reasons':
      return /^Array\(Tuple\(code String, value Float64, limit Float64, sample UInt64\)\)$/;
    case 'flag':
      return /^Bool$/;
    case 'text':
    case 'instant':
      return 'nullable' in column ? /^Nullable\(String\)$/ : /^(LowCardinality\(String\)|String)$/;
    default:
      return /^(LowCardinality\(String\)|String)$/;
  }
}
