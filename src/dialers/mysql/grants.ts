/** What a sync may read of a dialer's tables, what is lost without the rest, and the grants that help. */
import { DialtallyError } from '../../errors.ts';
import type { Database } from './database.ts';

/** A table of a dialer as a sync reads it. */
export interface SourceTable {
  /** What is lost when it can't be read; none says that there is no sync without it. */
  without?: string;
  /** Columns without which no row of it can be used: where one is missing, the table counts as missing. */
  needs: readonly string[];
  /** Columns that can be done without, each with what is lost then. */
  mayLack: Readonly<Record<string, string>>;
}

/** Tables by their names. */
export type SourceTables = Readonly<Record<string, SourceTable>>;

type Readable = Pick<Database, 'name' | 'account' | 'may'>;

/** Throws, with the grants that help, when a table can't be read without which calls would go in wrong: wrong rows are worse than none. */
export function assertGranted(source: Readable, { tables, docs }: { tables: SourceTables; docs: string }): void {
  const lacks = Object.entries(tables)
    .filter(([, { without }]) => without === undefined)
    .map(([table, declared]) => ({
      table,
      declared,
      columns: declared.needs.filter((column) => !source.may(table, column)),
    }))
    .filter(({ columns }) => columns.length > 0);
  if (lacks.length === 0) return;
  const database = source.name.slice(source.name.indexOf('/') + 1);
  const what = lacks.map((lack) => toLacking(source, lack)).join('; ');
  const grants = lacks.map(({ table, declared, columns }) => {
    const wanted = isUnseen(source, table, declared) ? columnsOf(declared) : columns;
    return `GRANT SELECT (${wanted.join(', ')}) ON ${database}.${table} TO ${source.account};`;
  });
  throw new DialtallyError(
    'SOURCE_UNREADABLE',
    422,
    `The account may not read ${what} in ${source.name}, or it is not there. Nothing was taken in. Grant it as an administrator of the database:\n${grants.join('\n')}\n${docs} has all grants that it needs.`,
  );
}

/** A note for every table and column that can't be read and is done without: what is lost. */
export function toLosses(source: Readable, tables: SourceTables): string[] {
  return Object.entries(tables).flatMap(([table, declared]) => {
    if (isUnseen(source, table, declared)) return [`${table} can't be read: ${declared.without}.`];
    const needed = declared.needs.filter((column) => !source.may(table, column));
    if (needed.length > 0) {
      return [`${table} can't be used, for its ${needed.join(', ')} can't be read: ${declared.without}.`];
    }
    return Object.entries(declared.mayLack)
      .filter(([column]) => !source.may(table, column))
      .map(([column, lost]) => `${table}.${column} can't be read: ${lost}.`);
  });
}

function toLacking(source: Readable, lack: { table: string; declared: SourceTable; columns: readonly string[] }) {
  const { table, declared, columns } = lack;
  return isUnseen(source, table, declared) ? table : `${table} (${columns.join(', ')})`;
}

const columnsOf = ({ needs, mayLack }: SourceTable) => [...needs, ...Object.keys(mayLack)];
const isUnseen = ({ may }: Readable, table: string, declared: SourceTable) =>
  !columnsOf(declared).some((column) => may(table, column));
