/** Which team a call belongs to, as SQL for grouping and for filtering. */
import { type Sql, sql } from '../sql.ts';

/** The team of a call: its own row's, else the one that its agent has now; 0 when there is neither. */
export function teamOf(agents: Sql): Sql {
  // ClickHouse: the list of all agents is read once, before the calls are; a join for each call takes longer.
  const lists = sql`(SELECT (groupArray(known.agent_id), groupArray(known.team_id)) FROM ${agents} AS known)`;
  return sql`if(calls.team_id != 0, calls.team_id, transform(calls.agent_id, ${lists}.1, ${lists}.2, toUInt64(0)))`;
}

/** Whether a call is of the team that is bound as `{team}`: the same, and quicker than finding out the team of each call. */
export function isOfTeam(agents: Sql): Sql {
  return sql`(calls.team_id = {team:UInt64} OR (calls.team_id = 0 AND calls.agent_id IN
    (SELECT known.agent_id FROM ${agents} AS known WHERE known.team_id = {team:UInt64})))`;
}
