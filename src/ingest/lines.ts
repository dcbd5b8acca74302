import { randomUUID } from 'node:crypto';
import { join, name, type Sql, sql, sqlText } from '../sql.ts';
import type { Embedded } from '../store/embedded.ts';
import { madeKeys, type Reading } from './layout.ts';
import { noLimit } from './reader/request.ts';

/** The lines on which the records of a file begin. */
export interface Lines {
  /** Relation of `record` and `line`, for the refused records of a staging table. */
  of(staging: Sql): Sql;
  /** The line on which a quote opens that is never closed, and how many lines it swallowed; undefined when there is none. */
  findOpenQuote(staging: Sql): Promise<{ line: number; swallowed: number } | undefined>;
  /** How many refused rows each group of made rows has. */
  countGroups(staging: Sql): Promise<{ group: number; rows: number }[]>;
  close(): Promise<void>;
}

/**
 * Counts lines, not records: a quoted field of a CSV may hold line breaks. Reads a CSV once more, which only a file with
 * bad rows has to pay for; one that is known to have no quotes (`isPlain`) has a record on each line.
 */
export async function readLines(
  engine: Embedded,
  path: string,
  reading: Reading,
  { isPlain = reading.format !== 'csv' } = {},
): Promise<Lines> {
  if (reading.isMade) return readMadeLines(engine, path, reading);
  if (isPlain) {
    return {
      of: (staging) => sql`(SELECT record, record + 1 AS line FROM ${staging} WHERE is_refused)`,
      findOpenQuote: async () => undefined,
      countGroups: async () => [],
      close: async () => {},
    };
  }
  const table = name(`staging_${randomUUID().replaceAll('-', '')}`);
  const close = () => engine.command(sql`DROP TABLE IF EXISTS ${table} SYNC`);
  const fields = join(
    reading.layout.columns.map((column) => sql`ifNull(file.${name(column)}, '')`),
    sql`, `,
  );
  try {
    await engine.command(sql`CREATE TABLE ${table} (record UInt64, breaks UInt64) ENGINE = MergeTree ORDER BY record`);
    await engine.readFile(
      {
        path,
        layout: reading.layout,
        into: sql`${table} (record, breaks)`,
        select: (relation) =>
          sql`SELECT record, countSubstrings(concat('', ${fields}), '\n') AS breaks FROM ${relation} AS file WHERE breaks > 0`,
      },
      noLimit,
    );
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  const of = (staging: Sql) => sql`(SELECT refused.record AS record, refused.record + 1 + before.breaks AS line
      FROM (SELECT record, 1 AS one FROM ${staging} WHERE is_refused) AS refused
      ASOF LEFT JOIN (SELECT record, 1 AS one, sum(breaks) OVER (ORDER BY record) AS breaks FROM ${table}) AS before
      ON refused.one = before.one AND refused.record > before.record)`;
  return {
    of,
    // It swallows everything to the end of the file: the last record then has too few fields, and line breaks in one.
    findOpenQuote: async (staging) => {
      const [found] = await engine.query<{ line: number; swallowed: number }>(
        sql`SELECT lines.line AS line, broken.breaks AS swallowed
          FROM ${of(staging)} AS lines INNER JOIN ${table} AS broken ON broken.record = lines.record
          WHERE lines.record = (SELECT max(record) FROM ${staging} WHERE is_row)
            AND lines.record IN (SELECT record FROM ${staging} WHERE is_refused AND has(faults.field, '(line)'))`,
      );
      return found;
    },
    countGroups: async () => [],
    close,
  };
}

/** Made rows say their line themselves: they are read once more for it. */
async function readMadeLines(engine: Embedded, path: string, reading: Reading): Promise<Lines> {
  const table = name(`staging_${randomUUID().replaceAll('-', '')}`);
  const close = () => engine.command(sql`DROP TABLE IF EXISTS ${table} SYNC`);
  const key = (one: string) => sql`JSONExtractUInt(file.line, ${sqlText(one)})`;
  try {
    await engine.command(
      sql`CREATE TABLE ${table} (record UInt64, line UInt64, kind UInt64) ENGINE = MergeTree ORDER BY record`,
    );
    await engine.readFile(
      {
        path,
        layout: reading.layout,
        into: sql`${table} (record, line, kind)`,
        select: (relation) =>
          sql`SELECT record, ${key(madeKeys.line)} AS place, ${key(madeKeys.group)} AS kind FROM ${relation} AS file`,
      },
      noLimit,
    );
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  const isRefused = (staging: Sql) => sql`record IN (SELECT record FROM ${staging} WHERE is_refused)`;
  return {
    of: (staging) => sql`(SELECT record, line FROM ${table} WHERE ${isRefused(staging)})`,
    findOpenQuote: async () => undefined,
    countGroups: (staging) =>
      engine.query<{ group: number; rows: number }>(
        sql`SELECT kind AS group, count() AS rows FROM ${table} WHERE ${isRefused(staging)} GROUP BY kind`,
      ),
    close,
  };
}
