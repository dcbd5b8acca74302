/** Asterisk's database as a sync reads it: opened, its grants checked, its call records read in short queries. */
import { openLocalTime } from '../local-time.ts';
import { readClock } from '../mysql/clock.ts';
import { type Database, openDatabase } from '../mysql/database.ts';
import { assertGranted, toLosses } from '../mysql/grants.ts';
import { assertKnownZone } from '../zone.ts';
import { asteriskDocs, type CdrColumn, type CdrRow, cdrTable, newerOf, toCdrTable, toColumns } from './columns.ts';

/** Opens the database of call records behind an address such as `mysql://user:password@host:3306/asteriskcdrdb`. */
export const openAsterisk = (address: string, password?: string): Promise<Database> =>
  openDatabase({ address, password, tables: [cdrTable], docs: asteriskDocs });

/** Reads the call records in short queries by their start, which a PBX at work can bear. */
export interface CdrReader {
  zone: string;
  /** Wall clock of the source now, and the same instant in epoch milliseconds. */
  startedAt: number;
  /** The columns that a mapping names; those that the table lacks come last. */
  columns: readonly CdrColumn[];
  /** How many of them the table has. */
  present: number;
  /** Columns that a table may lack, and that this one has. */
  newer: readonly string[];
  /** What the table lacks and is done without. */
  notes: readonly string[];
  /** The start of the first row at or after a wall clock. */
  firstAt(local: string): Promise<string | undefined>;
  /** Rows that begin from a wall clock on and before another, in that order and page by page. */
  rows(from: string, end: string): AsyncGenerator<CdrRow[]>;
  /** How many rows have no start. */
  countUndated(): Promise<number>;
  /** The table's own counts of the same. */
  countByDisposition(from: string, end: string): Promise<{ disposition: string; rows: number }[]>;
}

const pageSize = 5000;
const firstDate = '1971-01-01 00:00:00';

/** Opens the reading of what a mapping names. Throws, with the grants that help, when some of it can't be read. */
export async function openCdr(
  source: Database,
  {
    names,
    zone: given,
    hadBefore,
  }: {
    names: readonly string[];
    zone: string | undefined;
    /** Columns that could be read before: without one of them, calls would become others. */
    hadBefore: readonly string[];
  },
): Promise<CdrReader> {
  const clock = await readClock(source);
  const zone = given ?? clock.zone;
  assertKnownZone(zone);
  const { may, sqlOf } = source;
  const found = toColumns(names, { may, readLocal: openLocalTime(zone), zone });
  const table = toCdrTable(found, hadBefore);
  assertGranted(source, { tables: { [cdrTable]: table }, docs: asteriskDocs });
  const isPresent = ({ reads }: CdrColumn) => reads.every((column) => may(cdrTable, column));
  const columns = [...found.filter(isPresent), ...found.filter((column) => !isPresent(column))];
  const read = [...table.needs, ...Object.keys(table.mayLack)].filter((column) => may(cdrTable, column));
  const list = read.map((column) => `${sqlOf(cdrTable, column)} AS \`${column}\``).join(', ');
  return {
    zone,
    startedAt: Date.parse(`${clock.now.replace(' ', 'T')}Z`),
    columns,
    present: columns.filter(isPresent).length,
    newer: newerOf(found).filter((column) => may(cdrTable, column)),
    notes: toLosses(source, { [cdrTable]: table }),
    async firstAt(local) {
      const [first] = await source.rows<{ first: string | null }>(
        `SELECT MIN(t.calldate) AS first FROM ${cdrTable} t WHERE t.calldate >= ?`,
        [local > firstDate ? local : firstDate],
      );
      return first?.first ?? undefined;
    },
    async *rows(from, end) {
      let at = from;
      let limit = pageSize;
      for (;;) {
        const page = await source.rows<CdrRow>(
          `SELECT ${list} FROM ${cdrTable} t WHERE t.calldate >= ? AND t.calldate < ? ORDER BY t.calldate LIMIT ${limit}`,
          [at, end],
        );
        const last = page.at(-1);
        if (!last || page.length < limit) {
          yield page;
          return;
        }
        // Nothing tells the rows of one second apart, so a second is read as a whole.
        const whole = page.filter(({ calldate }) => calldate !== last.calldate);
        limit = whole.length > 0 ? pageSize : limit * 2;
        at = last.calldate;
        if (whole.length > 0) yield whole;
      }
    },
    async countUndated() {
      const [count] = await source.rows<{ rows_: number }>(
        `SELECT COUNT(*) AS rows_ FROM ${cdrTable} t WHERE t.calldate IS NULL OR t.calldate < '${firstDate}'`,
      );
      return Number(count?.rows_ ?? 0);
    },
    async countByDisposition(from, end) {
      const counts = await source.rows<{ disposition: string | null; rows_: number }>(
        `SELECT ${sqlOf(cdrTable, 'disposition')} AS disposition, COUNT(*) AS rows_ FROM ${cdrTable} t
          WHERE t.calldate >= ? AND t.calldate < ? GROUP BY t.disposition`,
        [from, end],
      );
      return counts.map((one) => ({ disposition: one.disposition ?? '', rows: Number(one.rows_) }));
    },
  };
}
