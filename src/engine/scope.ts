/** Which rows a question may see: every relation is narrowed here to one tenant, a window and the filters. */
import { join, name, type Sql, sql, toInstant } from '../sql.ts';
import { listColumns, withNamedColumns } from './named-columns.ts';
import { type Given, leadSteps, type RelationName, relations } from './relations.ts';
import type { Settings } from './settings.ts';
import { isOfTeam } from './team.ts';

/** A span of time, half-open [from, to), in epoch milliseconds. */
export interface Window {
  from: number;
  to: number;
}

/** Filters that combine with AND. */
export interface Filters {
  campaignId?: number | undefined;
  teamId?: number | undefined;
  agentIds?: readonly number[] | undefined;
}

/** Whose rows may be seen, and which of them are asked for. */
export interface ScopeOptions {
  tenantId: number;
  window: Window;
  filters: Filters;
  settings: Settings;
  /** The part of the tenant that is never left, also by reads that are wider than the question. */
  part?: Filters;
  /** Calls that began outside of it are left out of every relation. */
  slice?: Window;
}

/** A read that is wider than the question: which rows, in which span, and why they are needed. */
export interface Wider<Asked> {
  of: 'calls' | 'leads' | 'breaches';
  /** One sentence. */
  why: string;
  span(asked: Asked): Window;
  /** The filters of the question, or none. */
  filters: 'asked' | 'none';
}

/** Reads that are wider than a question, by the names under which the scope hands them out. */
export type WiderReads<Asked, Name extends string = string> = Record<Name, Wider<Asked>> & {
  readonly [Taken in RelationName]?: never;
};

/** The rows that may be read, and no others: each a relation for FROM, with its conditions already in it. */
export type Scope<WiderName extends string = never> = Record<RelationName | WiderName, Sql>;

/**
 * The only door to the rows: tenant, window and filters are put on every relation here, so a report can't forget them. What is
 * wider than the question is there under its own name, for whoever declares it.
 */
export function openScope<Asked, WiderName extends string = never>(
  { tenantId, window, filters, settings, part = {}, slice }: ScopeOptions,
  wider: WiderReads<Asked, WiderName> = {} as WiderReads<Asked, WiderName>,
  asked: Asked = {} as Asked,
): Scope<WiderName> {
  const tables = openTables(tenantId);
  const given: Given = { ...tables, settings };
  const columns = listColumns(relations.calls, sql`calls`, given);
  const rows = {
    calls: (span: Window, narrowed: Filters) =>
      toCalls(tenantId, given, columns, slice ? overlap(span, slice) : span, narrowed),
    leads: (span: Window, narrowed: Filters) => toLeads(tenantId, rows.calls(span, narrowed), span, narrowed),
    breaches: (span: Window, narrowed: Filters) => toBreaches(tenantId, span, narrowed),
  };
  const taken = Object.keys(wider).find((read) => Object.hasOwn(relations, read));
  if (taken) throw new TypeError(`${taken} is a relation of the question: what is wider needs a name of its own`);
  const declared = Object.entries<Wider<Asked>>(wider).map(([read, { of, span, filters: which }]) => [
    read,
    rows[of](span(asked), which === 'asked' ? filters : part),
  ]);
  return {
    ...tables,
    calls: rows.calls(window, filters),
    leads: rows.leads(window, filters),
    breaches: rows.breaches(window, filters),
    ...Object.fromEntries(declared),
  };
}

const tableNames = {
  campaigns: sql`campaigns`,
  teams: sql`teams`,
  agents: sql`agents`,
  dispositions: sql`dispositions`,
  callerIds: sql`caller_ids`,
};
type TableRelation = keyof typeof tableNames;

const tableSelects = Object.entries(tableNames).map(
  ([relation, table]) =>
    [
      relation,
      table,
      sql`SELECT ${listColumns(relations[relation as TableRelation], table)} FROM ${table} FINAL`,
    ] as const,
);

/** The small tables of a tenant, which belong to no window. */
export function openTables(tenantId: number): Record<TableRelation, Sql> {
  const condition = ofTenant(tenantId);
  const rows = tableSelects.map(([relation, table, select]) => [
    relation,
    sql`(${select} WHERE ${table}.${condition})`,
  ]);
  return Object.fromEntries(rows) as Record<TableRelation, Sql>;
}

/** What a tenant's rows name, of any time: ids, for lists of what there is. A call's `team_id` is its own row's. */
export function openNames(tenantId: number) {
  const { campaigns, teams, agents } = openTables(tenantId);
  const condition = ofTenant(tenantId);
  return {
    campaigns,
    teams,
    agents,
    calls: sql`(SELECT calls.campaign_id, calls.agent_id, calls.team_id FROM calls FINAL WHERE calls.${condition})`,
    // A call's campaign is part of what identifies it: no version of a row names another.
    campaignsOfCalls: sql`(SELECT calls.campaign_id FROM calls WHERE calls.${condition})`,
    leads: sql`(SELECT leads.campaign_id FROM leads FINAL WHERE leads.${condition})`,
  };
}

/** When the calls of a tenant, or of one of its campaigns, began in a span of time. */
export function openStarts(tenantId: number, span: Window, campaignId?: number): Sql {
  const conditions = [
    sql`calls.${ofTenant(tenantId)}`,
    within(sql`calls.started_at`, span),
    ...(campaignId === undefined ? [] : [sql`calls.campaign_id = {campaign:UInt64}`.bind({ campaign: campaignId })]),
  ];
  // Start and campaign are part of what identifies a call: no version of a row has others.
  return sql`(SELECT calls.started_at FROM calls WHERE ${join(conditions, sql` AND `)})`;
}

const ofTenant = (tenantId: number): Sql => sql`tenant_id = {tenant:UInt64}`.bind({ tenant: tenantId });

// PREWHERE is left to ClickHouse, which keeps it to key columns under FINAL: on others it would read replaced rows.
function toCalls(
  tenantId: number,
  { agents }: Given,
  columns: Sql,
  window: Window,
  { campaignId, agentIds, teamId }: Filters,
): Sql {
  const conditions = [
    sql`calls.${ofTenant(tenantId)}`,
    within(sql`calls.started_at`, window),
    ...(campaignId === undefined ? [] : [sql`calls.campaign_id = {campaign:UInt64}`.bind({ campaign: campaignId })]),
    ...(agentIds === undefined ? [] : [sql`calls.agent_id IN ({agents:Array(UInt64)})`.bind({ agents: agentIds })]),
    ...(teamId === undefined ? [] : [isOfTeam(agents).bind({ team: teamId })]),
  ];
  return sql`(SELECT ${columns} FROM calls FINAL WHERE ${join(conditions, sql` AND `)})`;
}

const leadColumns = listColumns(relations.leads, sql`steps`);
const steps = Object.entries(leadSteps);
const stepColumns = join(
  steps.map(([step, of]) => sql`${of} AS ${name(step)}`),
  sql`, `,
);
const noSteps = join(
  steps.map(() => sql`0`),
  sql`, `,
);
const breachColumns = listColumns(relations.breaches, sql`breaches`);

/**
 * Leads created in the window or dialed in it, and how far each came there. With a filter on agents or teams only the
 * dialed ones: nobody else's leads are theirs. One pass over both tables, since a join would hold the larger in memory.
 */
function toLeads(tenantId: number, calls: Sql, window: Window, filters: Filters): Sql {
  const isNarrowed = filters.agentIds !== undefined || filters.teamId !== undefined;
  const ofCampaign =
    filters.campaignId === undefined
      ? sql`1`
      : sql`leads.campaign_id = {campaign:UInt64}`.bind({ campaign: filters.campaignId });
  const isCreated = isNarrowed ? sql`0` : sql`(${within(sql`leads.created_at`, window)} AND ${ofCampaign})`;
  return sql`(SELECT ${leadColumns}
    FROM (
      SELECT calls.lead_id AS lead_id, 0 AS campaign_id, '' AS source, ${toInstant(0)} AS created_at, 1 AS is_in, ${stepColumns}
      FROM ${withNamedColumns(calls, { calls })} AS calls WHERE calls.is_dial AND calls.lead_id != 0
      UNION ALL
      SELECT leads.lead_id, leads.campaign_id, toString(leads.source), leads.created_at, ${isCreated}, ${noSteps}
      FROM leads FINAL WHERE leads.${ofTenant(tenantId)}
    ) AS steps GROUP BY steps.lead_id HAVING max(steps.is_in))`;
}

function toBreaches(tenantId: number, { from, to }: Window, { campaignId }: Filters): Sql {
  const ofCampaign =
    campaignId === undefined ? sql`1` : sql`breaches.campaign_id = {campaign:UInt64}`.bind({ campaign: campaignId });
  // A minute is named by its end: it lies in a window that ends there.
  return sql`(SELECT ${breachColumns} FROM breaches FINAL WHERE breaches.${ofTenant(tenantId)}
    AND ${ofCampaign} AND breaches.window_to > ${toInstant(from)} AND breaches.window_to <= ${toInstant(to)})`;
}

/** What two spans share; nothing of it, from the later start on, when they share none. */
function overlap(one: Window, other: Window): Window {
  const from = Math.max(one.from, other.from);
  return { from, to: Math.max(from, Math.min(one.to, other.to)) };
}

function within(column: Sql, { from, to }: Window): Sql {
  return sql`(${column} >= ${toInstant(from)} AND ${column} < ${toInstant(to)})`;
}
