import type { SheetChart } from 'hucre/xlsx';
import type { Row } from './excel-value.ts';
import { letterOf } from './headings.ts';
import type { ExportFacts, Layout } from './layout.ts';
import { colors } from './looks.ts';

/** Which reports are easier to see than to read: a label for each point, and the columns that are drawn. */
const drawn: Record<string, { type: 'line' | 'bar'; by: string; values: readonly string[] }> = {
  'time-series': { type: 'line', by: 'bucket', values: ['dials', 'answers', 'conversions'] },
  funnel: { type: 'bar', by: 'stage', values: ['count'] },
};

const axis = {
  labelFontSize: 9,
  labelColor: colors.quiet,
  majorTickMark: 'none',
  minorTickMark: 'none',
  // The writer can only draw them black.
  gridlines: { major: false },
} as const;
const strokes = [colors.blue, colors.green, colors.amber];

/** The chart beside a report's rows, if it has one and the layout kept its columns. */
export function chartsOf(
  { columns }: Layout,
  { report }: ExportFacts,
  rows: readonly Row[],
  head: number,
): SheetChart[] {
  const chart = drawn[report.name];
  const count = rows.length;
  const rangeOf = (name: string) => {
    const letter = letterOf(columns.findIndex((column) => column.name === name));
    return `$${letter}$${head + 2}:$${letter}$${head + 1 + count}`;
  };
  const shown = chart?.values.flatMap((name) => columns.filter((column) => column.name === name)) ?? [];
  if (!chart || count === 0 || shown.length === 0 || !columns.some(({ name }) => name === chart.by)) return [];
  // A line needs two points.
  const type = chart.type === 'line' && count < 2 ? 'column' : chart.type;
  const left = columns.length + 1;
  const highest = Math.max(1, ...shown.flatMap(({ name }) => rows.map((row) => Number(row[name]))));
  return [
    {
      type,
      series: shown.map(({ name, label }, index) => ({
        name: label,
        values: rangeOf(name),
        categories: rangeOf(chart.by),
        color: strokes[index] ?? colors.quiet,
        ...(type === 'line' && { stroke: { width: 2 }, marker: { symbol: count > 40 ? 'none' : 'circle', size: 5 } }),
      })),
      anchor: { from: { row: head, col: left }, to: { row: head + 19, col: left + (type === 'bar' ? 8 : 12) } },
      legend: shown.length > 1 ? 'bottom' : false,
      showTitle: false,
      autoTitleDeleted: true,
      altText: `${report.title}: ${shown.map(({ label }) => label).join(', ')}`,
      axes: {
        // The first stage of a funnel stands on top.
        x: { ...axis, ...(type === 'bar' && { reverse: true }) },
        y: {
          ...axis,
          numberFormat: { formatCode: '#,##0', sourceLinked: false },
          // Room for the number behind the longest bar. Its axis would repeat what the numbers say.
          scale: { min: 0, ...(type === 'bar' && { max: Math.ceil(highest * 1.15) }) },
          ...(type === 'bar' && { hidden: true }),
        },
      },
      ...(type === 'bar' && { gapWidth: 40, dataLabels: { showValue: true, position: 'outEnd' as const } }),
    },
  ];
}
