import { kindOf } from '../engine/kinds.ts';
import { units } from '../engine/units.ts';
import type { LayoutColumn } from './layout.ts';

/** How Excel shows a column: the layout's own format, else one that fits the column's kind and unit. */
export function toNumberFormat({ column, numberFormat }: LayoutColumn): string | undefined {
  if (numberFormat !== undefined) return numberFormat;
  return kindOf(column).numberFormat?.(column) || undefined;
}

/** By what a number is divided so that its format shows it right: seconds as a time of day, percent as a share. */
export function divisorOf(column: LayoutColumn): number {
  const unit = 'unit' in column.column ? column.column.unit : undefined;
  const scale = unit && units[unit].scale;
  if (!scale) return 1;
  // What is shown as it is, and colors and conditions, are no commands: [Magenta] is not minutes.
  const commands = toNumberFormat(column)?.replace(/"[^"]*"|[\\_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gis, '') ?? '';
  return scale.commands.test(commands) ? scale.divisor : 1;
}
