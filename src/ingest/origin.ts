/**
 * Where the rows of a file come from: they stand in it themselves, or were made from another file. All that differs between the
 * two is said here: the line that people look for, the group that counts a row, the names that they know columns by, and what
 * of a refused row may be kept.
 */
import { type Sql, sql } from '../sql.ts';
import type { Embedded } from '../store/embedded.ts';
import { lineWithExactNumbers } from './exact-numbers.ts';
import { countLines, type LinedFile, type Lines, readSaidLines, saidKeys } from './line-numbers.ts';
import { mayBePhoneInSql } from './phone-like.ts';

/** What has to be known of rows that were made from another file: plain data, which goes to another process. */
export interface MadeFrom {
  /** What people know our columns by. */
  shown: readonly (readonly [ours: string, shown: string])[];
}

/** What is asked of an origin. */
export interface Origin {
  /** Keys that its records have beside the table's columns. */
  keys: readonly string[];
  /** The JSON object of a `line`, with exact numbers. */
  object: Sql;
  /** Finds the lines that people look for. */
  openLines(engine: Embedded, file: LinedFile): Promise<Lines>;
  /** What people know a column by. */
  toShown(column: string): string;
  /** The same of a list of columns in SQL. */
  toShownList(columns: Sql): Sql;
  /** What may be kept of the values of a refused row: an object as JSON, given the list of columns that are bad. */
  toKept(values: Sql, bad: Sql): Sql;
}

const inTheFile: Origin = {
  keys: [],
  object: lineWithExactNumbers,
  openLines: countLines,
  toShown: (column) => column,
  toShownList: (columns) => columns,
  toKept: (values) => values,
};

function inAnotherFile({ shown }: MadeFrom): Origin {
  const names = new Map(shown);
  return {
    keys: Object.values(saidKeys),
    // None of the numbers that are made has an exponent.
    object: sql`line`,
    openLines: readSaidLines,
    toShown: (column) => names.get(column) ?? column,
    toShownList: (columns) =>
      sql`arrayMap(field -> transform(field, {ours:Array(String)}, {shown:Array(String)}, field), ${columns})`.bind({
        ours: [...names.keys()],
        shown: [...names.values()],
      }),
    // What is wrong with a made value may be that it is a phone number from another column.
    toKept: (values, bad) =>
      sql`toJSONString(mapFilter((field, value) -> NOT (has(${bad}, field) AND ${mayBePhoneInSql(sql`value`)}),
        JSONExtract(${values}, 'Map(String, String)')))`,
  };
}

/** The origin of rows: of those that nobody made, the file that they stand in. */
export function originOf(madeFrom: MadeFrom | undefined): Origin {
  return madeFrom ? inAnotherFile(madeFrom) : inTheFile;
}

/** A row that was made from another file, as a record that says where it comes from. */
export function toMadeRecord(line: number, group: number, row: Readonly<Record<string, unknown>>): object {
  return { [saidKeys.line]: line, [saidKeys.group]: group, ...row };
}
