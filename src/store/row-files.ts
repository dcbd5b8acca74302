/** Files of rows as tables of the engine: what their columns are, and the SQL and settings to read them with. */
import { join, name, type Sql, sql, sqlText } from '../sql.ts';

/** How the bytes of a file are cut into rows of text columns. */
export interface FileLayout {
  format: 'CSV' | 'LineAsString' | 'Parquet';
  /** The columns to read, all as text; for Parquet by name, for CSV by position, for lines exactly one. */
  columns: readonly string[];
}

/** A file of this machine whose rows go into a table of the engine that reads it. */
export interface FileRead {
  path: string;
  layout: FileLayout;
  /** `table (column, ...)` to insert into. */
  into: Sql;
  /** The SELECT that reads `relation`: `record` (its number from 0, a header's too) and the layout's columns as text. */
  select: (relation: Sql) => Sql;
  /** Its rows are so few that planning the statement is what takes time. */
  isSmall?: boolean;
}

/** A column with its type, as the engine names it. */
export interface TypedColumn {
  name: string;
  type: string;
}

/** Rows in the engine's own format (Native), with the columns that they have. */
export interface RowFile {
  path: string;
  columns: readonly TypedColumn[];
}

/**
 * The columns of a file with their types. Only a CSV's last two can tell a record that is too short or too long, and
 * plain text is read faster. ClickHouse: the one column of LineAsString may not be Nullable.
 */
export function toStructure(layout: FileLayout): string {
  const isPlain = (index: number) =>
    layout.format === 'LineAsString' || (layout.format === 'CSV' && index < layout.columns.length - 2);
  return layout.columns
    .map((column, index) => `${column} ${isPlain(index) ? 'String' : 'Nullable(String)'}`)
    .join(', ');
}

/** The columns of rows in the engine's own format. */
export function toRowStructure(columns: readonly TypedColumn[]): string {
  return columns.map(({ name, type }) => `${name} ${type}`).join(', ');
}

/**
 * An open file as a table. ClickHouse: a path may be a pattern (`*`, `{a,b}`) or lead into an archive (`::`), so the
 * engine is never given one that somebody has chosen: it opens what is open already.
 */
export function toFileTable(descriptor: number, format: string, structure: string): Sql {
  return sql`file(${sqlText(`/dev/fd/${descriptor}`)}, ${name(format)}, ${sqlText(structure)})`;
}

const fileSettings = join(
  [
    // ClickHouse: a header that it skips by itself shifts the row numbers of all blocks but the first.
    sql`input_format_csv_detect_header = 0`,
    // A record that is too short or too long is read and refused by name, not an error that ends the file.
    sql`input_format_csv_allow_variable_number_of_columns = 1`,
    sql`input_format_csv_empty_as_default = 0`,
    // A field that is missing is NULL, an empty one is not: no text of a file may stand for NULL.
    sql`format_csv_null_representation = '\\x01\\x02'`,
    sql`input_format_parquet_allow_missing_columns = 1`,
    sql`input_format_parquet_case_insensitive_column_matching = 0`,
    // Blocks of a size that keeps the memory of a large import flat and low.
    sql`max_insert_block_size = 300000`,
    sql`min_insert_block_size_rows = 300000`,
    sql`min_insert_block_size_bytes = 100000000`,
  ],
  sql`, `,
);

/** The settings under which a file of few or many rows is read. */
export function toFileSettings(isSmall = false): Sql {
  // ClickHouse: bringing hundreds of expressions together pays off over many rows, and takes longer than reading few.
  return isSmall ? sql`${fileSettings}, query_plan_merge_expressions = 0` : fileSettings;
}

/** The settings under which rows in the engine's own format go into a table: in few, large parts. */
export const insertSettings = sql`max_insert_threads = 2, min_insert_block_size_rows = 500000, max_insert_block_size = 500000`;
