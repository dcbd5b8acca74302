/** What a file must hold for a row of JSON, said once more and apart from the code that writes files. */
import type { Column } from '../../src/engine/columns.ts';
import { columnsOf, type Report } from '../../src/engine/report.ts';
import type { StoredBook, StoredCell } from './independent.ts';

/** A row of JSON. */
export type JsonRow = Record<string, unknown>;

/** The rows of a JSON answer, whatever its shape. */
export function rowsOf(report: Report, data: unknown): JsonRow[] {
  if (report.over === 'now') return [(data as { current: JsonRow }).current];
  return report.rows === 'one' ? [data as JsonRow] : (data as JsonRow[]);
}

/** The records of a report's CSV. */
export function csvOf(report: Report, rows: readonly JsonRow[]): string[][] {
  const columns = columnsOf(report);
  const toField = (column: Column, value: unknown) => {
    const text = textOf(value);
    const isDialed = column.kind === 'text' && 'code' in column && /^[+-][0-9 ().-]*$/.test(text);
    const dangerous = column.kind !== 'text' || isDialed ? [] : ['=', '+', '-', '@', '\t', '\r'];
    return dangerous.some((start) => text.startsWith(start)) ? `'${text}` : text;
  };
  return [
    columns.map(([name]) => name),
    ...rows.map((row) => columns.map(([name, column]) => toField(column, row[name]))),
  ];
}

function textOf(value: unknown): string {
  if (value === null) return '';
  return Array.isArray(value) ? value.map(({ code }: { code: string }) => code).join(';') : String(value);
}

/** The values of an Excel file's rows, as JSON has them. */
export function valuesOf(report: Report, { sheets: [sheet] }: StoredBook, count: number): JsonRow[] {
  if (!sheet) throw new Error('the file has no sheet');
  const columns = columnsOf(report);
  const letters = columns.map((_, index) => toLetters(index));
  const head = Number(sheet.frozen);
  // Below the last row there is nothing.
  const last = Math.max(...Object.keys(sheet.cells).map((place) => Number(/\d+/.exec(place)?.[0])));
  if (last !== head + count) throw new Error(`the last row is ${last}, not ${head + count}`);
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(
      columns.map(([name, column], place) => [
        name,
        toJson(column, sheet.cells[`${letters[place]}${head + 1 + index}`]),
      ]),
    ),
  );
}

/** A to Z, then AA, AB ... */
function toLetters(index: number): string {
  const before = index < 26 ? '' : toLetters(Math.floor(index / 26) - 1);
  return before + String.fromCharCode(65 + (index % 26));
}

/** The rows of JSON with what Excel keeps of them: reasons are codes. */
export function kept(report: Report, rows: readonly JsonRow[]): JsonRow[] {
  const columns = columnsOf(report);
  return rows.map((row) =>
    Object.fromEntries(
      columns.map(([name, { kind }]) => [
        name,
        kind === 'reasons' ? textOf(row[name]) || null : row[name] === '' ? null : row[name],
      ]),
    ),
  );
}

function toJson(column: Column, cell: StoredCell | undefined): unknown {
  const value = cell?.value ?? null;
  if (value === null || value === '') return null;
  if (typeof value === 'object') throw new Error(`a cell of kind ${value.odd}: ${value.value}`);
  if (column.kind === 'instant') {
    if (typeof value !== 'number') throw new Error(`no instant: ${value}`);
    return new Date(Math.round((value - 25_569) * 86_400_000)).toISOString();
  }
  if (column.kind !== 'integer' && column.kind !== 'number' && column.kind !== 'decimal') return value;
  // An id of more than 15 digits is text, since Excel would round it.
  if (typeof value === 'string') return Number(value) > 999_999_999_999_999 ? Number(value) : value;
  const isTime = cell?.format?.includes(':mm:ss') ?? false;
  const plain = isTime ? Math.round(Number(value) * 86_400 * 1000) / 1000 : value;
  return column.kind === 'decimal' ? Number(plain).toFixed(column.digits) : plain;
}
