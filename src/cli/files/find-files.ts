/** Which files the paths of a command name: one by one, or all of a directory. */
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { DialtallyError } from '../../errors.ts';
import { type Format, formatOf } from '../../ingest/layout.ts';
import { type TableName, tableNames } from '../../tables.ts';

/** A file of this machine. */
export interface NamedFile {
  path: string;
  /** The name as it was given, to tell people. */
  name: string;
}

/** A file and the table that its rows go into. */
export interface TableFile extends NamedFile {
  table: TableName;
  format: Format;
}

/** The files to take in, in the order of the tables, and those of directories that name no table. */
export interface FileChoice {
  files: TableFile[];
  ignored: string[];
}

/** Finds out what each path holds. Throws, before anything is taken in, when one can't be taken. */
export async function chooseFiles(paths: readonly string[], table?: string): Promise<FileChoice> {
  const chosen = asTable(table);
  const choice: FileChoice = { files: [], ignored: [] };
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found) throw bad(`There is no file or directory ${path}.`);
    if (!found.isDirectory()) {
      choice.files.push(toFile(path, chosen));
      continue;
    }
    if (chosen)
      throw bad(`${path} is a directory: its files are named after their tables. Leave --table out, or name one file.`);
    await lookInto(path, choice);
  }
  const order = ({ table }: TableFile) => tableNames.indexOf(table);
  choice.files.sort((one, other) => order(one) - order(other));
  return choice;
}

/** The files that paths name; of a directory all that are not hidden, but for `except`. Throws when there is none. */
export async function findFiles(paths: readonly string[], except: string): Promise<NamedFile[]> {
  const files: NamedFile[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found) throw bad(`There is no file or directory ${path}.`);
    if (!found.isDirectory()) {
      files.push({ path: resolve(path), name: basename(path) });
      continue;
    }
    const entries = (await readdir(path, { withFileTypes: true })).filter(
      (entry) => entry.isFile() && !entry.name.startsWith('.') && resolve(path, entry.name) !== resolve(except),
    );
    if (entries.length === 0) throw bad(`There is no file in ${path}.`);
    const names = entries.map((entry) => entry.name).sort();
    files.push(...names.map((name) => ({ path: resolve(path, name), name })));
  }
  return files;
}

/** Throws when a path is no file. */
export async function assertFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw bad(`There is no file ${path}.`);
  if (found.isDirectory()) throw bad(`${path} is a directory. Name one of its files.`);
}

async function lookInto(directory: string, { files, ignored }: FileChoice): Promise<void> {
  const before = files.length;
  for (const entry of (await readdir(directory, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    const table = tableOf(entry.name);
    const format = formatOf(entry.name);
    if (!entry.isDirectory() && table && format) files.push({ path: resolve(path), name: entry.name, table, format });
    else ignored.push(path);
  }
  if (files.length === before) {
    throw bad(
      `No file in ${directory} is named after a table: ${tableNames.join(', ')}, as .csv, .ndjson or .parquet.`,
    );
  }
}

function toFile(path: string, chosen: TableName | undefined): TableFile {
  const name = basename(path);
  const format = formatOf(name);
  if (!format) {
    const isPacked = /\.(gz|zip|xz|zst|bz2)$/i.test(name);
    throw bad(`${path} is not .csv, .ndjson, .jsonl or .parquet.${isPacked ? ' Unpack it first.' : ''}`);
  }
  const table = chosen ?? tableOf(name);
  if (!table) throw bad(`The name of ${path} is no table's. Say which one it holds: --table ${tableNames.join('|')}.`);
  return { path: resolve(path), name, table, format };
}

function tableOf(name: string): TableName | undefined {
  const stem = basename(name, extname(name)).toLowerCase();
  return tableNames.find((table) => table === stem);
}

function asTable(name: string | undefined): TableName | undefined {
  const table = tableNames.find((known) => known === name);
  if (name !== undefined && !table) throw bad(`There is no table ${name}. The tables are ${tableNames.join(', ')}.`);
  return table;
}

const bad = (message: string) => new DialtallyError('BAD_FILE', 422, message);
