/** What a report's rows are easiest to see in: files draw it, and so may whoever else shows the report. */
export type Picture =
  /** Figures of one row, side by side. */
  | { kind: 'tiles' }
  /** The rows themselves say it best. */
  | { kind: 'table' }
  /** How figures go along an ordered column. */
  | { kind: 'line'; along: string; values: readonly string[] }
  /** How large a figure is for each word or name. */
  | { kind: 'bars'; along: string; values: readonly string[] }
  /** A rate for each pair of two small numbers. Where what it is a rate of is 0, there is none: it is `without` one. */
  | { kind: 'grid'; down: Axis; across: Axis; value: string; without: string; note: string }
  /** A figure against its limit. */
  | { kind: 'gauge'; value: string; limit: string };

/** A column of small numbers, and the word for each of them from 0 on. */
export interface Axis {
  column: string;
  labels: readonly string[];
}
