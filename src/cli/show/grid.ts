/** A report’s grid as a text for the terminal. */
import type { Columns } from '../../engine/columns.ts';
import { type Picture, readGrid } from '../../engine/pictures.ts';
import { percentOf } from '../../engine/round.ts';
import { textWidth } from '../../text-width.ts';
import { pad } from './table.ts';

/** Rows as a grid of a rate, rounded, under short words for its two numbers. */
export function toTextGrid(
  picture: Extract<Picture, { kind: 'grid' }>,
  columns: Columns,
  rows: readonly Record<string, unknown>[],
): string {
  const { down, across, value, without } = picture;
  const rate = columns[value];
  const { rowAt } = readGrid(picture, columns, rows);
  // Of its two counts, since what is rounded twice may be one too many.
  const ratio = rate && 'ratio' in rate && rate.ratio?.is_share ? rate.ratio : undefined;
  const toWhole = (row: Record<string, unknown>) =>
    ratio ? percentOf(Number(row[ratio.part]), Number(row[ratio.of]), 0) : Math.round(Number(row[value]));
  const toCell = (one: number, other: number) => {
    const row = rowAt(one, other);
    return pad(row ? String(toWhole(row)) : '·', 4, 'right');
  };
  const heads = down.labels.map((label) => label.slice(0, 3));
  const width = Math.max(...heads.map(textWidth));
  const unit = rate && 'unit' in rate && rate.unit ? ` in ${rate.unit}` : '';
  return [
    pad('', width) + across.labels.map((label) => pad(label, 4, 'right')).join(''),
    ...heads.map((head, one) => pad(head, width) + across.labels.map((_, other) => toCell(one, other)).join('')),
    '',
    `${rate?.label}${unit} by ${toWord(down.column)} and ${toWord(across.column)}; · without ${without}. --format csv has the counts.`,
  ].join('\n');

  function toWord(column: string): string {
    return columns[column]?.label.toLowerCase() ?? column;
  }
}
