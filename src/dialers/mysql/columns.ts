/** Which columns of a dialer's database can be read, and how to select them whatever charset they have. */
import { toBytes } from './text.ts';

/** The columns that an account may read of the tables of a sync. */
export interface SourceColumns {
  has(table: string, column: string): boolean;
  /** SQL of a column of a table that the statement calls `t`, with texts as bytes. */
  sqlOf(table: string, column: string): string;
}

type Rows = <Row>(sql: string, values: readonly unknown[]) => Promise<Row[]>;

/** Asks the database which columns there are of tables, and how their texts are encoded. */
export async function readColumns(rows: Rows, tables: readonly string[]): Promise<SourceColumns> {
  const found = await rows<{ t: string; c: string; charset: string | null }>(
    `SELECT TABLE_NAME AS t, COLUMN_NAME AS c, CHARACTER_SET_NAME AS charset FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (?)`,
    [tables],
  );
  const toKey = (table: string, column: string) => `${table} ${column}`.toLowerCase();
  const charsets = new Map(found.map(({ t, c, charset }) => [toKey(t, c), charset ?? undefined]));
  return {
    has: (table, column) => charsets.has(toKey(table, column)),
    sqlOf: (table, column) => toBytes(`t.${column}`, charsets.get(toKey(table, column))),
  };
}
