/** The records of a file of another system, whatever its format: what each reader gives. */
import { type Static, Type } from 'typebox';
import { closed } from '../../shapes.ts';

/** A record of a text file: its fields, or why they can't be told apart. */
export interface SourceRecord {
  /** The line on which it begins, or its number where many may stand on one line: no two records have the same. */
  line: number;
  /** The line, where it is not what the record is told by. */
  startsOn?: number;
  fields: readonly string[];
  fault?: string;
  /** The field that is to blame, when there is one. */
  field?: string;
}

/** The rows of a file, and the names of its columns. */
export interface RecordSource {
  columns: readonly string[];
  /** Rows in batches: the fields are clean; `fault` says why they can't be told apart. */
  rows: AsyncGenerator<SourceRecord[]>;
  /** Once all rows were read: columns of the mapping that none of them has, where no header says so first. */
  absent?(): AbsentColumn[];
}

/** Such a column as JSON. */
export const absentColumnSchema = closed({ column: Type.String(), meant: Type.String() });

/** A column that the mapping names and no record of the file has, and the one that was perhaps meant. */
export type AbsentColumn = Static<typeof absentColumnSchema>;

/** Longer than any record: what grows beyond is a quote that was never closed. */
export const maxRecordLength = 1024 * 1024;

/** A record of which only the beginning has come is read again with what follows: seldom enough, when that much more is awaited. */
export const fewestAtOnce = 64 * 1024;
