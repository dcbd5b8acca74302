/**
 * SQL that gives a column's texts as bytes: as they lie there where they are latin1 or Unicode, else in UTF-8. Dialers write
 * UTF-8 into columns of latin1, so a database that translated them would give each byte as a letter.
 */
export function toBytes(column: string, charset: string | undefined): string {
  if (charset === undefined) return column;
  const isAsItLies = /^(latin1|ascii|binary|utf8|utf8mb3|utf8mb4)$/i.test(charset);
  return `CAST(${isAsItLies ? column : `CONVERT(${column} USING utf8mb4)`} AS BINARY)`;
}
