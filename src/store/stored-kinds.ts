/** The kinds of columns in tables of our own: their types on disk, and how values are read and written. */
import { type Sql, sql, sqlText, toIso } from '../sql.ts';

/** What a column of a kept table holds: how it lies on disk, is read and is written. */
export interface StoredKind<Value> {
  /** The types of ClickHouse that hold it. */
  types: readonly string[];
  /** The column as a SELECT gives it. */
  read(column: Sql): Sql;
  /** A value as it is inserted. */
  write(value: Value): unknown;
}

/** A column that the table fills by itself. */
export interface MadeKind extends StoredKind<never> {
  isMade: true;
}

const asIs = { read: (column: Sql) => column, write: (value: unknown) => value };

/** The number of something. */
export const storedId: StoredKind<number> = { types: ['UInt64'], ...asIs };
/** The number of something; 0 on disk stands for none. */
export const storedOptionalId: StoredKind<number | null> = {
  types: ['UInt64'],
  read: (column) => sql`nullIf(${column}, 0)`,
  write: (value) => value ?? 0,
};
/** How many. */
export const storedCount: StoredKind<number> = { types: ['UInt16', 'UInt32', 'UInt64'], ...asIs };
/** An exact number with decimals, as many as the table keeps. */
export const storedDecimal: StoredKind<number> = {
  types: ['Decimal(9, 6)', 'Decimal(18, 2)'],
  read: (column) => sql`toFloat64(${column})`,
  write: (value) => value,
};
/** Yes or no. */
export const storedFlag: StoredKind<boolean> = { types: ['Bool'], ...asIs };
/** Any text. */
export const storedText: StoredKind<string> = { types: ['String', 'LowCardinality(String)'], ...asIs };
/** A word; `first` in rows that are older than the column. */
export const storedWordSince = (first: string): StoredKind<string> => ({
  ...storedText,
  read: (column) => sql`if(${column} = '', ${sqlText(first)}, ${column})`,
});
/** 256 bits, in hex. */
export const storedHex: StoredKind<string> = { types: ['FixedString(64)'], read: toText, write: (value) => value };
/** A UUID, as text. */
export const storedUuid: StoredKind<string> = { types: ['UUID'], read: toText, write: (value) => value };
/** Anything, written as JSON and read as its text. */
export const storedJson: StoredKind<unknown> = {
  types: ['String'],
  read: (column) => column,
  write: (value) => JSON.stringify(value),
};
/** Text by text. */
export const storedTextMap: StoredKind<Readonly<Record<string, string>>> = { types: ['Map(String, String)'], ...asIs };
/** An instant to the millisecond: read as ISO 8601 text with Z, written from that or from epoch milliseconds. */
export const storedInstant: StoredKind<string | number> = {
  types: ["DateTime64(3, 'UTC')"],
  read: toIso,
  write: (value) => (typeof value === 'number' ? new Date(value).toISOString() : value).replace('Z', ''),
};

/** Which of the rows with one key counts: the one with the highest. */
export const lastWins: StoredKind<number> = {
  types: ['UInt64', 'UInt128'],
  read: (column) => sql`toUInt64(${column})`,
  write: String,
};

/** Which of the rows with one key counts: the one with the lowest, which is kept as what it lacks to `most`. */
export function firstWins(most: bigint): StoredKind<number> {
  return { types: ['UInt64'], read: (column) => column, write: (value) => String(most - BigInt(value)) };
}

/** A column that may be empty. */
export function storedOptional<Value>({ types, read, write }: StoredKind<Value>): StoredKind<Value | null> {
  return {
    types: types.map((type) => `Nullable(${type})`),
    read,
    write: (value) => (value === null ? null : write(value)),
  };
}

/** Several of a kind, in their order. */
export function storedList<Value>({ types, write }: StoredKind<Value>): StoredKind<readonly Value[]> {
  return {
    types: types.map((type) => `Array(${type})`),
    read: (column) => column,
    write: (values) => values.map((value) => write(value)),
  };
}

/** A column that the table fills by itself when a row is added. */
export function made({ types, read, write }: StoredKind<never>): MadeKind {
  return { types, read, write, isMade: true };
}

function toText(column: Sql): Sql {
  return sql`toString(${column})`;
}
