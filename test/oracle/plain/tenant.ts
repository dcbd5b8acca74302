/** One tenant's tables, every row read and completed. */
import { standing } from './standing.ts';
import { flag, instant, integer, iso, required, text, wholeNumber } from './values.ts';
import type { Row, Table, World } from './world.ts';

export interface Campaign {
  name: string;
  status: string;
  limitPct: string;
  windowMinutes: number;
  basis: string;
}

export interface Agent {
  name: string;
  username: string;
  team: number | null;
}

interface Disposition {
  label: string;
  category: string;
  color: string;
  conversion: boolean;
}

interface CallerId {
  displayName: string | null;
  carrier: string;
  cliType: string;
  poolStatus: string;
  cooldownUntil: string | null;
  dailyCap: number;
}

interface Lead {
  campaign: number;
  source: string | null;
  createdAt: number;
}

export interface Call {
  id: string;
  at: number;
  campaign: number;
  lead: number | null;
  agent: number | null;
  team: number | null;
  cid: string | null;
  outcome: string;
  blockReason: string | null;
  talk: number;
  handle: number;
  disposition: string | null;
  conversion: boolean;
}

/** One tenant's tables as they stand, every row read and completed. */
export interface Tenant {
  campaigns: Map<number, Campaign>;
  /** Names by team. */
  teams: Map<number, string>;
  agents: Map<number, Agent>;
  dispositions: Map<string, Disposition>;
  callerIds: Map<string, CallerId>;
  leads: Map<number, Lead>;
  calls: Call[];
}

export function readCampaign(row: Row): Campaign {
  return {
    name: required(row, 'name'),
    status: text(row, 'status') ?? 'active',
    limitPct: text(row, 'abandon_limit_pct') ?? '3',
    windowMinutes: integer(row, 'abandon_window_minutes') ?? 43_200,
    basis: text(row, 'abandon_basis') ?? 'attempts',
  };
}

function readAgent(row: Row): Agent {
  return {
    name: required(row, 'name'),
    username: text(row, 'username') ?? '',
    team: integer(row, 'team_id'),
  };
}

function readDisposition(row: Row): Disposition {
  return {
    label: required(row, 'label'),
    category: text(row, 'category') ?? 'contact',
    color: text(row, 'color') ?? '#6B7280',
    conversion: flag(row, 'is_conversion') ?? false,
  };
}

function readCallerId(row: Row): CallerId {
  const cooldown = text(row, 'cooldown_until');
  return {
    displayName: text(row, 'display_name'),
    carrier: text(row, 'carrier') ?? 'other',
    cliType: text(row, 'cli_type') ?? 'fixed_02x',
    poolStatus: text(row, 'pool_status') ?? 'active',
    cooldownUntil: cooldown === null ? null : iso(instant(cooldown)),
    dailyCap: integer(row, 'daily_cap') ?? 200,
  };
}

function readLead(row: Row): Lead {
  return {
    campaign: wholeNumber(required(row, 'campaign_id')),
    source: text(row, 'source'),
    createdAt: instant(required(row, 'created_at')),
  };
}

function readCall(row: Row, agents: Map<number, Agent>, dispositions: Map<string, Disposition>): Call {
  const outcome = required(row, 'outcome');
  const agent = integer(row, 'agent_id');
  const disposition = text(row, 'disposition_code');
  const seconds = (column: string) => (outcome === 'answered' ? (integer(row, column) ?? 0) : 0);
  const teamOfAgent = agent === null ? null : (agents.get(agent)?.team ?? null);
  const flagOfDisposition = disposition === null ? false : (dispositions.get(disposition)?.conversion ?? false);
  return {
    id: required(row, 'call_id'),
    at: instant(required(row, 'started_at')),
    campaign: wholeNumber(required(row, 'campaign_id')),
    lead: integer(row, 'lead_id'),
    agent,
    team: integer(row, 'team_id') ?? teamOfAgent,
    cid: text(row, 'cid'),
    outcome,
    blockReason: outcome === 'blocked' ? (text(row, 'block_reason') ?? 'other') : null,
    talk: seconds('talk_sec'),
    handle: seconds('talk_sec') + seconds('hold_sec') + seconds('wrap_sec'),
    disposition,
    conversion: flag(row, 'is_conversion') ?? flagOfDisposition,
  };
}

export function readTenant(world: World, tenantId: number): Tenant {
  const rows = (table: Table) => standing(world, tenantId, table);
  const id = (row: Row, column: string) => wholeNumber(required(row, column));
  const agents = new Map(rows('agents').map((row) => [id(row, 'agent_id'), readAgent(row)]));
  const dispositions = new Map(rows('dispositions').map((row) => [required(row, 'code'), readDisposition(row)]));
  return {
    campaigns: new Map(rows('campaigns').map((row) => [id(row, 'campaign_id'), readCampaign(row)])),
    teams: new Map(rows('teams').map((row) => [id(row, 'team_id'), required(row, 'name')])),
    agents,
    dispositions,
    callerIds: new Map(rows('caller_ids').map((row) => [required(row, 'cid'), readCallerId(row)])),
    leads: new Map(rows('leads').map((row) => [id(row, 'lead_id'), readLead(row)])),
    calls: rows('calls').map((row) => readCall(row, agents, dispositions)),
  };
}
