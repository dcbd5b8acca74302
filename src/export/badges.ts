import { columnsOf, type Report } from '../engine/report.ts';

/** Which column wears the color that another one holds: the words that people read. */
export function badgeOf(report: Report): { color: string; on: string } | undefined {
  const columns = columnsOf(report);
  const color = columns.find(([, { kind }]) => kind === 'color')?.[0];
  const on = columns.find(([, column]) => column.kind === 'text' && !('code' in column))?.[0];
  return color !== undefined && on !== undefined ? { color, on } : undefined;
}
