/** How a report can be drawn: the kinds of picture that it may declare, and how rows are read as a grid. */
import type { Columns } from './columns.ts';

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

/** The rows of a grid by its two numbers: there is none of a pair for which its rate has nothing to be a rate of. */
export interface Grid<Row> {
  /** The column of what the grid's value is a rate of; its own where it is no rate. */
  base: string;
  rowAt(down: number, across: number): Row | undefined;
}

/** Reads rows as the grid that a picture wants. */
export function readGrid<Row extends Record<string, unknown>>(
  { down, across, value }: Extract<Picture, { kind: 'grid' }>,
  columns: Columns,
  rows: readonly Row[],
): Grid<Row> {
  const shown = columns[value];
  const base = (shown && 'ratio' in shown && shown.ratio?.of) || value;
  const there = rows.filter((row) => Number(row[base]) > 0);
  const byPlace = new Map(there.map((row) => [`${row[down.column]} ${row[across.column]}`, row]));
  return { base, rowAt: (one, other) => byPlace.get(`${one} ${other}`) };
}
