/** The agents, teams and campaigns that somebody may choose from in a filter, as SQL, and the names of those that were chosen. */
import { join, name, type Sql, sql, sqlText } from '../sql.ts';
import { tables } from '../tables.ts';
import { openNames, openTables } from './scope.ts';
import { isOfTeam } from './team.ts';

/** Whose part of a tenant is listed. */
export interface PartOfTenant {
  tenantId: number;
  teamId?: number | undefined;
  agentId?: number | undefined;
}

/** The agents of a part: rows of the table, and those that only calls name. */
function agentsOf({ tenantId, teamId, agentId }: PartOfTenant): Sql {
  const { agents, calls } = openNames(tenantId);
  const conditions = [
    sql`listed.agent_id != 0`,
    ...(agentId === undefined ? [] : [sql`listed.agent_id = {agent:UInt64}`.bind({ agent: agentId })]),
    ...(teamId === undefined
      ? []
      : [sql`(known.team_id = {team:UInt64} OR listed.team_id = {team:UInt64})`.bind({ team: teamId })]),
  ];
  return sql`(SELECT listed.agent_id AS agent_id,
      any(if(known.agent_id = 0, concat('Agent ', toString(listed.agent_id)), known.name)) AS name,
      any(known.username) AS username, any(nullIf(known.team_id, 0)) AS team_id
    FROM (SELECT DISTINCT agent_id, team_id FROM ${calls} UNION DISTINCT SELECT agent_id, team_id FROM ${agents}) AS listed
    LEFT JOIN ${agents} AS known ON known.agent_id = listed.agent_id
    WHERE ${join(conditions, sql` AND `)} GROUP BY agent_id)`;
}

/** Agents that the part shows, by name; with `q`, those whose name or username has it. */
export function listAgents(part: PartOfTenant, q?: string): Sql {
  const found = q
    ? sql`positionCaseInsensitiveUTF8(agents.name, {q:String}) > 0 OR positionCaseInsensitiveUTF8(agents.username, {q:String}) > 0`.bind(
        { q },
      )
    : sql`1`;
  return sql`SELECT agent_id, name, username, team_id FROM ${agentsOf(part)} AS agents WHERE ${found} ORDER BY name, agent_id`;
}

/** Teams that the part shows, by name: for one agent, the team that it has now. */
export function listTeams(part: PartOfTenant): Sql {
  const { teams, agents, calls } = openNames(part.tenantId);
  const conditions = [
    sql`listed.team_id != 0`,
    ...(part.teamId === undefined ? [] : [sql`listed.team_id = {team:UInt64}`.bind({ team: part.teamId })]),
    ...(part.agentId === undefined
      ? []
      : [
          sql`listed.team_id IN (SELECT team_id FROM ${agents} WHERE agent_id = {agent:UInt64})`.bind({
            agent: part.agentId,
          }),
        ]),
  ];
  return sql`SELECT listed.team_id AS team_id, if(known.team_id = 0, concat('Team ', toString(listed.team_id)), known.name) AS name
      FROM (SELECT team_id FROM ${teams} UNION DISTINCT SELECT team_id FROM ${agents}
        UNION DISTINCT SELECT DISTINCT team_id FROM ${calls}) AS listed
      LEFT JOIN ${teams} AS known ON known.team_id = listed.team_id
      WHERE ${join(conditions, sql` AND `)} ORDER BY name, team_id`;
}

/** Campaigns that the part shows, by name: for a team or an agent, those on which they called. */
export function listCampaigns({ tenantId, teamId, agentId }: PartOfTenant): Sql {
  const { campaigns, agents, calls, campaignsOfCalls, leads } = openNames(tenantId);
  const isPart = teamId !== undefined || agentId !== undefined;
  const conditions = [
    ...(teamId === undefined ? [] : [isOfTeam(agents).bind({ team: teamId })]),
    ...(agentId === undefined ? [] : [sql`calls.agent_id = {agent:UInt64}`.bind({ agent: agentId })]),
  ];
  const listed = isPart
    ? sql`SELECT DISTINCT campaign_id FROM ${calls} AS calls WHERE ${join(conditions, sql` AND `)}`
    : sql`SELECT campaign_id FROM ${campaigns} UNION DISTINCT SELECT DISTINCT campaign_id FROM ${leads}
      UNION DISTINCT SELECT DISTINCT campaign_id FROM ${campaignsOfCalls}`;
  return sql`SELECT listed.campaign_id AS campaign_id,
        if(known.campaign_id = 0, concat('Campaign ', toString(listed.campaign_id)), known.name) AS name,
        if(known.campaign_id = 0, ${sqlText(tables.campaigns.columns.status.default)}, toString(known.status)) AS status
      FROM (${listed}) AS listed
      LEFT JOIN ${campaigns} AS known ON known.campaign_id = listed.campaign_id
      ORDER BY name, campaign_id`;
}

/** One campaign that runs, the first by name: what a screen shows of a live report until somebody chooses another. */
export function firstRunning(tenantId: number): Sql {
  const { campaigns } = openTables(tenantId);
  return sql`SELECT campaigns.campaign_id AS campaign_id FROM ${campaigns} AS campaigns
      WHERE campaigns.status = 'active' ORDER BY campaigns.name, campaign_id LIMIT 1`;
}

const named = {
  campaigns: { key: 'campaign_id', plain: 'Campaign' },
  teams: { key: 'team_id', plain: 'Team' },
  agents: { key: 'agent_id', plain: 'Agent' },
} as const;

/** A table whose rows have names. */
export type NamedTable = keyof typeof named;

/** The names of these ids: of those that have a row. */
export function namesOfIds(tenantId: number, of: NamedTable, ids: readonly number[]): Sql {
  const id = sql`known.${name(named[of].key)}`;
  return sql`SELECT ${id} AS id, known.name AS name FROM ${openTables(tenantId)[of]} AS known
    WHERE ${id} IN ({ids:Array(UInt64)})`.bind({ ids });
}

/** The name of what has no row. */
export const plainName = (of: NamedTable, id: number): string => `${named[of].plain} ${id}`;
