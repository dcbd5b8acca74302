/** What stands above a column in a file: its heading, and the letters by which Excel knows it. */
import { kindOf } from '../engine/column-kinds.ts';
import type { LayoutColumn } from './layout.ts';

/** The heading of a column: its label, and what its numbers are in where the label does not say. */
export function toHeading({ column, label }: LayoutColumn): string {
  if (label !== column.label) return label;
  return label + (kindOf(column).headingMark?.(column) ?? '');
}

/** A column's letters by its place from 0. */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}
