/** On which lines the records of a file stand: counted in the file, or said by the records. */
import { randomUUID } from 'node:crypto';
import { join, name, type Sql, sql, sqlText } from '../sql.ts';
import type { Embedded } from '../store/embedded.ts';
import type { Reading } from './layout.ts';
import { noLimit } from './reader/no-limit.ts';

/** The lines on which the records of a file begin. */
export interface Lines {
  /** Relation of `record` and `line`, for the refused ones of the checked records. */
  of(checked: Sql): Sql;
  /** The line on which a quote opens that is never closed, and how many lines it swallowed; undefined when there is none. */
  findOpenQuote(checked: Sql): Promise<{ line: number; swallowed: number } | undefined>;
  /** How many refused rows each group has, where rows say their group. */
  countGroups(checked: Sql): Promise<{ group: number; rows: number }[]>;
  close(): Promise<void>;
}

/** A file whose lines are asked for. */
export interface LinedFile {
  path: string;
  reading: Reading;
  /** Each record is one line, also in CSV: there are no quotes. */
  isPlain?: boolean | undefined;
}

/** The keys under which a record says its line in another file, and the group that counts it. */
export const saidKeys = { line: '#line', group: '#group' } as const;

const noQuote = async () => undefined;

/**
 * Counts lines, not records: a quoted field of a CSV may hold line breaks. Reads a CSV once more, which only a file with
 * bad rows has to pay for; one that is known to have no quotes (`isPlain`) has a record on each line.
 */
export async function countLines(engine: Embedded, file: LinedFile): Promise<Lines> {
  const { reading, isPlain = reading.format !== 'csv' } = file;
  if (isPlain) {
    return {
      of: (checked) => sql`(SELECT record, record + 1 AS line FROM ${checked} WHERE is_refused)`,
      findOpenQuote: noQuote,
      countGroups: async () => [],
      close: async () => {},
    };
  }
  const fields = join(
    reading.layout.columns.map((column) => sql`ifNull(file.${name(column)}, '')`),
    sql`, `,
  );
  const { table, close } = await readAgain(engine, file, {
    columns: sql`record UInt64, breaks UInt64`,
    select: (relation) =>
      sql`SELECT record, countSubstrings(concat('', ${fields}), '\n') AS breaks FROM ${relation} AS file WHERE breaks > 0`,
  });
  const of = (checked: Sql) => sql`(SELECT refused.record AS record, refused.record + 1 + before.breaks AS line
      FROM (SELECT record, 1 AS one FROM ${checked} WHERE is_refused) AS refused
      ASOF LEFT JOIN (SELECT record, 1 AS one, sum(breaks) OVER (ORDER BY record) AS breaks FROM ${table}) AS before
      ON refused.one = before.one AND refused.record > before.record)`;
  return {
    of,
    // It swallows everything to the end of the file: the last record then has too few fields, and line breaks in one.
    findOpenQuote: async (checked) => {
      const [found] = await engine.query<{ line: number; swallowed: number }>(
        sql`SELECT lines.line AS line, broken.breaks AS swallowed
          FROM ${of(checked)} AS lines INNER JOIN ${table} AS broken ON broken.record = lines.record
          WHERE lines.record = (SELECT max(record) FROM ${checked} WHERE is_row)
            AND lines.record IN (SELECT record FROM ${checked} WHERE is_refused AND has(faults.field, '(line)'))`,
      );
      return found;
    },
    countGroups: async () => [],
    close,
  };
}

/** Reads the lines and groups that records of NDJSON say themselves, once more and for those alone. */
export async function readSaidLines(engine: Embedded, file: LinedFile): Promise<Lines> {
  const said = (key: string) => sql`JSONExtractUInt(file.line, ${sqlText(key)})`;
  const { table, close } = await readAgain(engine, file, {
    columns: sql`record UInt64, line UInt64, kind UInt64`,
    select: (relation) =>
      sql`SELECT record, ${said(saidKeys.line)} AS place, ${said(saidKeys.group)} AS kind FROM ${relation} AS file`,
  });
  const isRefused = (checked: Sql) => sql`record IN (SELECT record FROM ${checked} WHERE is_refused)`;
  return {
    of: (checked) => sql`(SELECT record, line FROM ${table} WHERE ${isRefused(checked)})`,
    findOpenQuote: noQuote,
    countGroups: (checked) =>
      engine.query<{ group: number; rows: number }>(
        sql`SELECT kind AS group, count() AS rows FROM ${table} WHERE ${isRefused(checked)} GROUP BY kind`,
      ),
    close,
  };
}

/** Reads something of each record into a table of its own, whose columns are those of the SELECT, in its order. */
async function readAgain(
  engine: Embedded,
  { path, reading: { layout } }: LinedFile,
  { columns, select }: { columns: Sql; select: (relation: Sql) => Sql },
) {
  const table = name(`staging_${randomUUID().replaceAll('-', '')}`);
  const close = () => engine.command(sql`DROP TABLE IF EXISTS ${table} SYNC`);
  try {
    await engine.command(sql`CREATE TABLE ${table} (${columns}) ENGINE = MergeTree ORDER BY record`);
    await engine.readFile({ path, layout, into: table, select }, noLimit);
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  return { table, close };
}
