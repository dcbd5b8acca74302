/** Rows as CSV. */
import { kindOf } from '../engine/column-kinds.ts';
import type { Column } from '../engine/columns.ts';
import { toHarmless } from './formulas.ts';
import type { Layout } from './layout.ts';

type Row = Record<string, unknown>;

// A string of a few hundred kilobytes at a time: a chunk of the engine may have tens of thousands of rows.
const rowsAtOnce = 4000;

/** Rows as CSV, as they come: RFC 4180 with CRLF, laid out as the layout says. With a byte-order mark when `bom`. */
export async function* toCsv(
  { columns, csv: { delimiter, header } }: Layout,
  chunks: AsyncIterable<readonly Row[]>,
  { bom }: { bom: boolean },
): AsyncGenerator<string> {
  const toRecord = recordWriter(delimiter);
  const head = header === 'none' ? '' : toRecord(columns.map(({ name, label }) => (header === 'name' ? name : label)));
  let before = (bom ? '\ufeff' : '') + head;
  for await (const rows of chunks) {
    for (let start = 0; start < rows.length; start += rowsAtOnce) {
      const some = rows.slice(start, start + rowsAtOnce);
      yield before +
        some.map((row) => toRecord(columns.map(({ name, column }) => toCell(column, row[name], delimiter)))).join('');
      before = '';
    }
  }
  if (before) yield before;
}

/** A value as it stands in a file: text that a spreadsheet would run as a formula is made harmless. */
function toCell(column: Column, value: unknown, separator: string): string {
  const text = toText(column, value);
  return kindOf(column).isWritten ? toHarmless(text, { isCode: 'code' in column, separator }) : text;
}

/** A value as text, as it is. */
export function toText(column: Column, value: unknown): string {
  return value === null || value === undefined ? '' : kindOf(column).toText(value);
}

function recordWriter(delimiter: string): (cells: readonly string[]) => string {
  const needsQuotes = new RegExp(`["\\r\\n${delimiter}]`);
  const quote = (cell: string) => (needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return (cells) => {
    const record = cells.map(quote).join(delimiter);
    // An empty line would be no record to most readers.
    return `${record === '' ? '""' : record}\r\n`;
  };
}
