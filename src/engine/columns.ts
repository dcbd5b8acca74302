/** The vocabulary in which a report declares its columns: their kinds, and a short function to write each. */
import type { Unit } from './units.ts';

/** What a column of a report holds. Every kind is written, shown and checked by its object in `column-kinds.ts`. */
export type Column =
  | (Figure & { kind: 'integer'; nullable?: true })
  | (Figure & { kind: 'number'; digits: number; nullable?: true; is_change?: true })
  | (Figure & { kind: 'decimal'; digits: number })
  | (Described & { kind: 'text'; nullable?: true; code?: true })
  | (Described & {
      kind: 'choice';
      choices: readonly string[];
      tones?: Readonly<Record<string, Tone>>;
      /** Its word where the window has nothing to judge by; a choice without one says nothing of the window. */
      idle?: string;
    })
  | (Described & { kind: 'color'; of: string })
  | (Described & { kind: 'flag' })
  | (Described & { kind: 'instant'; nullable?: true })
  | (Described & { kind: 'reasons' });

interface Described {
  /** The heading that people read. */
  label: string;
  /** One sentence: what the value means. */
  meaning: string;
}

/** A number that counts or measures something, or identifies it when it has no unit. */
export interface Figure extends Described, Judged {
  unit?: Unit;
  max?: number;
}

/** How a figure is to be read. */
export interface Judged {
  /** Which direction is good. Every figure with a unit that is shown says it. */
  better?: Better;
  /** What a rate or an average divides by what. */
  ratio?: Ratio;
  /** The figure that it is, by its name among the definitions; it may be rounded otherwise. */
  figure?: string;
  /** It is of the present, whatever the window: another window has no other. */
  is_standing?: true;
}

/** Which direction of a figure is good: more of it, less of it, or neither. */
export type Better = 'more' | 'less' | 'neither';

/** A division: the names of two columns of the same part, shown or hidden. */
export interface Ratio {
  part: string;
  of: string;
  /** Whether everything that the part counts is counted by the whole as well, so that 100 % can't be passed. */
  is_share: boolean;
  /** The whole is that of all rows together: a row that is not there has no part of it, and the whole all the same. */
  of_all?: true;
}

/** Whether a word is good or bad news. */
export type Tone = 'good' | 'warning' | 'bad' | 'neutral';

/** A report's columns: object order is JSON order, CSV order and docs order. */
export type Columns = Record<string, Column>;

type ValueOf<C extends Column> = C extends { kind: 'integer' | 'number' }
  ? C extends { nullable: true }
    ? number | null
    : number
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
export const integer = <U extends Unit>(label: string, meaning: string, unit?: U, judged?: Judged) =>
  ({ kind: 'integer', label, meaning, ...(unit && { unit }), ...judged }) as const;

/** The same number, which is never above a bound. */
export const upTo = <C extends Column & { kind: 'integer' | 'number' }>(max: number, column: C) =>
  ({ ...column, max }) as const;

/** A whole number that may be missing. */
export const optionalInteger = (label: string, meaning: string) =>
  ({ kind: 'integer', label, meaning, nullable: true }) as const;

/** A code that may be missing. */
export const optionalCode = (label: string, meaning: string) =>
  ({ kind: 'text', label, meaning, code: true, nullable: true }) as const;

/** A number with up to `digits` decimals, rounded half up. */
export const number = (label: string, meaning: string, digits: number, unit?: Unit, judged?: Judged) =>
  ({ kind: 'number', label, meaning, digits, ...toUnit(unit), ...judged }) as const;

/** How a figure of this unit changed: in per cent, seconds or percentage points. Null where that can't be told. */
export const change = (label: string, meaning: string, digits: number, unit: Unit, better?: Better) =>
  ({
    kind: 'number',
    label,
    meaning,
    digits,
    unit,
    ...(better && { better }),
    nullable: true,
    is_change: true,
  }) as const;

/** A decimal number that the contract sends as a string with exactly `digits` decimals, rounded half up. */
export const decimal = (label: string, meaning: string, digits: number, unit?: Unit, judged?: Judged) =>
  ({ kind: 'decimal', label, meaning, digits, ...toUnit(unit), ...judged }) as const;

/** The division of a share: whatever the part counts, the whole counts as well. */
export const shareOf = (part: string, of: string): Ratio => ({ part, of, is_share: true });

/** The division of a share of what all rows have together. */
export const shareOfAll = (part: string, of: string): Ratio => ({ ...shareOf(part, of), of_all: true });

/** The division of an average, or of two counts of which neither holds the other. */
export const per = (part: string, of: string): Ratio => ({ part, of, is_share: false });

/** A text that people wrote. */
export const text = (label: string, meaning: string) => ({ kind: 'text', label, meaning }) as const;

/** A text that may be missing. */
export const optionalText = (label: string, meaning: string) =>
  ({ kind: 'text', label, meaning, nullable: true }) as const;

/** A number or code that is no quantity: leading zeros and plus signs belong to it. */
export const code = (label: string, meaning: string) => ({ kind: 'text', label, meaning, code: true }) as const;

/** One of a few known words; some of them may be good or bad news. */
export const choice = (
  label: string,
  meaning: string,
  choices: readonly string[],
  tones?: Readonly<Record<string, Tone>>,
) => ({ kind: 'choice', label, meaning, choices, ...(tones && { tones }) }) as const;

/** A color as `#RRGGBB`, which the words of another column wear. */
export const color = (label: string, meaning: string, of: string) => ({ kind: 'color', label, meaning, of }) as const;

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
