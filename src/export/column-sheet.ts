/** The sheet that explains the columns. */
import type { Cell, WriteSheet } from 'hucre/xlsx';
import { kindOf } from '../engine/column-kinds.ts';
import { toExcelText } from './excel-value.ts';
import { toTitleBlock } from './facts.ts';
import { toHeading } from './headings.ts';
import type { ExportFacts, Layout, LayoutColumn } from './layout.ts';
import { cellStyle, headStyle, noteStyle, titleStyle } from './looks.ts';
import { isTime } from './number-format.ts';

const heads = ['Column', 'Field', 'In', 'What it means'];

/** The sheet that says what each column means, and what the file is. */
export function toColumnSheet({ columns, title }: Layout, facts: ExportFacts, rows: number, name: string): WriteSheet {
  const cells = new Map<string, Partial<Cell>>();
  const put = (row: number, texts: readonly string[], style: Cell['style']) => {
    for (const [column, text] of texts.entries()) {
      cells.set(`${row},${column}`, { value: toExcelText(text), ...(style && { style }) });
    }
  };
  const body = { ...cellStyle(), alignment: { vertical: 'top', wrapText: true } } as const;
  put(0, [title], titleStyle);
  put(1, [facts.report.about], noteStyle);
  put(3, heads, headStyle());
  for (const [index, column] of columns.entries()) {
    put(4 + index, [toHeading(column), column.name, toUnit(column), column.column.meaning], body);
  }
  const end = 5 + columns.length;
  put(end, ['This file', ''], headStyle());
  for (const [index, pair] of toTitleBlock(facts, rows).entries()) put(end + 1 + index, pair, cellStyle());
  return {
    name,
    columns: [24, 26, 12, 78].map((width) => ({ width })),
    cells,
    rowDefs: new Map([[0, { height: 26 }]]),
    view: { showGridLines: false },
    pageSetup: { paperSize: 'a4', orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  };
}

function toUnit(column: LayoutColumn): string {
  if (isTime(column)) return 'h:mm:ss';
  return kindOf(column.column).unitWord?.(column.column) ?? '';
}
