/** How columns are shown: which of them, which one names the row, and what their values are called. */
import type { Column, Report, Row } from '../api/types.ts';
import type { Names } from '../words/names.ts';
import { wordOf } from '../words/titles.ts';
import { isId, type Writing } from '../words/writing.ts';

/** Whether a column is a number that is read as one. */
export const isAmount = (column: Column): boolean =>
  !column.code &&
  !isId(column) &&
  (column.unit !== null || column.kind === 'integer' || column.kind === 'number' || column.kind === 'decimal');

/** Whether a comparison says how a column changed: not of what is of the present, nor of words. */
export const hasChange = (column: Column): boolean =>
  isAmount(column) && column.kind !== 'instant' && !column.is_standing;

/** What stands behind a heading: values have no unit in their cells. */
export function unitMark({ unit }: Column, language: string): string | undefined {
  if (unit === 'percent') return '%';
  if (unit === 'seconds') return language === 'vi' ? 'g:ph:gi' : 'h:mm:ss';
  if (unit === 'minutes') return language === 'vi' ? 'phút' : 'min';
  return undefined;
}

/** What names a row, and the ids that stand small beneath it. */
export interface Heading {
  column: Column;
  ids: readonly Column[];
}

/** What names the rows of a report: a word that wears a color, a name where their key is an id that has one, else the first column. */
export function headingOf(report: Report): Heading {
  const key = report.parts[0]?.key ?? [];
  const ids = report.columns.filter((column) => isId(column) && key.includes(column.name));
  const colored = report.columns.find(({ kind }) => kind === 'color')?.of;
  const worn = report.columns.find(({ name }) => name === colored);
  const named = ids.length > 0 ? report.columns.find(isName) : undefined;
  const [first] = report.columns;
  if (!first) throw new TypeError(`${report.name} has no columns`);
  return { column: worn ?? named ?? first, ids: named ? ids : [] };
}

const isName = (column: Column) => column.kind === 'text' && !column.code && !isAmount(column);

/** The columns of a report's table: what names a row first; a color stands beside its word, an id beneath its name. */
export function shownColumns(report: Report): Column[] {
  const { column: first, ids } = headingOf(report);
  const others = report.columns.filter(
    (column) => column !== first && column.kind !== 'color' && !ids.includes(column),
  );
  return [first, ...others];
}

/** A value as a cell shows it: words in the language. */
export function sayValue(
  column: Column,
  row: Row,
  zone: string,
  { names, writing }: { names: Names; writing: Writing },
): string {
  const value = row[column.name];
  if (typeof value !== 'string' || isAmount(column)) return writing.cell(column, value, zone);
  return writing.cell(column, wordOf(value, names, column), zone);
}
