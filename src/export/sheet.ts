/** The sheet that holds the rows. */
import type { Cell, CellValue, WriteSheet } from 'hucre/xlsx';
import { kindOf } from '../engine/column-kinds.ts';
import { toAboutLines } from './about-lines.ts';
import { badgeOf } from './badges.ts';
import { chartsOf } from './charts.ts';
import { type ExportRow, errorWords, toExcelText, toExcelValue } from './excel-value.ts';
import { toTitleBlock } from './facts.ts';
import { toConditionalRules } from './format-rules.ts';
import { letterOf, toHeading } from './headings.ts';
import type { ExportFacts, Layout, LayoutColumn } from './layout.ts';
import { toLogo } from './logo.ts';
import { badgeStyle, cellStyle, colors, headStyle, noteStyle, titleStyle } from './looks.ts';
import { toNumberFormat } from './number-format.ts';
import { toWidth } from './widths.ts';

type Cells = Map<string, Partial<Cell>>;

/** The sheet with the rows: a title block, a header that stays in sight, and a row for each row of the JSON. */
export function toSheet(layout: Layout, facts: ExportFacts, rows: readonly ExportRow[]): WriteSheet {
  const { columns } = layout;
  const logo = layout.logo && toLogo(layout.logo);
  const top = logo ? 1 : 0;
  const lines = titleLines(facts, rows.length);
  const head = top + lines.length + 2;
  const cells = titleCells(layout, lines, top);
  for (const [index, column] of columns.entries()) {
    cells.set(`${head},${index}`, {
      value: toExcelText(toHeading(column)),
      style: headStyle(kindOf(column.column).align),
    });
  }
  const values = rows.map((row) => columns.map((column) => toExcelValue(column, row[column.name])));
  addBadges(cells, layout, facts, rows, head + 1);
  addErrorWords(cells, values, columns, head + 1);
  const charts = chartsOf(layout, facts, rows, head);
  return {
    name: layout.sheetName,
    columns: columns.map((column) => ({ width: toWidth(column, toHeading(column), rows), style: styleOf(column) })),
    rows: [...Array.from({ length: head + 1 }, (): CellValue[] => []), ...values],
    cells,
    rowDefs: new Map([
      ...(logo ? [[0, { height: logo.heightPoints + 6 }] as const] : []),
      [top, { height: 26 }],
      [head - 1, { height: 6 }],
      [head, { height: 32 }],
    ]),
    ...(logo && { images: [logo.image] }),
    ...(charts.length > 0 && { charts }),
    conditionalRules: toConditionalRules(columns, head + 1, rows.length),
    autoFilter: { range: `A${head + 1}:${letterOf(columns.length - 1)}${head + 1 + rows.length}` },
    // A wide table keeps its first column in sight as well.
    freezePane: { rows: head + 1, ...(columns.length > 8 && { columns: 1 }) },
    view: { showGridLines: false },
    pageSetup: {
      paperSize: 'a4',
      orientation: columns.length > 6 || charts.length > 0 ? 'landscape' : 'portrait',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
    },
    headerFooter: { oddFooter: `&L${layout.title.replaceAll('&', '&&')}&RPage &P of &N` },
  };
}

type Line = readonly [label: string, text: string][];

/** What stands below the title, line by line: what is said of every file on two, and what it is made of on one each. */
function titleLines(facts: ExportFacts, rows: number): Line[] {
  const known = toTitleBlock(facts, rows);
  const usual = [
    ['Tenant', 'Window', 'Compared with', 'Time zone'],
    ['Filters', 'Rows', 'Made'],
  ];
  const others = facts.about ? toAboutLines(facts.about) : [];
  return [...usual.map((labels) => known.filter(([label]) => labels.includes(label))), ...others.map((pair) => [pair])];
}

function titleCells({ title }: Layout, lines: readonly Line[], top: number): Cells {
  const line = (pairs: Line): Partial<Cell> => ({
    value: '',
    style: noteStyle,
    richText: pairs.flatMap(([label, text], index) => [
      { text: `${index > 0 ? '      ' : ''}${label}  `, font: { ...noteStyle.font, color: { rgb: colors.quiet } } },
      { text: toExcelText(text), font: { ...noteStyle.font, color: { rgb: colors.ink }, bold: true } },
    ]),
  });
  return new Map([
    [`${top},0`, { value: toExcelText(title), style: titleStyle }],
    ...lines.map((pairs, index) => [`${top + 1 + index},0`, line(pairs)] as const),
  ]);
}

function addBadges(
  cells: Cells,
  { columns }: Layout,
  { report }: ExportFacts,
  rows: readonly ExportRow[],
  first: number,
) {
  const badge = badgeOf(report);
  const place = badge ? columns.findIndex(({ name }) => name === badge.on) : -1;
  if (!badge || place < 0) return;
  for (const [index, row] of rows.entries()) {
    cells.set(`${first + index},${place}`, { style: badgeStyle(String(row[badge.color])) });
  }
}

// The writer would store `#N/A` as the error itself, not as somebody's name.
function addErrorWords(cells: Cells, values: CellValue[][], columns: readonly LayoutColumn[], first: number) {
  for (const [index, row] of values.entries()) {
    for (const [place, value] of row.entries()) {
      if (typeof value !== 'string' || !errorWords.has(value)) continue;
      const key = `${first + index},${place}`;
      const style = cells.get(key)?.style ?? styleOf(columns[place]!);
      cells.set(key, { value, style, richText: [{ text: value, ...(style.font && { font: style.font }) }] });
    }
  }
}

function styleOf(column: LayoutColumn) {
  return cellStyle({ numFmt: toNumberFormat(column), horizontal: kindOf(column.column).align });
}
