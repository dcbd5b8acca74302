/** A report as a text for the terminal. */
import type { Tenant } from '../../access/tenants.ts';
import type { About } from '../../engine/about-schema.ts';
import { toMarkedLabel } from '../../engine/column-kinds.ts';
import type { Columns } from '../../engine/columns.ts';
import type { Comparison } from '../../engine/comparison-schema.ts';
import { type AnswerPart, partsOf, type Report } from '../../engine/report.ts';
import { toAboutLines } from '../../export/about-lines.ts';
import { toComparedText } from '../../export/facts.ts';
import type { Door } from '../server/door.ts';
import { askData } from '../server/request.ts';
import { alignOf, toCellText } from './cell-text.ts';
import { changeTexts, goneRows, largestChanges, marksOf, withAsides } from './changes.ts';
import { toTextGrid } from './grid.ts';
import { toPrintable } from './printable.ts';
import { type TerminalColumn, toPairList, toTable } from './table.ts';

type Row = Record<string, unknown>;

/** What was asked, and the JSON that came back. */
interface Answered {
  json: string;
  query: readonly (readonly [name: string, value: string])[];
  tenantId: number;
}

/** A report as a text for the terminal: a title, a table, and what it is made of when that is asked for. */
export async function reportText(door: Door, report: Report, { json, query, tenantId }: Answered): Promise<string> {
  const { data, about, comparison } = JSON.parse(json) as { data: unknown; about?: About; comparison?: Comparison };
  const title = [
    report.title,
    await askTenantWord(door, tenantId),
    ...toScope(report, data, query),
    ...(comparison ? [`compared with ${toComparedText(comparison.window, zoneOf(query))}`] : []),
  ];
  const below = about ? `\n${toPairList(toAboutLines(about))}\n` : '';
  const body = toBody(report, data, comparison?.rows);
  return `${title.join('  |  ')}\n\n${body}\n${comparison ? marksOf(body) : ''}${below}`;
}

const zoneOf = (query: Answered['query']) => query.find(([name]) => name === 'timezone')?.[1] || 'UTC';

/** Whose rows they are, as titles say it. */
export async function askTenantWord(door: Door, tenantId: number): Promise<string> {
  const { tenant } = await askData<{ tenant: Tenant }>(door, { path: '/api/telesales/me', tenantId });
  return `tenant ${tenant.tenant_id} (${toPrintable(tenant.name)})`;
}

function toScope(report: Report, data: unknown, query: Answered['query']): string[] {
  const used = query.filter(([name]) => !report.unused.includes(name));
  const given = Object.fromEntries(used);
  const narrowed = toNarrowed(used);
  if (!report.span || report.main === undefined)
    return [`${given.date_from} to ${given.date_to}`, given.timezone ?? 'UTC', ...narrowed];
  const row = (data as Record<string, Row>)[report.main] ?? {};
  return [...narrowed, `${row[report.span.from]} to ${row[report.span.to]}`];
}

/** What parameters narrow a question to, as titles say it. */
export function toNarrowed(used: Answered['query']): string[] {
  const given = Object.fromEntries(used);
  const agents = used.filter(([name]) => name === 'agent_ids').map(([, value]) => value);
  return [
    ...(given.campaign_id ? [`campaign ${given.campaign_id}`] : []),
    ...(given.team_id ? [`team ${given.team_id}`] : []),
    ...(agents.length > 0 ? [`agents ${agents.join(',')}`] : []),
  ];
}

function toBody(report: Report, data: unknown, compared: Comparison['rows'] | undefined): string {
  const [main, ...others] = partsOf(report);
  if (report.main === undefined) return toPart(report, main, data, compared);
  const parts = data as Record<string, unknown>;
  const beside = others.flatMap((part) => {
    const rows = parts[part.name] as Row[] | undefined;
    if (!rows) return [];
    return rows.length === 0 ? [`No ${part.title.toLowerCase()}.`] : [`${part.title}\n${toRows(part.columns, rows)}`];
  });
  return [toPart(report, main, parts[main.name], compared), ...beside].join('\n\n');
}

function toPart(
  { picture }: Report,
  { rows, columns }: AnswerPart,
  data: unknown,
  compared: Comparison['rows'] | undefined,
): string {
  if (rows === 'one') return toEntries(columns, data as Row, compared?.[0]);
  const list = data as Row[];
  if (picture.kind === 'grid') {
    const changes = compared ? [largestChanges(picture, columns, { rows: list, compared })] : [];
    return [toTextGrid(picture, columns, list), ...changes].join('\n\n');
  }
  const all = compared ? [...list, ...goneRows(columns, compared)] : list;
  return all.length === 0 ? 'No rows.' : toRows(columns, all, compared);
}

function toEntries(columns: Columns, row: Row, compared: Comparison['rows'][number] | undefined): string {
  const entries = Object.entries(columns);
  const lines = toPairList(entries.map(([name, column]) => [toMarkedLabel(column), toCellText(row[name], column)]));
  if (!compared) return lines;
  const changes = changeTexts(columns, row, compared);
  return withAsides(
    lines,
    entries.map(([name]) => changes.get(name) ?? ''),
  );
}

function toRows(columns: Columns, rows: readonly Row[], compared?: Comparison['rows']): string {
  const entries = Object.entries(columns);
  const beside = compared ? changeTexts(columns, {}, undefined) : new Map<string, string>();
  return toTable(
    entries.flatMap(([name, column]): TerminalColumn[] => [
      { label: toMarkedLabel(column), align: alignOf(column) },
      ...(beside.has(name) ? [{ label: '+/-', align: 'right' as const }] : []),
    ]),
    rows.map((row, index) => {
      const changes = compared ? changeTexts(columns, row, compared[index]) : beside;
      return entries.flatMap(([name, column]) => [
        toCellText(row[name], column),
        ...(beside.has(name) ? [changes.get(name) ?? ''] : []),
      ]);
    }),
  );
}
