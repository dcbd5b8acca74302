/** How wide the columns of a sheet are. */
import { kindOf } from '../engine/column-kinds.ts';
import { textWidth } from '../text-width.ts';
import { type ExportRow, toExcelValue } from './excel-value.ts';
import type { LayoutColumn } from './layout.ts';
import { isTime, toNumberFormat } from './number-format.ts';

const narrowest = 9;
const widest = 60;
// A heading is bold, and a filter's button covers its end.
const boldness = 1.2;
const buttonWidth = 4;
const indents = 3;
const measuredRows = 1000;

/** How wide a column is so that its heading and its first thousand values can be read, in characters. */
export function toWidth(column: LayoutColumn, heading: string, rows: readonly ExportRow[]): number {
  if (column.width !== undefined) return column.width;
  let width = Math.ceil(headingWidth(heading) * boldness) + buttonWidth;
  for (const row of rows.slice(0, measuredRows))
    width = Math.max(width, widthOf(toShown(column, row[column.name])) + indents);
  return Math.min(Math.max(width, narrowest), widest);
}

/** The width in which a heading takes two lines at most, broken between words. */
function headingWidth(heading: string): number {
  const words = heading.split(/\s+/);
  const broken = words.map((_, at) =>
    Math.max(widthOf(words.slice(0, at + 1).join(' ')), widthOf(words.slice(at + 1).join(' '))),
  );
  return Math.min(...broken);
}

/** A cell as it looks, near enough to measure it. */
function toShown(column: LayoutColumn, value: unknown): string {
  const cell = toExcelValue(column, value);
  if (typeof cell !== 'number') return String(cell ?? '');
  if (isTime(column)) return `${Math.floor(cell * 24)}:00:00${'digits' in column.column ? '.0' : ''}`;
  const sign = toNumberFormat(column)?.includes('%') ? '%' : '';
  return (kindOf(column.column).toShown?.(cell, column.column) ?? String(cell)) + sign;
}

/** The width of a text in a cell: that of the longest of its lines. */
function widthOf(text: string): number {
  return Math.max(...text.split(/\r\n|\r|\n/).map(textWidth));
}
