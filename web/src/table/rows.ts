/** The rows of an answer as pages use them: its own, whatever its shape, each beside what it was. */
import type { Answer, Column, Part, Report, Row } from '../api/types.ts';

/** A row beside what it was in the other window. */
export interface SeenRow {
  row: Row;
  /** Undefined: nothing was compared, or the other window had no such row. */
  before: { previous: Row; change: Record<string, number | null>; better: Record<string, boolean | null> } | undefined;
  /** Only the other window had it. */
  isGone: boolean;
  /** What tells it from all others. */
  id: string;
}

/** The report's own rows in an answer. */
export function rowsOf(report: Report, data: unknown): Row[] {
  if (Array.isArray(data)) return data as Row[];
  const own = data as Record<string, unknown>;
  const [first] = report.parts;
  // A live answer is made of parts, its first one an object; a dashboard is that object itself.
  const found = first && first.name in own && typeof own[first.name] === 'object' ? own[first.name] : own;
  return Array.isArray(found) ? (found as Row[]) : [found as Row];
}

/** The rows of another part that stands in an answer; none when it was not asked for. */
export function partOf(part: Part, data: unknown): Row[] {
  const found = (data as Record<string, unknown> | null)?.[part.name];
  return Array.isArray(found) ? (found as Row[]) : [];
}

/** What tells a row from all others, as a text. */
export const idOf = (report: Report, row: Row): string =>
  (report.parts[0]?.key ?? []).map((name) => String(row[name])).join(' ');

/** The rows of an answer, each beside what it was; those that only the other window had come last. */
export function seenRows(report: Report, { data, comparison }: Answer): SeenRow[] {
  const rows = rowsOf(report, data);
  if (!comparison) return rows.map((row) => ({ row, before: undefined, isGone: false, id: idOf(report, row) }));
  const compared = new Map(comparison.rows.map((one) => [idOf(report, one.key as Row), one]));
  const seen = rows.map((row): SeenRow => {
    const id = idOf(report, row);
    const { previous, change, better } = compared.get(id) ?? {};
    compared.delete(id);
    return {
      row,
      before: previous && change && better ? ({ previous, change, better } as SeenRow['before']) : undefined,
      isGone: false,
      id,
    };
  });
  const gone = [...compared.values()].filter(({ named }) => named !== undefined);
  return [
    ...seen,
    ...gone.map(
      ({ key, named, previous, change, better }): SeenRow => ({
        row: { ...key, ...named, ...zeroes(report) } as Row,
        before: { previous, change, better } as SeenRow['before'],
        isGone: true,
        id: idOf(report, key as Row),
      }),
    ),
  ];
}

const zeroes = (report: Report): Row => Object.fromEntries(report.columns.filter(isCount).map(({ name }) => [name, 0]));

/** Whether a column counts or measures something that can be added up. */
export const isCount = ({ unit, ratio, kind }: Column): boolean =>
  unit !== null && !ratio && unit !== 'percent' && kind !== 'instant';

/** A column by its name. */
export const columnOf = (report: Report, name: string): Column | undefined =>
  report.columns.find((column) => column.name === name);

/** A figure of a row as a number; undefined where there is none. */
export function figureOf(row: Row, name: string): number | undefined {
  const value = row[name];
  if (value === null || value === undefined || value === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** What a rate is of: `1,204` of `38.2 %`; undefined of what is no rate, or has it in no column. */
export function baseOf(column: Column, row: Row): number | undefined {
  return column.ratio ? figureOf(row, column.ratio.of) : undefined;
}

/** A rate of so few says little. */
export const thinBelow = 20;

/** Whether the API lists what a figure counts. */
export const hasRows = ({ behind }: Report, { name }: Column): boolean => behind.figures.includes(name);
