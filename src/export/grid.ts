/** The sheet that shows a heatmap: rates by two small numbers, coloured, with the counts below. */
import type { Cell, CellStyle, WriteSheet } from 'hucre/xlsx';
import { kindOf, toMarkedLabel } from '../engine/column-kinds.ts';
import type { Column } from '../engine/columns.ts';
import { readGrid } from '../engine/pictures.ts';
import type { ExportRow } from './excel-value.ts';
import { toTitleBlock } from './facts.ts';
import { toColorScale } from './format-rules.ts';
import { letterOf } from './headings.ts';
import type { ExportFacts } from './layout.ts';
import { cellStyle, colors, headStyle, noteStyle, titleStyle } from './looks.ts';

/** A sheet with the rows as people expect a grid: a rate for each pair, and below it the counts behind it. */
export function toGridSheets(facts: ExportFacts, rows: readonly ExportRow[], name: string): WriteSheet[] {
  const { picture, columns, title } = facts.report;
  if (picture.kind !== 'grid') return [];
  const { down, across, value } = picture;
  const { base, rowAt } = readGrid(picture, columns, rows);
  const cells = new Map<string, Partial<Cell>>();
  const put = (row: number, column: number, text: string | number | null, style: CellStyle) =>
    cells.set(`${row},${column}`, { value: text, style });
  const height = down.labels.length;
  const table = (top: number, shown: string) => {
    const column = columns[shown]!;
    put(top, 0, toMarkedLabel(column), headStyle());
    for (const [at, label] of across.labels.entries()) put(top, at + 1, label, centered(headStyle('right')));
    const numFmt = toFormat(column);
    for (const [row, label] of down.labels.entries()) {
      put(top + 1 + row, 0, label, cellStyle());
      for (const at of across.labels.keys()) {
        const slot = rowAt(row, at);
        // A slot without a dial has no rate: a zero would color it as a bad one.
        const cell = slot ? Number(slot[shown]) : null;
        put(top + 1 + row, at + 1, cell, centered(cellStyle({ numFmt })));
      }
    }
    return `B${top + 2}:${letterOf(across.labels.length)}${top + 1 + height}`;
  };
  put(0, 0, title, titleStyle);
  const known = new Map(toTitleBlock(facts, rows.length));
  const words = ['Tenant', 'Window', 'Time zone', 'Filters'].map((label) => `${label}  ${known.get(label)}`);
  put(1, 0, words.join('      '), noteStyle);
  const tops = [3, 5 + height];
  const [rates = '', counts = ''] = [value, base].map((shown, index) => table(tops[index]!, shown));
  put(7 + 2 * height, 0, picture.note, noteStyle);
  return [
    {
      name,
      columns: [{ width: 17 }, ...across.labels.map(() => ({ width: 6.5 }))],
      cells,
      rowDefs: new Map([
        [0, { height: 26 }],
        ...tops.flatMap((top) => down.labels.map((_, row) => [top + 1 + row, { height: 21 }] as const)),
      ]),
      conditionalRules: [
        { ...toColorScale([colors.paper, colors.sky]), priority: 1, range: rates },
        { ...toColorScale([colors.paper, 'B8C4D3']), priority: 2, range: counts },
      ],
      freezePane: { columns: 1 },
      view: { showGridLines: false },
      pageSetup: { paperSize: 'a4', orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 1 },
    },
  ];
}

const centered = (style: CellStyle): CellStyle => ({
  ...style,
  alignment: { horizontal: 'center', vertical: 'center' },
});

/** Cells are small: the unit stands in the heading. */
const toFormat = (column: Column) => kindOf(column).numberFormat?.(column).replace('"%"', '');
