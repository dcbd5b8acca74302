/** Puts an Excel file together from its sheets, and refuses more rows than memory should hold. */
import { type WriteOptions, type WriteSheet, writeXlsx } from 'hucre/xlsx';
import { InvalidParams } from '../errors.ts';
import { toColumnSheet } from './column-sheet.ts';
import type { ExportRow } from './excel-value.ts';
import { toGridSheets } from './grid.ts';
import type { ExportFacts, Layout } from './layout.ts';
import { pinPictures } from './pinned-pictures.ts';
import { toSheet } from './sheet.ts';

/** The most rows of an Excel file: it is made in memory. */
export const maxExcelRows = 100_000;

/** A report's rows for an Excel file. Throws InvalidParams when they are too many, rather than leave some out. */
export async function* excelRows(
  chunks: AsyncIterable<readonly ExportRow[]>,
  limit = maxExcelRows,
): AsyncGenerator<readonly ExportRow[]> {
  let rows = 0;
  for await (const chunk of chunks) {
    rows += chunk.length;
    if (rows > limit) {
      throw new InvalidParams([{ id: 'too_many_rows', field: 'format', most: limit }]);
    }
    yield chunk;
  }
}

/** A report's rows as an Excel file: the rows, what helps to see them, and a sheet that says what the columns mean. */
export async function toXlsx(layout: Layout, facts: ExportFacts, rows: readonly ExportRow[]): Promise<Uint8Array> {
  const sheet = toSheet(layout, facts, rows);
  const grids = toGridSheets(facts, rows, freeName('Grid', sheet.name));
  const columns = toColumnSheet(layout, facts, rows.length, freeName('Columns', sheet.name));
  const file = await writeXlsx({
    sheets: [sheet, ...grids, columns],
    namedRanges: [printTitles(sheet)],
    // A grid is what people come for.
    activeSheet: grids.length,
    defaultFont: { name: 'Calibri', size: 11 },
    properties: { title: layout.title, creator: 'Dialtally', created: new Date(facts.madeAt) },
  });
  return layout.logo ? pinPictures(file) : file;
}

/** Repeats the header on every page. The library's own way to say it leaves a sheet's name with a space unquoted. */
function printTitles({ name, freezePane }: WriteSheet): NonNullable<WriteOptions['namedRanges']>[number] {
  const header = `$${freezePane?.rows}`;
  return { name: '_xlnm.Print_Titles', range: `'${name.replaceAll("'", "''")}'!${header}:${header}`, scope: name };
}

const freeName = (name: string, taken: string) => (name.toLowerCase() === taken.toLowerCase() ? `${name} 2` : name);
