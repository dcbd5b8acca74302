/** How a table of our own is declared once, and what its rows are read and written with from then on. */
import { join, name, type Sql, sql } from '../sql.ts';
import { type Owner, openServerDoor, openTenantDoor, type ServerDoor, type TenantDoor } from './door.ts';
import type { RowFile } from './row-files.ts';
import type { Store } from './store.ts';
import type { MadeKind, StoredKind } from './stored-kinds.ts';

// biome-ignore lint/suspicious/noExplicitAny: kinds of any value.
type Columns = Record<string, StoredKind<any> | MadeKind>;

/** What is said of a table of our own, once. */
export interface Declaration<Shape extends Columns = Columns> {
  table: string;
  whose: Owner;
  /** The columns that it is sorted by. */
  key: readonly (keyof Shape & string)[];
  /** Of the rows with one key the one with the highest of this counts. Without it every row does: they are only ever added. */
  version?: keyof Shape & string;
  columns: Shape;
}

/** A row as it is written: every column but those that the table fills by itself. */
type Row<Shape extends Columns> = {
  [Name in keyof Shape as Shape[Name] extends MadeKind ? never : Name]: Shape[Name] extends StoredKind<infer Value>
    ? Value
    : never;
};

/** A row of a declared table, as it is written. */
export type KeptRowOf<Table> = Table extends Kept<infer Shape> ? Row<Shape> : never;

/** The only way to read and write a table of our own. */
export interface Kept<Shape extends Columns> {
  readonly declaration: Declaration<Shape>;
  /** The columns that are written. */
  readonly written: readonly string[];
  /** Columns of the relation `alias`, as they are read: instants as ISO 8601 text. */
  read(alias: string, ...names: (keyof Shape & string)[]): Sql;
  /** Adds rows; resolves when they are kept. */
  add(store: Store, rows: readonly Row<Shape>[], options?: Parameters<Store['insert']>[2]): Promise<void>;
  /** Adds the rows of a file of the written columns; resolves when they are kept. */
  addFile(store: Store, file: RowFile, options?: Parameters<Store['insertFile']>[2]): Promise<void>;
}

type Door<Whose extends Owner> = Whose extends 'server' ? ServerDoor : TenantDoor;

/** Declares a table of our own: gives the door to its rows, and the way they are written. */
export function defineKept<const Whose extends Owner, Shape extends Columns>(
  declaration: Declaration<Shape> & { whose: Whose },
): Kept<Shape> & Door<Whose> {
  const { table, columns, version } = declaration;
  const whose: Owner = declaration.whose;
  const current = version === undefined ? name(table) : sql`${name(table)} FINAL`;
  const door = whose === 'server' ? openServerDoor(table, current) : openTenantDoor(table, current, whose);
  const kinds = Object.entries<StoredKind<unknown> | MadeKind>(columns).filter(([, kind]) => !('isMade' in kind));
  const toStored = (row: Record<string, unknown>) =>
    Object.fromEntries(kinds.map(([column, kind]) => [column, kind.write(row[column] as never)]));
  return {
    ...(door as Door<Whose>),
    declaration,
    written: kinds.map(([column]) => column),
    read: (alias, ...names) =>
      join(
        names.map((column) => sql`${columns[column]!.read(sql`${name(alias)}.${name(column)}`)} AS ${name(column)}`),
        sql`, `,
      ),
    add: (store, rows, options) => store.insert(table, rows.map(toStored), options),
    addFile: (store, file, options) => store.insertFile(table, file, options),
  };
}
