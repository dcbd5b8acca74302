/** Excel's number formats for columns, and what a value is divided by to look right in them. */
import { kindOf, unitOf } from '../engine/column-kinds.ts';
import type { LayoutColumn } from './layout.ts';

/** How Excel shows a column: the layout's own format, else one that fits the column's kind and unit. */
export function toNumberFormat({ column, numberFormat }: LayoutColumn): string | undefined {
  if (numberFormat !== undefined) return numberFormat;
  return kindOf(column).numberFormat?.(column) || undefined;
}

const secondsInDay = 86_400;

/** Whether a column of seconds is shown as a time, which is a part of a day to a spreadsheet. */
export const isTime = (column: LayoutColumn): boolean => divisorOf(column) === secondsInDay;

/** By what a number is divided so that its format shows it right: seconds as a time of day, percent as a share. */
export function divisorOf(column: LayoutColumn): number {
  const scale = unitOf(column.column)?.scale;
  if (!scale) return 1;
  // What is shown as it is, and colors and conditions, are no commands: [Magenta] is not minutes.
  const commands = toNumberFormat(column)?.replace(/"[^"]*"|[\\_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gis, '') ?? '';
  return scale.commands.test(commands) ? scale.divisor : 1;
}
