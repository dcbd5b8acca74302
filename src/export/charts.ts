/** The charts of a report’s Excel file, by the picture that the report declares. */
import type { SheetChart } from 'hucre/xlsx';
import type { ExportRow } from './excel-value.ts';
import { letterOf } from './headings.ts';
import type { ExportFacts, Layout } from './layout.ts';
import { colors } from './looks.ts';

const axis = {
  labelFontSize: 9,
  labelColor: colors.quiet,
  majorTickMark: 'none',
  minorTickMark: 'none',
  // The writer can only draw them black.
  gridlines: { major: false },
} as const;
const strokes = [colors.blue, colors.green, colors.amber];

// More bars than these stand too close to be read.
const mostBars = 30;

/** The chart beside a report's rows, if it has one and the layout kept its columns. */
export function chartsOf(
  { columns }: Layout,
  { report }: ExportFacts,
  rows: readonly ExportRow[],
  head: number,
): SheetChart[] {
  const { picture } = report;
  const count = rows.length;
  if (count === 0 || (picture.kind !== 'line' && picture.kind !== 'bars')) return [];
  const rangeOf = (name: string) => {
    const letter = letterOf(columns.findIndex((column) => column.name === name));
    return `$${letter}$${head + 2}:$${letter}$${head + 1 + count}`;
  };
  const shown = picture.values.flatMap((name) => columns.filter((column) => column.name === name));
  const isBars = picture.kind === 'bars';
  const isDrawn = shown.length > 0 && columns.some(({ name }) => name === picture.along);
  if (!isDrawn || (isBars && count * shown.length > mostBars)) return [];
  // A line needs two points.
  const type = isBars ? 'bar' : count < 2 ? 'column' : 'line';
  const left = columns.length + 1;
  const highest = Math.max(1, ...shown.flatMap(({ name }) => rows.map((row) => Number(row[name]))));
  return [
    {
      type,
      series: shown.map(({ name, label }, index) => ({
        name: label,
        values: rangeOf(name),
        categories: rangeOf(picture.along),
        color: strokes[index] ?? colors.quiet,
        ...(type === 'line' && { stroke: { width: 2 }, marker: { symbol: count > 40 ? 'none' : 'circle', size: 5 } }),
      })),
      anchor: { from: { row: head, col: left }, to: { row: head + 19, col: left + (isBars ? 8 : 12) } },
      legend: shown.length > 1 ? 'bottom' : false,
      showTitle: false,
      autoTitleDeleted: true,
      altText: `${report.title}: ${shown.map(({ label }) => label).join(', ')}`,
      axes: {
        // The first stage of a funnel stands on top.
        x: { ...axis, ...(isBars && { reverse: true }) },
        y: {
          ...axis,
          numberFormat: { formatCode: '#,##0', sourceLinked: false },
          // Room for the number behind the longest bar. Its axis would repeat what the numbers say.
          scale: { min: 0, ...(isBars && { max: Math.ceil(highest * 1.15) }) },
          ...(isBars && { hidden: true }),
        },
      },
      ...(isBars && { gapWidth: 40, dataLabels: { showValue: true, position: 'outEnd' as const } }),
    },
  ];
}
