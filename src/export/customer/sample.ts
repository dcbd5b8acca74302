import type { Column } from '../../engine/columns.ts';
import { columnsOf, type Report } from '../../engine/report.ts';
import type { ExportFacts } from '../layout.ts';

/** A made-up row of a report, the same each time. */
export type SampleRow = Record<string, unknown>;

const firstDay = Date.UTC(2026, 5, 1);
const dayMs = 86_400_000;

const people = ['Nguyễn Thị Hoa', 'Trần Văn Minh', 'Maria Lindqvist', 'Đặng "Bo" Lê', '王小明', 'O’Neil, Sean', 'يوسف'];
const palette = ['#2E9E6B', '#2F6DB5', '#D98E04', '#C0392B', '#7D3C98', '#5D6D7E'];

/** Columns whose values belong together, by name: a preview should look like the report. */
const known: Record<string, (row: number) => unknown> = {
  day_of_week: (row) => Math.floor(row / 24),
  hour: (row) => row % 24,
  bucket: (row) => new Date(firstDay + row * dayMs).toISOString().slice(0, 10),
  agent_id: (row) => 25 + row,
  campaign_id: () => 43,
  tenant_id: () => 1,
  cid: (row) => `02${String(87_300_000 + row * 1117).padStart(9, '0')}`,
  username: (row) => `agent.${25 + row}`,
  code: (row) => ['SALE', 'CALLBACK', 'NO_ANSWER', 'BUSY', 'WRONG_NUMBER', 'DNC'][row % 6],
  label: (row) => ['Sale', 'Call back', 'No answer', 'Busy', 'Wrong number', 'Do not call'][row % 6],
  source: (row) => ['website', 'facebook', 'giới thiệu', 'event', '(unknown)', 'partner'][row % 6],
};

/** Made-up rows of a report, derived from its columns. */
export function sampleRows(report: Report): SampleRow[] {
  const columns = columnsOf(report);
  return Array.from({ length: countOf(report) }, (_, row) =>
    Object.fromEntries(columns.map(([name, column], index) => [name, toValue(name, column, row, index)])),
  );
}

/** What a preview's file says about itself. */
export function sampleFacts(report: Report, tenantId: number): ExportFacts {
  return {
    report,
    tenant: { tenant_id: tenantId, name: 'Sample' },
    timezone: 'UTC',
    filters: report.over === 'now' ? { campaignId: 43 } : {},
    ...(report.over === 'window' && { window: { from: firstDay, to: firstDay + 30 * dayMs } }),
    params: {},
    madeAt: firstDay + 30 * dayMs + 9 * 3_600_000,
  };
}

function countOf(report: Report): number {
  if (report.over === 'now' || report.rows === 'one') return 1;
  if ('hour' in report.columns && 'day_of_week' in report.columns) return 7 * 24;
  const [first] = Object.values(report.columns);
  if (first?.kind === 'choice') return first.choices.length;
  return 'code' in report.columns || 'source' in report.columns ? 6 : 12;
}

function toValue(name: string, column: Column, row: number, index: number): unknown {
  const given = known[name];
  if (given) return given(row);
  const chance = chanceOf(name, row);
  switch (column.kind) {
    case 'integer':
      return integerOf(column.unit, chance, row, index);
    case 'number':
      return Number(quantityOf(column.unit, chance).toFixed(Math.min(column.digits, 2)));
    case 'decimal':
      return quantityOf(column.unit, chance).toFixed(column.digits);
    case 'text':
      return 'nullable' in column && row % 4 === 3 ? null : people[row % people.length];
    case 'choice':
      return column.choices[row % column.choices.length];
    case 'color':
      return palette[row % palette.length];
    case 'flag':
      return row % 2 === 0;
    case 'instant':
      return 'nullable' in column && row % 3 > 0 ? null : new Date(firstDay + index * 3_600_000).toISOString();
    case 'reasons':
      return row % 3 === 0 ? [{ code: 'asr_floor', value: 8.1, limit: 10, sample: 420 }] : [];
  }
}

/** Counts get smaller from column to column, as dials, answers and conversions do. */
function integerOf(unit: string | undefined, chance: number, row: number, index: number): number {
  if (unit === 'seconds') return Math.round(60 + chance * 400);
  if (unit === 'minutes') return 1440;
  return Math.round((600 + chanceOf('size', row) * 900) / (index + 1));
}

function quantityOf(unit: string | undefined, chance: number): number {
  if (unit === 'percent') return chance * 60;
  return unit === 'seconds' ? 60 + chance * 400 : chance * 1000;
}

/** A number from 0 to 1 that is always the same for a cell (FNV-1a, then mixed). */
function chanceOf(name: string, row: number): number {
  let hash = 0x811c9dc5;
  for (const char of `${name} ${row}`) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
