/** The demo’s rows as CSV files, as a dialer would have written them. */
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { DemoRow } from '../../demo/generator.ts';
import { columnNames } from '../../ingest/layout.ts';
import { type TableName, tableNames } from '../../tables.ts';

const linesAtOnce = 5000;

/** Writes the demo's rows as files to take in, one a table. Gives the rows in each. */
export async function writeDemoFiles(directory: string, rows: Iterable<DemoRow>): Promise<Record<TableName, number>> {
  const files = new Map(tableNames.map((table) => [table, openFile(directory, table)]));
  for (const { table, row } of rows) {
    const file = files.get(table)!;
    file.lines.push(file.columns.map((column) => toField(row[column])).join(','));
    file.rows += 1;
    if (file.lines.length >= linesAtOnce) await flush(file);
  }
  for (const file of files.values()) {
    await flush(file);
    file.stream.end();
    await finished(file.stream);
  }
  return Object.fromEntries([...files].map(([table, file]) => [table, file.rows])) as Record<TableName, number>;
}

interface DemoFile {
  stream: WriteStream;
  columns: string[];
  lines: string[];
  rows: number;
}

function openFile(directory: string, table: TableName): DemoFile {
  const columns = columnNames(table);
  return { stream: createWriteStream(join(directory, `${table}.csv`)), columns, lines: [columns.join(',')], rows: 0 };
}

async function flush({ stream, lines }: DemoFile): Promise<void> {
  if (lines.length === 0) return;
  const isTaken = stream.write(`${lines.join('\n')}\n`);
  lines.length = 0;
  // Also lets the process answer others while the demo is made.
  if (!isTaken) await once(stream, 'drain');
}

function toField(value: DemoRow['row'][string] | undefined): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
