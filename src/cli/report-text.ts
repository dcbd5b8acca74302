import type { Tenant } from '../access/tenants.ts';
import type { Column, Reason } from '../engine/columns.ts';
import { columnsOf, type LiveReport, type Report } from '../engine/report.ts';
import type { Door } from './door.ts';
import { toHeatmap } from './heatmap.ts';
import { askData } from './request.ts';
import { type TerminalColumn, toList, toPrintable, toTable } from './table.ts';

type Row = Record<string, unknown>;

/** What was asked, and the JSON that came back. */
interface Answered {
  json: string;
  query: readonly (readonly [name: string, value: string])[];
  tenant: number;
}

/** A report as a text for the terminal: a title, and a table. */
export async function reportText(door: Door, report: Report, { json, query, tenant }: Answered): Promise<string> {
  const { data } = JSON.parse(json) as { data: unknown };
  const me = await askData<{ tenant: Tenant }>(door, { path: '/api/telesales/me', tenant });
  const title = [
    report.title,
    `tenant ${me.tenant.tenant_id} (${toPrintable(me.tenant.name)})`,
    ...toScope(report, data, query),
  ];
  return `${title.join('  |  ')}\n\n${toBody(report, data)}\n`;
}

function toScope(report: Report, data: unknown, query: Answered['query']): string[] {
  const given = Object.fromEntries(query);
  if (report.over === 'now') {
    const { current } = data as { current: Row };
    return [`campaign ${current.campaign_id}`, `${current.window_from} to ${current.window_to}`];
  }
  const agents = query.filter(([name]) => name === 'agent_ids').map(([, value]) => value);
  return [
    `${given.date_from} to ${given.date_to}`,
    given.timezone ?? 'UTC',
    ...(given.campaign_id ? [`campaign ${given.campaign_id}`] : []),
    ...(given.team_id ? [`team ${given.team_id}`] : []),
    ...(agents.length > 0 ? [`agents ${agents.join(',')}`] : []),
  ];
}

function toBody(report: Report, data: unknown): string {
  const columns = columnsOf(report);
  if (report.over === 'now') return toPresent(report, data as { current: Row; breaches: Row[] });
  if (report.rows === 'one') return toEntries(columns, data as Row);
  const rows = data as Row[];
  if (report.name === 'hour-dow-heatmap') return toHeatmap(rows);
  return rows.length === 0 ? 'No rows.' : toRows(columns, rows);
}

function toPresent(
  report: LiveReport,
  { current, breaches, ...extras }: { current: Row; breaches: Row[] } & Record<string, unknown>,
): string {
  const ledger =
    breaches.length === 0 ? 'No breaches.' : `Breaches\n${toRows(Object.entries(report.breachColumns), breaches)}`;
  const more = Object.entries(report.extras ?? {}).flatMap(([name, { columns }]) =>
    extras[name] ? [toRows(Object.entries(columns), extras[name] as Row[])] : [],
  );
  return [toEntries(columnsOf(report), current), ledger, ...more].join('\n\n');
}

function toEntries(columns: readonly [string, Column][], row: Row): string {
  return toList(columns.map(([name, column]) => [toLabel(column), toText(row[name], column)]));
}

function toRows(columns: readonly [string, Column][], rows: readonly Row[]): string {
  const heads = columns.map(
    ([, column]): TerminalColumn => ({ label: toLabel(column), align: isNumber(column) ? 'right' : 'left' }),
  );
  return toTable(
    heads,
    rows.map((row) => columns.map(([name, column]) => toText(row[name], column))),
  );
}

const isNumber = ({ kind }: Column) => kind === 'integer' || kind === 'number' || kind === 'decimal';

const marks: Record<string, string> = { seconds: ' (s)', percent: ' (%)', minutes: ' (min)' };

function toLabel(column: Column): string {
  return column.label + (('unit' in column && marks[column.unit ?? '']) || '');
}

function toText(value: unknown, column: Column): string {
  if (value === null || value === undefined) return '';
  // Decimal points stand below each other.
  if (column.kind === 'number' && column.digits <= 2) return Number(value).toFixed(column.digits);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return (value as Reason[]).map(({ code }) => code).join(', ');
  return String(value);
}
