/** Files as DuckDB reads them: its types, and its values in the form that JSON has. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Column } from '../../src/engine/columns.ts';
import { columnsOf, type Report } from '../../src/engine/report.ts';
import type { JsonRow } from './expected.ts';

/** A file that DuckDB has read. */
export interface DuckTable {
  /** By column, in the file's order. */
  types: Record<string, string>;
  rows: JsonRow[];
}

/** DuckDB, and what it makes of files. */
export interface Duck {
  /** Reads a file whose name has this ending; of NDJSON, as columns of these types. */
  read(file: Uint8Array, ending: 'parquet'): Promise<DuckTable>;
  read(file: Uint8Array, ending: 'ndjson', types: Record<string, string>): Promise<DuckTable>;
  /** Which columns of a Parquet file have a value in each row. */
  requiredOf(file: Uint8Array): Promise<string[]>;
  /** How many rows each row group has. */
  groupsOf(file: Uint8Array): Promise<number[]>;
  close(): Promise<void>;
}

/**
 * Opens DuckDB in this process. It fetches nothing. Its way to JavaScript takes a byte-order mark from the beginning of a text, so
 * texts come with a sign before them, which is taken away.
 */
export async function openDuck(): Promise<Duck> {
  const folder = await mkdtemp(join(tmpdir(), 'dialtally-duck-'));
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', threads: '1' });
  const connection = await instance.connect();
  let files = 0;
  const at = async <Found>(file: Uint8Array, ending: string, ask: (path: string) => Promise<Found>) => {
    const path = join(folder, `${files++}.${ending}`);
    await writeFile(path, file);
    try {
      return await ask(path);
    } finally {
      await rm(path);
    }
  };
  return {
    read: (file: Uint8Array, ending: string, types?: Record<string, string>) =>
      at(file, ending, async (path) => {
        const source = types
          ? `read_json('${path}', format = 'newline_delimited', columns = {${Object.entries(types)
              .map(([name, type]) => `'${name}': '${type}'`)
              .join(', ')}})`
          : `read_parquet('${path}')`;
        const described = await rowsOf(connection, `DESCRIBE SELECT * FROM ${source}`);
        const found = described.map((row): [string, string] => [row.column_name as string, row.column_type as string]);
        const selected = found.map(([name, type]) =>
          type === 'VARCHAR' ? `'>' || "${name}" AS "${name}"` : `"${name}"`,
        );
        const rows = await rowsOf(connection, `SELECT ${selected.join(', ')} FROM ${source}`);
        const isText = new Set(found.filter(([, type]) => type === 'VARCHAR').map(([name]) => name));
        const unmarked = (name: string, value: unknown) =>
          isText.has(name) && value !== null ? String(value).slice(1) : value;
        return {
          types: Object.fromEntries(found),
          rows: rows.map((row) =>
            Object.fromEntries(Object.entries(row).map(([name, value]) => [name, unmarked(name, value)])),
          ),
        };
      }),
    requiredOf: (file) =>
      at(file, 'parquet', async (path) => {
        const elements = await rowsOf(connection, `SELECT name, repetition_type FROM parquet_schema('${path}')`);
        return elements.filter((row) => row.repetition_type === 'REQUIRED').map((row) => row.name as string);
      }),
    groupsOf: (file) =>
      at(file, 'parquet', async (path) => {
        const groups = await rowsOf(
          connection,
          `SELECT DISTINCT row_group_id, row_group_num_rows AS size FROM parquet_metadata('${path}') ORDER BY 1`,
        );
        return groups.map((row) => row.size as number);
      }),
    async close() {
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function rowsOf(connection: DuckDBConnection, statement: string): Promise<Record<string, unknown>[]> {
  const found = await connection.runAndReadAll(statement);
  return found
    .getRowObjects()
    .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toJson(value)])));
}

function toJson(value: DuckDBValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof DuckDBDecimalValue) return value.toString();
  if (value instanceof DuckDBTimestampTZValue) return new Date(Number(value.micros) / 1000).toISOString();
  if (value instanceof DuckDBListValue) return value.items.map(toJson);
  if (!(value instanceof DuckDBStructValue)) return value;
  return Object.fromEntries(Object.entries(value.entries).map(([name, its]) => [name, toJson(its)]));
}

/** The type that DuckDB must find for a column. */
export function duckTypeOf(column: Column): string {
  if (column.kind === 'decimal') return `DECIMAL(18,${column.digits})`;
  return {
    integer: 'BIGINT',
    number: 'DOUBLE',
    text: 'VARCHAR',
    choice: 'VARCHAR',
    color: 'VARCHAR',
    flag: 'BOOLEAN',
    instant: 'TIMESTAMP WITH TIME ZONE',
    reasons: 'STRUCT(code VARCHAR, "value" DOUBLE, "limit" DOUBLE, "sample" BIGINT)[]',
  }[column.kind];
}

/** The types that DuckDB must find for a report's columns. */
export const duckTypesOf = (report: Report): Record<string, string> =>
  Object.fromEntries(columnsOf(report).map(([name, column]) => [name, duckTypeOf(column)]));
