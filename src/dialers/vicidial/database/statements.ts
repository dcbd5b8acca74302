/** Builds and runs the SELECTs of a sync: with archives or without, and null where a column can't be read. */
import { later } from '../../local-time.ts';
import type { VicidialDatabase } from './source.ts';

/** Rows of a log that are read at once. */
export const pageSize = 5000;

/** The tables of a source, with or without their archives. */
export interface Tables extends Pick<VicidialDatabase, 'has' | 'may'> {
  /** A SELECT of a log's rows `t`; `key` tells a row of the archive from a copy of a live one. */
  select(table: string, columns: readonly string[], where: string, key: readonly string[]): Statement;
  read<Row>(statement: Statement, values: readonly unknown[], tail?: string): Promise<Row[]>;
  /** A table, and its archive where that is read, too. */
  withArchive(table: string): string[];
  /** The first date of a log at or after a time. */
  firstDate(table: string, local: string): Promise<string | undefined>;
  /** All rows of a small table, in the order of its first column; a column that can't be read is null. */
  listOf<Row>(table: string, columns: Readonly<Record<string, string>>): Promise<Row[]>;
}

/** SQL whose values are given as many times as it names each. */
export interface Statement {
  sql: string;
  times: number;
}

/** Opens the tables: in a statement, a column that can't be read is null wherever it stands. */
export function openSourceTables(source: VicidialDatabase, { archive }: { archive: boolean }): Tables {
  const { has, may, sqlOf } = source;
  const toList = (table: string, columns: readonly (readonly [name: string, column: string])[]) =>
    columns.map(([name, column]) => `${may(table, column) ? sqlOf(table, column) : 'NULL'} AS ${name}`).join(', ');
  const toWhere = (table: string, where: string) =>
    where.replace(/\bt\.(\w+)/g, (named, column: string) => (may(table, column) ? named : 'NULL'));
  const withArchive = (table: string) => (archive && has(`${table}_archive`) ? [table, `${table}_archive`] : [table]);
  return {
    has,
    may,
    withArchive,
    select(table, columns, where, key) {
      const named = columns.map((column) => [column, column] as const);
      const of = (from: string) => `SELECT ${toList(from, named)} FROM ${from} t WHERE (${toWhere(from, where)})`;
      const [, twin] = withArchive(table);
      if (twin === undefined) return { sql: of(table), times: 1 };
      // The archive's row counts where the live table has no such row (any more).
      const same = key.map((column) => `o.${column} = t.${column}`).join(' AND ');
      const old = `${of(twin)} AND NOT EXISTS (SELECT 1 FROM ${table} o WHERE ${same})`;
      return { sql: `${of(table)} UNION ALL ${old}`, times: 2 };
    },
    read: ({ sql, times }, values, tail = '') =>
      source.rows(`${sql}${tail}`, times === 2 ? [...values, ...values] : values),
    async firstDate(table, local) {
      const firsts: string[] = [];
      for (const log of withArchive(table)) {
        const [found] = await source.rows<{ first: string | null }>(
          `SELECT MIN(call_date) AS first FROM ${log} WHERE call_date >= ?`,
          [local],
        );
        if (found?.first) firsts.push(found.first);
      }
      return toReal(firsts.sort()[0]);
    },
    async listOf(table, columns) {
      if (!has(table)) return [];
      const [first] = Object.values(columns);
      return source.rows(`SELECT ${toList(table, Object.entries(columns))} FROM ${table} t ORDER BY t.${first}`);
    },
  };
}

/** A date whose day or month is 0 stands right before the month or the year begins, in the last hour of the one before. */
function toReal(date: string | undefined): string | undefined {
  const [, year, month = '', day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(date ?? '') ?? [];
  if (month !== '00' && day !== '00') return date;
  return later(`${year}-${month === '00' ? '01' : month}-01 00:00:00`, -1000);
}
