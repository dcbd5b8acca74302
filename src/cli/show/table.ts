/** Tables, and names with their values, for the terminal. */
import { textWidth } from '../../text-width.ts';
import { toPrintable } from './printable.ts';

/** A column of a table for the terminal. */
export interface TerminalColumn {
  label: string;
  align?: 'left' | 'right';
}

/** Rows under their labels, in columns as wide as their widest text. */
export function toTable(columns: readonly TerminalColumn[], rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(toPrintable));
  const widths = columns.map(({ label }, index) =>
    Math.max(textWidth(label), ...shown.map((row) => textWidth(row[index] ?? ''))),
  );
  const toLine = (cells: readonly string[]) =>
    columns
      .map(({ align = 'left' }, index) => pad(cells[index] ?? '', widths[index] ?? 0, align))
      .join('  ')
      .trimEnd();
  return [
    toLine(columns.map(({ label }) => label)),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...shown.map(toLine),
  ].join('\n');
}

/** Names and their values, one a line. */
export function toPairList(entries: readonly (readonly [name: string, value: string])[]): string {
  const names = Math.max(0, ...entries.map(([name]) => textWidth(name)));
  const values = Math.max(0, ...entries.map(([, value]) => (isNumeric(value) ? textWidth(value) : 0)));
  return entries
    .map(([name, value]) => {
      const printable = toPrintable(value);
      return `${pad(name, names)}  ${isNumeric(value) ? pad(printable, values, 'right') : printable}`;
    })
    .join('\n');
}

/** A text with spaces to that many columns of a terminal. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const spaces = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'right' ? spaces + text : text + spaces;
}

const isNumeric = (text: string) => /^-?\d+(\.\d+)?$/.test(text);
