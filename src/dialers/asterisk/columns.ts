/** The table of Asterisk's call records: how its columns become those of the CSV, and what a sync needs of it. */
import { type ReadLocal, toWallClock } from '../local-time.ts';
import type { Database } from '../mysql/database.ts';
import type { SourceTable } from '../mysql/grants.ts';

/** The table that Asterisk writes its call records to. */
export const cdrTable = 'cdr';

/** The page that has its grants. */
export const asteriskDocs = 'docs/asterisk.md';

/** A row of it, as far as it is read. */
export type CdrRow = Readonly<Record<string, string | number | null>> & { calldate: string };

/** A column that a mapping names, as Asterisk's CSV has it. */
export interface CdrColumn {
  name: string;
  /** The columns of the table that it is made of. */
  reads: readonly string[];
  toText(row: CdrRow): string;
}

// Every row has them: without one of them there is nothing to go by.
const always = ['calldate', 'uniqueid', 'disposition'];

/** Columns that tables of before Asterisk 1.8 lack, as their CSV does. */
const newer: Readonly<Record<string, string>> = {
  linkedid: 'only rows with one unique id are parts of a call, and dials may be too many',
  peeraccount: 'it is taken as empty',
  sequence: 'it is taken as empty',
};

/** The columns that a mapping names, of a table that has those which the account may read. */
export function toColumns(
  names: readonly string[],
  { may, readLocal, zone }: Pick<Database, 'may'> & { readLocal: ReadLocal; zone: string },
): CdrColumn[] {
  /** A time so many seconds after the start, as its clock shows it. */
  const after = (row: CdrRow, seconds: number) => {
    const start = readLocal(row.calldate);
    return start === undefined ? '' : toWallClock(start + seconds * 1000, zone);
  };
  const seconds = (row: CdrRow, column: string) => Number(row[column]) || 0;
  // What the CSV says and the table only tells: when a call was answered, and when it ended.
  const told: Record<string, Omit<CdrColumn, 'name'>> = {
    start: { reads: ['calldate'], toText: ({ calldate }) => calldate.slice(0, 19) },
    answer: {
      reads: ['calldate', 'duration', 'billsec', 'disposition'],
      toText: (row) =>
        row.disposition === 'ANSWERED' || seconds(row, 'billsec') > 0
          ? after(row, seconds(row, 'duration') - seconds(row, 'billsec'))
          : '',
    },
    end: { reads: ['calldate', 'duration'], toText: (row) => after(row, seconds(row, 'duration')) },
  };
  return names.map((name) => {
    const derived = Object.hasOwn(told, name) && !may(cdrTable, name) ? told[name] : undefined;
    return { name, reads: [name], toText: (row: CdrRow) => toText(row[name]), ...derived };
  });
}

/** Columns that are wanted, and that a table may lack. */
export function newerOf(columns: readonly CdrColumn[]): string[] {
  return [...new Set(columns.flatMap(({ reads }) => reads))].filter((column) => Object.hasOwn(newer, column));
}

/** What a sync by these columns needs of the table, and what it can do without: of what it had before, nothing. */
export function toCdrTable(columns: readonly CdrColumn[], hadBefore: readonly string[]): SourceTable {
  const wanted = [...new Set([...always, ...columns.flatMap(({ reads }) => reads)])];
  const lackable = newerOf(columns).filter((column) => !hadBefore.includes(column));
  return {
    needs: wanted.filter((column) => !lackable.includes(column)),
    mayLack: Object.fromEntries(Object.entries(newer).filter(([column]) => lackable.includes(column))),
  };
}

/** A date of zeros is none. */
const toText = (value: string | number | null | undefined): string => {
  const text = String(value ?? '');
  return text.startsWith('0000-00-00') ? '' : text;
};
