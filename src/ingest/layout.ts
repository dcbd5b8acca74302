/** What a file looks like before it is read: its format, its header, its columns. */
import { open } from 'node:fs/promises';
import { listed } from '../document/short.ts';
import { UnreadableFile } from '../errors.ts';
import type { FileLayout } from '../store/row-files.ts';
import { type TableColumn, type TableName, tables } from '../tables.ts';
import { findRepeated } from './header.ts';
import { type ParquetLimits, readParquetColumns } from './parquet.ts';

/** The formats that go in. */
export const formats = ['csv', 'ndjson', 'parquet'] as const;
/** One of them. */
export type Format = (typeof formats)[number];

/** The format that a file's name promises, or undefined. */
export function formatOf(fileName: string): Format | undefined {
  if (/\.csv$/i.test(fileName)) return 'csv';
  if (/\.(ndjson|jsonl)$/i.test(fileName)) return 'ndjson';
  if (/\.parquet$/i.test(fileName)) return 'parquet';
  return undefined;
}

/** The columns of a table as they may stand in a file, `updated_at` included. */
export function columnNames(table: TableName): string[] {
  return [...Object.keys(tables[table].columns), 'updated_at'];
}

/** How a file is to be read, and which of its columns are none of the table's. NDJSON's are found while reading. */
export interface Reading {
  layout: FileLayout;
  format: Format;
  unknownColumns: string[];
}

const headBytes = 256 * 1024;

const maxColumns = 500;

/** Looks at the beginning of a file. Throws UnreadableFile, with the remedy, when it can't hold rows of the table. */
export async function readLayout(
  path: string,
  table: TableName,
  format: Format,
  limits: ParquetLimits,
): Promise<Reading> {
  return format === 'parquet' ? readParquet(path, table, limits) : toReading(await readHead(path), table, format);
}

async function readParquet(path: string, table: TableName, limits: ParquetLimits): Promise<Reading> {
  const { names, nested } = await readParquetColumns(path, limits);
  const known = columnNames(table);
  assertCount(names.length, table);
  const missing = requiredOf(table).filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new UnreadableFile(`The Parquet file lacks ${missing.join(', ')}; ${table} has ${known.join(', ')}.`);
  }
  const wrong = nested.filter((column) => known.includes(column));
  if (wrong.length > 0) {
    throw new UnreadableFile(
      `The Parquet column ${wrong.join(', ')} holds lists or groups of values: every column is a text, a number, a boolean or an instant.`,
    );
  }
  return {
    format: 'parquet',
    layout: { format: 'Parquet', columns: known },
    unknownColumns: names.filter((column) => !known.includes(column)),
  };
}

/** The same of the first bytes of a text (all of them, when it is short). */
export function toReading(bytes: Buffer, table: TableName, format: Exclude<Format, 'parquet'>): Reading {
  const head = bytes.subarray(0, headBytes);
  assertUtf8(head);
  if (format === 'ndjson') {
    if (/^\s*\[/.test(head.toString('utf8', 0, 200))) {
      throw new UnreadableFile(
        'This is a JSON array. Write one JSON object a line (NDJSON), or send it over HTTP with Content-Type: application/json.',
      );
    }
    if (/^[^\n]*\}[ \t]*\r(?!\n)\s*\{/.test(head.toString('latin1'))) throw new UnreadableFile(crAlone);
    return { format, layout: { format: 'LineAsString', columns: ['line'] }, unknownColumns: [] };
  }
  const header = readHeader(head.toString('utf8'), head.length < headBytes);
  assertHeader(header, table);
  const known = new Set(columnNames(table));
  return {
    format,
    // One column more than the header has, to notice a record that is too long.
    layout: {
      format: 'CSV',
      columns: [...header.map((column, index) => (known.has(column) ? column : `unknown_${index}`)), 'too_much'],
    },
    unknownColumns: header.filter((column) => !known.has(column)),
  };
}

/** Throws UnreadableFile for a file that is empty, packed, or no UTF-8 text. */
export async function assertText(path: string): Promise<void> {
  assertUtf8(await readHead(path));
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Throws UnreadableFile when a file's first bytes are no UTF-8 text. */
export function assertUtf8(head: Buffer): void {
  if (head.length === 0) throw new UnreadableFile('The file is empty.');
  const start = head.subarray(0, 4).toString('latin1');
  if (start.startsWith('\xff\xfe') || start.startsWith('\xfe\xff')) {
    throw new UnreadableFile('The file is UTF-16. Save it as UTF-8.');
  }
  assertPlain(head);
  if (head.includes(0)) throw new UnreadableFile('The file is binary, not UTF-8 text.');
}

/** Throws UnreadableFile for a file that is packed. */
export function assertPlain(head: Buffer): void {
  const start = head.subarray(0, 4).toString('latin1');
  if (start.startsWith('\x1f\x8b')) {
    throw new UnreadableFile('The file is gzip. Unpack it first, or send it over HTTP with Content-Encoding: gzip.');
  }
  if (start.startsWith('PK\x03\x04')) throw new UnreadableFile('The file is a ZIP or Excel file. Save it as CSV.');
}

const crAlone = 'The lines end with CR alone. Save the file with LF or CRLF line ends.';

/** The fields of a CSV's first record. */
function readHeader(head: string, isWhole: boolean): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  const characters = head.replace(/^\ufeff/, '');
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at];
    if (quoted) {
      if (character !== '"') field += character;
      else if (characters[at + 1] === '"') field += characters[++at];
      else quoted = false;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === ',') {
      fields.push(field.trim());
      field = '';
    } else if (character === '\n') return [...fields, field.trim()];
    else if (character === '\r') {
      if (characters[at + 1] === '\n') return [...fields, field.trim()];
      throw new UnreadableFile(crAlone);
    } else field += character;
  }
  if (!isWhole)
    throw new UnreadableFile(`The first line is longer than ${headBytes / 1024} KB: it is no line of column names.`);
  return [...fields, field.trim()];
}

function requiredOf(table: TableName): string[] {
  return Object.entries<TableColumn>(tables[table].columns)
    .filter(([, column]) => column.required)
    .map(([column]) => column);
}

function assertCount(columns: number, table: TableName): void {
  if (columns > maxColumns) {
    throw new UnreadableFile(
      `The header has ${columns} columns, and a file may have ${maxColumns}. Leave out what ${table} does not have.`,
    );
  }
}

function assertHeader(header: string[], table: TableName): void {
  assertCount(header.length, table);
  const missing = requiredOf(table).filter((column) => !header.includes(column));
  if (missing.length > 0) {
    const separator = header.length === 1 ? ['\t', ';', '|'].find((mark) => header[0]?.includes(mark)) : undefined;
    const hint = separator
      ? ` Its columns seem to be separated by ${separator === '\t' ? 'tabs' : `"${separator}"`}: separate them by commas.`
      : ` A CSV file begins with a line of column names; ${table} has ${columnNames(table).join(', ')}.`;
    throw new UnreadableFile(`The header of ${table} lacks ${missing.join(', ')}.${hint}`);
  }
  const twice = findRepeated(header);
  if (twice.length > 0) throw new UnreadableFile(`The header names ${listed(twice)} more than once.`);
}
