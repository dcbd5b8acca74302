import { DialtallyError } from '../../errors.ts';
import type { VicidialDatabase } from './source.ts';
import { type SourceTable, sourceTables } from './source-tables.ts';

type Readable = Pick<VicidialDatabase, 'name' | 'account' | 'may'>;

/**
 * Throws, with the grants that help, when a table can't be read without which calls would go in wrong: wrong rows are
 * worse than none. With `archive`, the call log's archive is such a table, too.
 */
export function assertGranted(source: Readable, { archive }: { archive: boolean }): void {
  const needed = Object.entries(sourceTables).filter(([, { without }]) => without === undefined);
  const lacks = needed
    .flatMap(([table, declared]) => [
      { table, declared },
      ...(archive && declared.isLog ? [{ table: `${table}_archive`, declared }] : []),
    ])
    .map((one) => ({ ...one, columns: one.declared.needs.filter((column) => !source.may(one.table, column)) }))
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
    `The account may not read ${what} in ${source.name}, or it is not there. Nothing was taken in. Grant it as an administrator of the database:\n${grants.join('\n')}\ndocs/vicidial.md has all grants that it needs.`,
  );
}

/** A note for every table and column that can't be read and is done without: what is lost. */
export function toLosses(source: Readable, { archive }: { archive: boolean }): string[] {
  return Object.entries(sourceTables).flatMap(([table, declared]) => [
    ...toTableLosses(source, table, declared, ''),
    ...(archive && declared.isLog ? toTableLosses(source, `${table}_archive`, declared, 'of archived rows, ') : []),
  ]);
}

function toTableLosses(source: Readable, table: string, declared: SourceTable, of: string): string[] {
  if (isUnseen(source, table, declared)) return [`${table} can't be read: ${of}${declared.without}.`];
  const needed = declared.needs.filter((column) => !source.may(table, column));
  if (needed.length > 0) {
    return [`${table} can't be used, for its ${needed.join(', ')} can't be read: ${of}${declared.without}.`];
  }
  return Object.entries(declared.mayLack)
    .filter(([column]) => !source.may(table, column))
    .map(([column, lost]) => `${table}.${column} can't be read: ${of}${lost}.`);
}

function toLacking(source: Readable, lack: { table: string; declared: SourceTable; columns: readonly string[] }) {
  const { table, declared, columns } = lack;
  return isUnseen(source, table, declared) ? table : `${table} (${columns.join(', ')})`;
}

const columnsOf = ({ needs, mayLack }: SourceTable) => [...needs, ...Object.keys(mayLack)];
const isUnseen = ({ may }: Readable, table: string, declared: SourceTable) =>
  !columnsOf(declared).some((column) => may(table, column));
