import type { TableName } from '../../store/tables.ts';

/**
 * A mapping: how the rows of another system's file become rows of one of our tables. It is data; nothing in it runs.
 */
export interface Mapping {
  /** The schema that editors check the file with; the server does not read it. */
  $schema?: string;
  /** The table that the rows go into. */
  table: TableName;
  /** How the file is written. */
  file?: SourceFile;
  /** The time zone of local times, such as Asia/Ho_Chi_Minh. */
  timezone?: string;
  /** What becomes of local times that the clock skips or shows twice. */
  local_times?: LocalTimes;
  /** How numbers are written, when it is not as 1234.5. */
  numbers?: Numbers;
  /** Rows that are left out; the first that holds counts. */
  skip?: Skip[];
  /** Where each of our columns comes from. */
  columns: Record<string, ColumnRule | string>;
  /** Rows that are parts of one call, such as its legs. */
  merge?: Merge;
  /** Columns of the file whose values the reconciliation counts; when left out, those that decide the outcome and the disposition. */
  count?: string[];
}

/** How the file is written. */
export interface SourceFile {
  /** csv (the default); ndjson: one JSON object a line; json: a list of objects, or objects one behind the other. */
  format?: 'csv' | 'ndjson' | 'json';
  /** Paths of JSON under which texts are percent-encoded (%20). */
  percent_encoded?: string[];
  /** What stands between two fields: a comma unless told otherwise. */
  delimiter?: string;
  /** What stands around a field: " unless told otherwise; none when nothing does. */
  quote?: string;
  /** A quote inside of a quoted field: doubled, behind a backslash, or plain (it ends the field only before a delimiter). */
  inner_quotes?: 'doubled' | 'backslash' | 'plain';
  /** The encoding by its WHATWG name, such as utf-8 (the default), windows-1258, gb18030 or utf-16le. */
  encoding?: string;
  /** The names of the columns by position, for a file without a header. */
  columns?: string[];
  /** How many fields a row has at least, when the last ones may be missing. */
  fewest?: number;
  /** Lines before the header or the first row that are passed over. */
  skip_lines?: number;
}

/** What becomes of local times that the clock skips or shows twice. */
export interface LocalTimes {
  /** A time that the clock skipped: refuse (the default), or later, by as much as the clock was put forward. */
  missing?: 'refuse' | 'later';
  /** A time that the clock showed twice: the earlier one (the default), the later one, or refuse. */
  repeated?: 'earlier' | 'later' | 'refuse';
}

/** How numbers are written. */
export interface Numbers {
  /** What stands before the decimals. When it is named, seconds may have some, and are rounded. */
  decimal?: '.' | ',';
  /** What stands between groups of three digits: nothing unless told otherwise. */
  thousands?: '.' | ',' | ' ' | "'" | '\u00a0' | '\u202f';
}

/** Rows that are left out. */
export interface Skip {
  /** Which rows. */
  when: When | When[];
  /** What they are, for the reconciliation, such as inbound. */
  because: string;
}

/** Tests by column, all of which must hold. */
export type When = Record<string, Test | string | string[]>;

/** What a field must be: every test that is given must hold. */
export interface Test {
  /** It is one of these. */
  is?: string | string[];
  /** It is none of these. */
  not?: string | string[];
  /** It begins with one of these. */
  starts_with?: string | string[];
  /** It ends with one of these. */
  ends_with?: string | string[];
  /** It has one of these in it. */
  contains?: string | string[];
  /** It is empty, or is not. */
  empty?: boolean;
  /** It has fewer characters. */
  shorter_than?: number;
  /** It has more characters. */
  longer_than?: number;
  /** It is a number above this one. */
  above?: number;
  /** It is a number below this one. */
  below?: number;
}

/** Where one of our columns comes from; a text alone is the name of a column. */
export interface ColumnRule {
  /** A column of the file, or several: the first that is not empty. */
  from?: string | string[];
  /** Columns whose texts are put one behind the other. */
  join?: string[];
  /** What stands between joined texts. */
  between?: string;
  /** Of the text, what comes after this mark, where it stands first. A text without it is refused. */
  after?: string;
  /** Of the text (or of what comes after the other mark), what comes before this mark, where it stands first. */
  before?: string;
  /** The same value in every row. */
  value?: string;
  /** What each text of the file stands for; null: not given. */
  values?: Record<string, string | null>;
  /** Values that depend on other columns: the first case that holds. */
  cases?: Case[];
  /** The value when no text or case fits; null: not given. Without it such a row is refused. */
  otherwise?: string | null;
  /** How the text is read: text, time, seconds, milliseconds, clock (h:mm:ss, 23m 17s), name (gets an id) or phone (becomes a keyed hash). */
  as?: ReadAs;
  /** How a time is written: iso (the default), epoch, epoch_ms, or a pattern such as DD/MM/YYYY HH:mm:ss. */
  format?: string;
  /** The time zone of this time, when it is not the mapping's. */
  timezone?: string;
  /** The country of phone numbers that are written without it, such as 84. */
  country_code?: string;
  /** What is dialed before the phone number, such as 9 for a line. */
  dial_prefix?: string;
  /** Another rule, when this one gives nothing or a text does not fit it. */
  or?: ColumnRule | string;
}

/** A value with the condition under which it holds. */
export interface Case {
  /** When it holds. */
  when: When | When[];
  /** The value; null: not given. */
  value?: string | null;
  /** Or the column that has the value. */
  from?: string;
}

/** The ways to read a text. */
export const readings = ['text', 'time', 'seconds', 'milliseconds', 'clock', 'name', 'phone'] as const;
/** One of them. */
export type ReadAs = (typeof readings)[number];

/** Rows that are parts of one call. */
export interface Merge {
  /** The column that is alike in all parts of a call, or several: the first that is not empty. Without any, a row is a call of its own. */
  by: string | string[];
  /** Columns of which two of these rows have one alike when they are one call. Without this and linked, all of them are. */
  same?: string | string[];
  /** Or a column of the one has the text that the other column has in another row, as when the one channel called the other. */
  linked?: Record<string, string>;
  /** The column in which a row names, by its merge.by, the second leg of its call: a row that is named is no call of its own. */
  second_leg?: string;
  /** How many seconds apart rows with a column alike begin at most, when they are one call. */
  within?: number;
  /** The outcomes by weight, the heaviest first: the part with the heaviest decides the call. */
  prefer?: string[];
  /** Our columns of seconds that are added up over the parts, instead of the deciding part's. */
  add?: string[];
  /** When the talk of a part began, a time such as that of the answer: talk that did not go on at the same time is added up. */
  talk_from?: ColumnRule | string;
  /** Our columns of seconds that rows which are linked to go on with, beside the deciding part's: after a transfer. */
  add_linked?: string[];
}
