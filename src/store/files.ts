import type { FileLayout } from './store.ts';

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

const fileSettings = [
  // ClickHouse: a header that it skips by itself shifts the row numbers of all blocks but the first.
  'input_format_csv_detect_header = 0',
  // A record that is too short or too long is read and refused by name, not an error that ends the file.
  'input_format_csv_allow_variable_number_of_columns = 1',
  'input_format_csv_empty_as_default = 0',
  // A field that is missing is NULL, an empty one is not: no text of a file may stand for NULL.
  "format_csv_null_representation = '\\x01\\x02'",
  'input_format_parquet_allow_missing_columns = 1',
  'input_format_parquet_case_insensitive_column_matching = 0',
  // Blocks of a size that keeps the memory of a large import flat and low.
  'max_insert_block_size = 300000',
  'min_insert_block_size_rows = 300000',
  'min_insert_block_size_bytes = 100000000',
].join(', ');

/** The settings under which every engine reads a file of few or many rows. */
export function toFileSettings(isSmall = false): string {
  // ClickHouse: bringing hundreds of expressions together pays off over many rows, and takes longer than reading few.
  return isSmall ? `${fileSettings}, query_plan_merge_expressions = 0, compile_expressions = 0` : fileSettings;
}
