/** How a comparison is laid out as a file: its columns stand behind those of any layout, good and bad changes in colors. */
import type { Column } from '../engine/columns.ts';
import { columnsBeside } from '../engine/comparison-columns.ts';
import type { Report } from '../engine/report.ts';
import type { FormatRule, Layout } from './layout.ts';
import { toneLooks } from './tones.ts';

/** A layout with the columns of a comparison behind its own. */
export function withComparison(layout: Layout, report: Report): Layout {
  const beside = Object.entries(columnsBeside(report.columns)).map(([name, column]) => ({
    name,
    column,
    label: column.label,
    rules: changeRules(column),
  }));
  return { ...layout, columns: [...layout.columns, ...beside] };
}

function changeRules(column: Column): readonly FormatRule[] {
  if (!('is_change' in column) || column.better === undefined || column.better === 'neither') return [];
  const [more, less] = column.better === 'more' ? (['good', 'bad'] as const) : (['bad', 'good'] as const);
  return [
    { kind: 'value', operator: 'greaterThan', value: 0, ...toneLooks[more] },
    { kind: 'value', operator: 'lessThan', value: 0, ...toneLooks[less] },
  ];
}
