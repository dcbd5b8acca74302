/** What a file says about its own making, in words: window, zone, filters, title block, and the exact question. */
import { Temporal } from 'temporal-polyfill';
import type { Window } from '../engine/scope.ts';
import { toAboutLines } from './about-lines.ts';
import type { ExportFacts } from './layout.ts';
import { toLocalText } from './local-text.ts';

/** A window's two ends as text in a zone: whole days as people say them, `2026-06-01` to `2026-06-07`, else instants. */
export function toSpanEnds({ from, to }: Window, timezone: string): [from: string, to: string] {
  const local = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timezone);
  const [start, end] = [local(from), local(to)];
  const isWhole = (at: Temporal.ZonedDateTime) => at.equals(at.startOfDay());
  if (isWhole(start) && isWhole(end))
    return [
      start.toPlainDate().toString(),
      local(to - 1)
        .toPlainDate()
        .toString(),
    ];
  return [toLocalText(from, timezone), toLocalText(to, timezone)];
}

/** Everything that narrowed the rows, one text each; empty when nothing did. */
export function toFilters({
  filters: { campaignId, teamId, agentIds },
  params: { compare: _, ...params },
}: ExportFacts): string[] {
  return [
    ...(campaignId === undefined ? [] : [`campaign ${campaignId}`]),
    ...(teamId === undefined ? [] : [`team ${teamId}`]),
    ...(agentIds === undefined ? [] : [`${agentIds.length === 1 ? 'agent' : 'agents'} ${agentIds.join(', ')}`]),
    ...Object.entries(params).map(([name, value]) => `${name} ${value}`),
  ];
}

/** What a file says about itself above its rows, label and text. */
export function toTitleBlock(facts: ExportFacts, rows: number): [label: string, text: string][] {
  const { report, tenant, window, compared, timezone, madeAt, about } = facts;
  const filters = toFilters(facts);
  return [
    ['Report', report.name],
    ['Tenant', `${tenant.name} (${tenant.tenant_id})`],
    ...(window ? [['Window', toSpanText(window, timezone)] as [string, string]] : []),
    ...(compared ? [['Compared with', toComparedText(compared, timezone)] as [string, string]] : []),
    ['Time zone', timezone],
    ['Filters', filters.length > 0 ? filters.join('; ') : 'none'],
    ['Rows', rows.toLocaleString('en')],
    ['Made', toLocalText(madeAt - (madeAt % 1000), timezone)],
    ...(about ? toAboutLines(about) : []),
  ];
}

function toSpanText(window: Window, timezone: string): string {
  const [from, to] = toSpanEnds(window, timezone);
  return from === to ? from : `${from} to ${to}`;
}

/** What was compared with what, in words. */
export function toComparedText(
  { from, to, compared_until, is_same_length }: NonNullable<ExportFacts['compared']>,
  timezone: string,
): string {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const parts = [
    start === end ? 'nothing yet' : toSpanText({ from: start, to: end }, timezone),
    ...(compared_until === null ? [] : [`this window until ${toLocalText(Date.parse(compared_until), timezone)}`]),
    ...(is_same_length ? [] : ['of another length']),
  ];
  return parts.join(', ');
}

// A header has to pass through every proxy on the way; with the rest it stays well below the smallest of their limits.
const mostAgentsLength = 300;

/**
 * The question as a query string with nothing left to guess: instants, the zone, every filter. Of very many agents it says how
 * many: the log of exports names them.
 */
export function toQueryText(facts: ExportFacts): string {
  const { report, tenant, filters, window, compared, timezone, params, madeAt } = facts;
  const iso = (ms: number) => new Date(ms).toISOString();
  const query = new URLSearchParams({ report: report.name, tenant_id: String(tenant.tenant_id) });
  if (window) {
    query.set('date_from', iso(window.from));
    query.set('date_to', iso(window.to));
  }
  query.set('timezone', timezone);
  if (filters.campaignId !== undefined) query.set('campaign_id', String(filters.campaignId));
  if (filters.teamId !== undefined) query.set('team_id', String(filters.teamId));
  if (filters.agentIds !== undefined) {
    const agents = filters.agentIds.join(',');
    if (agents.length <= mostAgentsLength) query.set('agent_ids', agents);
    else query.set('agent_count', String(filters.agentIds.length));
  }
  for (const [name, value] of Object.entries(params)) query.set(name, value);
  if (compared) {
    query.set('compare', `${compared.from}..${compared.to}`);
    if (compared.compared_until !== null) query.set('compared_until', compared.compared_until);
  }
  query.set('made_at', iso(madeAt));
  return query.toString();
}
