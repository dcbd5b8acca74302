import { join, type Sql, sql, toInstant } from '../sql.ts';
import type { Settings } from './settings.ts';
import * as words from './words.ts';

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

/** Whose rows a report may see, and which of them it was asked for. */
export interface ScopeOptions {
  tenantId: number;
  window: Window;
  filters: Filters;
  settings: Settings;
}

/** The rows that a report may read: each a relation for FROM, with tenant, window and filters already in it. */
export interface Scope {
  /** Calls of the window, within the filters, with the words of one call as columns. FROM ${calls} AS calls. */
  calls: Sql;
  /** The same calls in another window. */
  callsIn(window: Window): Sql;
  /** All calls of the tenant in a window, whatever the filters: for what belongs to a caller ID, not to a campaign. */
  allCallsIn(window: Window): Sql;
  /** Leads of the window: one row a lead with its `source` and how far it came (`is_dialed` ... `is_converted`). */
  leads: Sql;
  campaigns: Sql;
  teams: Sql;
  agents: Sql;
  dispositions: Sql;
  callerIds: Sql;
  /** Minutes over the limit of abandoned calls, as they were written down. */
  breaches: Sql;
}

/**
 * The only door to the rows: tenant, window and filters are put on every query here, so a report can't forget them.
 */
export function openScope({ tenantId, window, filters, settings }: ScopeOptions): Scope {
  const ofTenant = sql`tenant_id = {tenant:UInt64}`.bind({ tenant: tenantId });
  const current = (table: Sql) => sql`(SELECT * FROM ${table} FINAL WHERE ${ofTenant})`;
  const convertingCodes = sql`SELECT code FROM dispositions FINAL WHERE ${ofTenant} AND is_conversion`;
  // PREWHERE is left to ClickHouse, which keeps it to key columns under FINAL: on others it would read replaced rows.
  const rows = (where: Sql) => sql`(SELECT
      calls.lead_id, calls.agent_id, calls.cid, calls.started_at, calls.campaign_id, calls.disposition_code,
      ${words.isDial} AS is_dial, ${words.isAnswer} AS is_answer, ${words.isHandled} AS is_handled,
      ${words.isAbandoned} AS is_abandoned, ${words.isRejected} AS is_rejected, ${words.isDisposed} AS is_disposed,
      ${words.isTalked} AS is_talked, ${words.isShort.bind({ meaningful: settings.meaningful_talk_sec })} AS is_short,
      ${words.isPdplBlocked} AS is_pdpl_blocked, ${words.isConversion(convertingCodes)} AS is_converted,
      ${words.talkSec} AS talked_sec, ${words.handleSec} AS handled_sec
    FROM calls FINAL WHERE calls.${ofTenant} AND ${where})`;
  const narrowed = join([sql`1`, ...toConditions(filters, ofTenant)], sql` AND `);
  const callsIn = (span: Window) => rows(sql`${within(sql`calls.started_at`, span)} AND ${narrowed}`);
  const calls = callsIn(window);
  return {
    calls,
    callsIn,
    allCallsIn: (span) => rows(within(sql`calls.started_at`, span)),
    leads: toLeads(calls, ofTenant, window, filters),
    campaigns: current(sql`campaigns`),
    teams: current(sql`teams`),
    agents: current(sql`agents`),
    dispositions: current(sql`dispositions`),
    callerIds: current(sql`caller_ids`),
    breaches: current(sql`breaches`),
  };
}

function within(column: Sql, { from, to }: Window): Sql {
  return sql`(${column} >= ${toInstant(from)} AND ${column} < ${toInstant(to)})`;
}

function toConditions(filters: Filters, ofTenant: Sql): Sql[] {
  const { campaignId, agentIds, teamId } = filters;
  return [
    ...(campaignId === undefined ? [] : [sql`calls.campaign_id = {campaign:UInt64}`.bind({ campaign: campaignId })]),
    ...(agentIds === undefined ? [] : [sql`calls.agent_id IN ({agents:Array(UInt64)})`.bind({ agents: agentIds })]),
    ...(teamId === undefined ? [] : [isOfTeam(teamId, ofTenant)]),
  ];
}

/** Whether a call is a team's: its own row's, else the one that its agent has now. Over `calls`. */
export function isOfTeam(teamId: number, ofTenant: Sql): Sql {
  return sql`(calls.team_id = {team:UInt64} OR (calls.team_id = 0 AND calls.agent_id IN
    (SELECT agents.agent_id FROM agents FINAL WHERE ${ofTenant} AND agents.team_id = {team:UInt64})))`.bind({
    team: teamId,
  });
}

/**
 * Leads created in the window or dialed in it, and how far each came there. With a filter on agents or teams only the
 * dialed ones: nobody else's leads are theirs. One pass over both tables, since a join would hold the larger in memory.
 */
function toLeads(calls: Sql, ofTenant: Sql, window: Window, filters: Filters): Sql {
  const isNarrowed = filters.agentIds !== undefined || filters.teamId !== undefined;
  const ofCampaign =
    filters.campaignId === undefined
      ? sql`1`
      : sql`leads.campaign_id = {campaign:UInt64}`.bind({ campaign: filters.campaignId });
  const isCreated = isNarrowed ? sql`0` : sql`(${within(sql`leads.created_at`, window)} AND ${ofCampaign})`;
  return sql`(SELECT steps.lead_id AS lead_id, max(steps.source) AS source, max(steps.is_dialed) AS is_dialed,
      max(steps.is_connected) AS is_connected, max(steps.is_talked) AS is_talked,
      max(steps.is_disposed) AS is_disposed, max(steps.is_converted) AS is_converted
    FROM (
      SELECT calls.lead_id AS lead_id, '' AS source, 1 AS is_in, 1 AS is_dialed, calls.is_answer AS is_connected,
        calls.is_talked AS is_talked, calls.is_disposed AS is_disposed, calls.is_converted AS is_converted
      FROM ${calls} AS calls WHERE calls.is_dial AND calls.lead_id != 0
      UNION ALL
      SELECT leads.lead_id, toString(leads.source), ${isCreated}, 0, 0, 0, 0, 0
      FROM leads FINAL WHERE ${ofTenant}
    ) AS steps GROUP BY steps.lead_id HAVING max(steps.is_in))`;
}
