/** What goes into an Excel cell: values of a report turned into numbers, dates and texts that Excel takes as meant. */
import { kindOf } from '../engine/column-kinds.ts';
import type { LayoutColumn } from './layout.ts';
import { divisorOf } from './number-format.ts';

/** A row of a report. */
export type ExportRow = Record<string, unknown>;

/** A value as a cell holds it: numbers as numbers, instants as Excel's days, everything that is no quantity as text. */
export function toExcelValue(column: LayoutColumn, value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  const { toCell, toText } = kindOf(column.column);
  const cell = (toCell ?? toText)(value);
  if (typeof cell === 'number') return cell / divisorOf(column);
  return typeof cell === 'string' ? toExcelText(cell) : cell;
}

/** Text as a cell holds it: what would be read as an escape is escaped, what XML can't hold is replaced. */
export function toExcelText(text: string): string {
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

/** Texts that the writer would take for errors of a formula. */
export const errorWords: ReadonlySet<string> = new Set([
  '#VALUE!',
  '#REF!',
  '#N/A',
  '#NAME?',
  '#NULL!',
  '#DIV/0!',
  '#NUM!',
  '#GETTING_DATA',
  '#SPILL!',
  '#CALC!',
]);
