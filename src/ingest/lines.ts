import { randomUUID } from 'node:crypto';
import { join, name, type Sql, sql } from '../sql.ts';
import type { Store } from '../store/store.ts';
import type { Reading } from './layout.ts';
import { fileLimits } from './staging.ts';

/** The lines on which the records of a file begin. */
export interface Lines {
  /** Relation of `record` and `line`, for the refused records of a staging table. */
  of(staging: Sql): Sql;
  /** The line on which a quote opens that is never closed, and how many lines it swallowed; undefined when there is none. */
  findOpenQuote(staging: Sql): Promise<{ line: number; swallowed: number } | undefined>;
  close(): Promise<void>;
}

/**
 * Counts lines, not records: a quoted field of a CSV may hold line breaks. Reads a CSV once more, which only a file with
 * bad rows has to pay for; one that is known to have no quotes (`isPlain`) has a record on each line.
 */
export async function readLines(
  store: Store,
  path: string,
  reading: Reading,
  { isPlain = reading.format !== 'csv' } = {},
): Promise<Lines> {
  if (isPlain) {
    return {
      of: (staging) => sql`(SELECT record, record + 1 AS line FROM ${staging} WHERE is_refused)`,
      findOpenQuote: async () => undefined,
      close: async () => {},
    };
  }
  const table = name(`staging_${randomUUID().replaceAll('-', '')}`);
  const close = () => store.command(sql`DROP TABLE IF EXISTS ${table} SYNC`);
  const fields = join(
    reading.layout.columns.map((column) => sql`ifNull(file.${name(column)}, '')`),
    sql`, `,
  );
  try {
    await store.command(sql`CREATE TABLE ${table} (record UInt64, breaks UInt64) ENGINE = MergeTree ORDER BY record`);
    await store.insertFile(
      {
        path,
        layout: reading.layout,
        into: sql`${table} (record, breaks)`,
        select: (relation) =>
          sql`SELECT record, countSubstrings(concat('', ${fields}), '\n') AS breaks FROM ${relation} AS file WHERE breaks > 0`,
      },
      fileLimits,
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
      const [found] = await store.query<{ line: number; swallowed: number }>(
        sql`SELECT lines.line AS line, broken.breaks AS swallowed
          FROM ${of(staging)} AS lines INNER JOIN ${table} AS broken ON broken.record = lines.record
          WHERE lines.record = (SELECT max(record) FROM ${staging} WHERE is_row)
            AND lines.record IN (SELECT record FROM ${staging} WHERE is_refused AND has(faults.field, '(line)'))`,
      );
      return found;
    },
    close,
  };
}
