/** What a reader is asked, and what it answers. */
import type { TypedColumn } from '../../store/row-files.ts';
import type { TableName } from '../../tables.ts';
import type { Format, Reading } from '../layout.ts';
import type { MadeFrom } from '../origin.ts';

/** The records of the file are not where they were thought to be: nothing of it may be taken in. */
export class MisplacedRecords extends Error {}

/** A part of a file that is judged by its own rows: it ends where the next one begins. */
export interface FilePart {
  importId: string;
  /** The name to tell people. */
  file: string;
  /** All rows or none; unknown columns are refused too. */
  strict: boolean;
  /** Its first record in the file. */
  firstRecord: number;
  /** How many lines of the file stand before its own first line. */
  linesBefore: number;
}

/** How much one file may hold. */
export interface FileLimits {
  /** Unpacked. */
  bytes: number;
  records: number;
  /** Campaigns that its rows name. */
  campaigns: number;
}

/** One file, of one part or several. */
export interface PartedFile {
  path: string;
  table: TableName;
  format: Format;
  tenantId: number;
  /** The instant that rows without `updated_at` count as updated at. */
  stamp: number;
  parts: readonly [FilePart, ...FilePart[]];
  /** What its rows were made from, when they were: they do not stand in a file of people's as they are. */
  madeFrom?: MadeFrom;
  /** Its layout, when that is known already. */
  reading?: Reading;
  /** Each record is one line, also in CSV: there are no quotes. */
  isPlain?: boolean;
  /** How many records there must be, for parts to be told apart. */
  records?: number;
}

/** A file to read, as plain data: it goes to another process. */
export interface ReadRequest extends PartedFile {
  limits: FileLimits;
  /** Where the good rows and the refused ones go, and the columns that they have there. */
  rows: { path: string; columns: readonly TypedColumn[] };
  refused: { path: string; columns: readonly TypedColumn[] };
}

/** What a part of a file holds. */
export interface ReadPart {
  rows: number;
  refused: number;
  refusedBy: { field: string; reason: string; rows: number }[];
  unknownColumns: string[];
  /** With `strict`: why none of its rows is among the good ones. */
  heldBack?: string;
  /** How many of its rows are among the good ones. */
  good: number;
}

/** What was read of a file: every row checked, the good ones and the refused ones in files of their own. */
export interface ReadResult {
  parts: ReadPart[];
  /** The campaigns that its good rows name; of too many, one more than there may be. */
  campaignIds: number[];
  /** How many refused rows each group has, where rows say their group. */
  groups: { group: number; rows: number }[];
}
