/** A comparison on a terminal: each figure's change beside it, good and bad ones marked. */
import { changeDigits, comparedColumns, idleVerdicts, zeroOf } from '../../engine/change.ts';
import { unitOf } from '../../engine/column-kinds.ts';
import type { Columns } from '../../engine/columns.ts';
import type { ComparedRow } from '../../engine/comparison.ts';
import type { Picture } from '../../engine/pictures.ts';
import { textWidth } from '../../text-width.ts';
import { toCellText } from './cell-text.ts';
import { toPrintableLines } from './printable.ts';
import { pad, toTable } from './table.ts';

type Row = Record<string, unknown>;

/** The changes of a row, by figure, each as a short text. */
export type ChangeTexts = ReadonlyMap<string, string>;

/** The changes of a row as texts: `+12.34 %`, `-4 s`, `+2.10 pp`, `new` and `gone`; what is better or worse is marked. */
export function changeTexts(columns: Columns, row: Row, compared: ComparedRow | undefined): ChangeTexts {
  const texts = comparedColumns(columns).map(([name, column]): [string, string] => {
    const { by, mark } = unitOf(column)?.change ?? {};
    const change = compared?.change[name] ?? null;
    if (!compared) return [name, ''];
    if (change === null) return [name, by === 'share' && Number(row[name]) > 0 ? 'new' : ''];
    if (change === 0) return [name, '='];
    const better = compared.better[name];
    const sign = better === true ? ' ▲' : better === false ? ' ▼' : '';
    if (compared.named && by === 'share' && change === -100) return [name, `gone${sign}`];
    return [name, `${change > 0 ? '+' : ''}${change.toFixed(changeDigits(column))} ${mark}${sign}`];
  });
  return new Map(texts);
}

/** The rows that the other window alone has, as this one would show them. */
export function goneRows(columns: Columns, compared: readonly ComparedRow[]): Row[] {
  const figures = comparedColumns(columns).map(([name, column]) => [name, zeroOf(column)]);
  const zeroes = { ...Object.fromEntries(figures), ...idleVerdicts(columns) };
  return compared.flatMap(({ key, named }) => (named ? [{ ...key, ...named, ...zeroes }] : []));
}

/** Lines with a text behind each, all of them in one column. */
export function withAsides(lines: string, asides: readonly string[]): string {
  const all = lines.split('\n');
  const width = Math.max(...all.map(textWidth));
  const longest = Math.max(0, ...asides.map(textWidth));
  return all
    .map((line, index) => `${pad(line, width)}  ${pad(asides[index] ?? '', longest, 'right')}`.trimEnd())
    .join('\n');
}

const mostChanges = 8;

/** Where a grid changed most. */
export function largestChanges(
  { down, across, value }: Extract<Picture, { kind: 'grid' }>,
  columns: Columns,
  { rows, compared }: { rows: readonly Row[]; compared: readonly ComparedRow[] },
): string {
  const sizeOf = (index: number) => Math.abs(compared[index]?.change[value] ?? 0);
  const places = rows
    .map((_, index) => index)
    .filter((index) => sizeOf(index) > 0)
    .sort((one, other) => sizeOf(other) - sizeOf(one));
  if (places.length === 0) return 'No changes that can be told.';
  const shown = places.slice(0, mostChanges).map((index) => {
    const row = rows[index] ?? {};
    const labels = [down, across].map(({ column, labels }) => labels[Number(row[column])] ?? '');
    const change = changeTexts(columns, row, compared[index]).get(value) ?? '';
    const values = [compared[index]?.previous[value], row[value]].map((one) => toCellText(one, columns[value]!));
    return [...labels, ...values, change];
  });
  const [one = '', other = ''] = [down, across].map(({ column }) => columns[column]?.label ?? column);
  const head = [one, other, 'Before', columns[value]?.label ?? value, '+/-'];
  const table = toTable(
    head.map((label, index) => ({ label, align: index < 2 ? 'left' : 'right' })),
    shown,
  );
  return `Largest changes\n${table}`;
}

/** What the marks mean, for a text that has some. */
export const marksOf = (text: string): string => (/[▲▼]/.test(text) ? '\n▲ better, ▼ worse\n' : '');

const marked = /(?:[+-][\d.]+ (?:%|s|min|pp)|gone) ([▲▼])/g;

/** A text with its marked changes in green and red, for a terminal that takes colors. What was in it before can't color it. */
export function toColored(text: string): string {
  return toPrintableLines(text).replace(marked, (change, mark) => `\x1b[${mark === '▲' ? 32 : 31}m${change}\x1b[39m`);
}
