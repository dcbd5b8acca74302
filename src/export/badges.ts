/** Finds the column whose words are shown as coloured badges in a file. */
import type { Report } from '../engine/report.ts';

/** Which column wears the color that another one holds: the words that people read. */
export function badgeOf(report: Report): { color: string; on: string } | undefined {
  const [found] = Object.entries(report.columns).flatMap(([color, column]) =>
    'of' in column ? [{ color, on: column.of }] : [],
  );
  return found;
}
