/** The plain layout of files for tenants without a package of their own, made from what the report declares. */
import { columnsOf, type Report } from '../engine/report.ts';
import type { Layout, Layouts } from './layout.ts';
import { toneRules } from './tones.ts';

/** The generic layout for everybody. */
export const genericLayouts: Layouts = { of: genericLayout };

/** The layout that every report has until a customer's package says otherwise. */
export function genericLayout(report: Report): Layout {
  return {
    columns: columnsOf(report).map(([name, column]) => ({
      name,
      column,
      label: column.label,
      rules: toneRules(column),
    })),
    title: report.title,
    sheetName: report.title.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31),
    csv: { delimiter: ',', header: 'name' },
  };
}
