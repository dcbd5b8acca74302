/** Rows and facts for previews: made up, so that a customer's layout can be seen without anybody's data. */
import { kindOf } from '../../engine/column-kinds.ts';
import type { Column } from '../../engine/columns.ts';
import { columnsOf, paramsOf, type Report } from '../../engine/report.ts';
import { percentOf } from '../../engine/round.ts';
import type { ExportFacts } from '../layout.ts';

/** A made-up row of a report, the same each time. */
export type SampleRow = Record<string, unknown>;

const firstDay = Date.UTC(2026, 5, 1);
const dayMs = 86_400_000;

/** Made-up rows of a report: what it says itself, and the rest by the kinds of its columns. */
export function sampleRows(report: Report): SampleRow[] {
  const columns = columnsOf(report);
  return Array.from({ length: report.sample.rows }, (_, row) => {
    const given = report.sample.row?.(row) ?? {};
    const rowChance = chanceOf('size', row);
    const made: SampleRow = Object.fromEntries(
      columns.map(([name, column], index) => {
        const at = { row, index, chance: chanceOf(name, row), rowChance };
        return [name, name in given ? given[name] : kindOf(column).sample(at, column)];
      }),
    );
    for (const [name, column] of columns) made[name] = toRate(column, made) ?? made[name];
    return made;
  });
}

/** What a rate is by the figures beside it, where they are there: a preview whose rates do not fit would look broken. */
function toRate(column: Column, row: SampleRow): unknown {
  if (!('digits' in column) || !column.ratio || column.unit !== 'percent') return undefined;
  const [part, of] = [row[column.ratio.part], row[column.ratio.of]].map(Number) as [number, number];
  if (!(of > 0)) return undefined;
  const rate = percentOf(part, of, Math.min(column.digits, 2));
  return column.kind === 'decimal' ? rate.toFixed(column.digits) : rate;
}

/** What a preview's file says about itself. */
export function sampleFacts(report: Report, tenantId: number): ExportFacts {
  const { campaign_id, date_from } = paramsOf(report);
  return {
    report,
    tenant: { tenant_id: tenantId, name: 'Sample' },
    timezone: 'UTC',
    filters: campaign_id?.required ? { campaignId: 43 } : {},
    ...(date_from && { window: { from: firstDay, to: firstDay + 30 * dayMs } }),
    params: {},
    madeAt: firstDay + 30 * dayMs + 9 * 3_600_000,
  };
}

/** A number from 0 to 1 that is always the same for a cell (FNV-1a, then mixed). */
function chanceOf(name: string, row: number): number {
  let hash = 0x811c9dc5;
  for (const char of `${name} ${row}`) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
