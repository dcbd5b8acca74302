/** A report's values as the cells of a terminal's table. */
import { kindOf } from '../../engine/column-kinds.ts';
import type { Column } from '../../engine/columns.ts';
import type { TerminalColumn } from './table.ts';

/** On which side of a table's column its values stand. */
export const alignOf = (column: Column): NonNullable<TerminalColumn['align']> =>
  kindOf(column).align === 'right' ? 'right' : 'left';

/** A value of a column as a terminal's table has it. */
export function toCellText(value: unknown, column: Column): string {
  if (value === null || value === undefined) return '';
  const { toTerminal, toText } = kindOf(column);
  return toTerminal ? toTerminal(value, column) : toText(value);
}
