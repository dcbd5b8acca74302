/** Finds out what an answer is made of: what was asked, by name, and how fresh and how whole its rows are. */
import type { About } from './about-schema.ts';
import { definitionsVersion } from './definitions.ts';
import { lastCallAt } from './last-call.ts';
import { type NamedTable, namesOfIds, plainName } from './lists.ts';
import type { RunQuery } from './report.ts';
import { type Desk, type Question, settle } from './run.ts';
import type { Filters } from './scope.ts';
import { incompleteIn, toBucketLabel, toWeekSlot } from './time-buckets.ts';
import { readUndisposed } from './undisposed.ts';

/** What is known of an answer where it was asked for. */
export interface AskedAnswer {
  tenant: About['tenant'];
  /** The filters as they were asked for: those of the question are narrowed to the asker's part. */
  filters: Filters;
  /** The part of the tenant that the asker is held to. */
  part: { teamId?: number | undefined; agentId?: number | undefined };
  /** The window as it was written. */
  written: { date_from: string; date_to: string };
  /** The report's own parameters as they were written. */
  params: Record<string, string>;
  arrivedAt: string | null;
  /** How many rows were refused, for whoever may know. */
  refusedRows?: number;
}

/** What the answer to a question is made of. To be found before the rows are read: of what it tells they have all. */
export async function findAbout(question: Question, desk: Desk, asked: AskedAnswer): Promise<About> {
  const { report, filters, timezone } = question;
  const { tenantId, now, query } = desk;
  const {
    asked: { window },
  } = await settle(question, desk);
  const [names, lastCall, undisposed] = await Promise.all([
    findNames(question, desk, asked),
    lastCallAt(query, tenantId, filters.campaignId, now),
    readUndisposed(question, window, desk),
  ]);
  return {
    report: report.name,
    tenant: asked.tenant,
    window: { from: iso(window.from), to: iso(window.to) },
    asked: report.over === 'window' ? asked.written : null,
    timezone,
    ...names,
    params: asked.params,
    computed_at: iso(now),
    data_until: { taken_in_at: asked.arrivedAt, last_call_at: lastCall === undefined ? null : iso(lastCall) },
    has_ended: window.to <= now,
    incomplete_buckets: toIncomplete(question, now),
    undisposed,
    definitions_version: definitionsVersion,
    ...(asked.refusedRows !== undefined && { refused_rows_30_days: asked.refusedRows }),
  };
}

const iso = (ms: number) => new Date(ms).toISOString();

/** The labels of buckets that are not whole: none of a report that has no time in its rows. */
function toIncomplete({ report, window, timezone, params }: Question, now: number): string[] {
  if (report.over === 'now' || !report.times || !window) return [];
  const { times } = report;
  if (times.kind === 'series') {
    const unit = times.unit(params as never);
    return incompleteIn(window, timezone, unit, now).map((bucket) => toBucketLabel(bucket, unit));
  }
  const slots = incompleteIn(window, timezone, 'hour', now).map(toWeekSlot);
  const inOrder = slots.sort((one, other) => one.weekday - other.weekday || one.hour - other.hour);
  return [...new Set(inOrder.map(({ weekday, hour }) => `${weekday} ${hour}`))];
}

/** Filters and part with the names that reports give them. */
async function findNames(
  { report: { unused } }: Question,
  { tenantId, query }: Desk,
  { filters: { campaignId, teamId, agentIds }, part }: AskedAnswer,
): Promise<Pick<About, 'filters' | 'part'>> {
  const namesOf = (of: NamedTable, ids: readonly (number | undefined)[]) =>
    readNames(
      query,
      tenantId,
      of,
      ids.filter((id) => id !== undefined),
    );
  const [campaigns, teams, agents] = await Promise.all([
    namesOf('campaigns', [campaignId]),
    namesOf('teams', [teamId, part.teamId]),
    namesOf('agents', [...(agentIds ?? []), part.agentId]),
  ]);
  const toTeam = (team_id: number) => ({ team_id, name: teams(team_id) });
  const toAgent = (agent_id: number) => ({ agent_id, name: agents(agent_id) });
  return {
    filters: {
      campaign: campaignId === undefined ? null : { campaign_id: campaignId, name: campaigns(campaignId) },
      ...(!unused.includes('team_id') && { team: teamId === undefined ? null : toTeam(teamId) }),
      ...(!unused.includes('agent_ids') && { agents: agentIds?.map(toAgent) ?? null }),
    },
    part: unused.includes('team_id') ? null : toPart(part, toTeam, toAgent),
  };
}

type Team = NonNullable<NonNullable<About['part']>['team']>;
type Agent = NonNullable<NonNullable<About['part']>['agent']>;

function toPart(
  { teamId, agentId }: AskedAnswer['part'],
  toTeam: (id: number) => Team,
  toAgent: (id: number) => Agent,
): About['part'] {
  if (agentId !== undefined) return { agent: toAgent(agentId) };
  return teamId === undefined ? null : { team: toTeam(teamId) };
}

async function readNames(
  query: RunQuery,
  tenantId: number,
  of: NamedTable,
  ids: readonly number[],
): Promise<(id: number) => string> {
  const rows = ids.length === 0 ? [] : await query<{ id: number; name: string }>(namesOfIds(tenantId, of, ids));
  const names = new Map(rows.map((row) => [row.id, row.name]));
  return (id) => names.get(id) ?? plainName(of, id);
}
