/** What a list of calls, or of leads, shows of each: its columns, and how they are read from the rows that a scope hands out. */
import { type Sql, sql, toIso } from '../sql.ts';
import { blockReasons, outcomes } from '../tables.ts';
import {
  type Columns,
  choice,
  code,
  flag,
  instant,
  integer,
  optionalCode,
  optionalInstant,
  optionalInteger,
  optionalText,
  text,
} from './columns.ts';

/** A kind of rows that stand behind figures. */
export interface BehindRows {
  /** A heading for people. */
  title: string;
  /** One sentence: what the list tells. */
  about: string;
  columns: Columns;
  /** Which columns tell a row from all others. */
  key: readonly string[];
}

/** The rows that stand behind figures, by the relation whose rows those count. */
export const behindRows = {
  calls: {
    title: 'Calls',
    about: 'The calls that a figure counts, one by one, in the order of time.',
    key: ['campaign_id', 'started_at', 'call_id'],
    columns: {
      call_id: code('Call id', 'Identifies the call, with its campaign and its start'),
      started_at: instant('Started', 'When dialing began'),
      campaign_id: integer('Campaign id', 'Campaign'),
      campaign_name: text('Campaign', 'Campaign name'),
      agent_id: optionalInteger('Agent id', 'Agent who dialed it; null: none'),
      agent_name: optionalText('Agent', 'Full name'),
      team_id: optionalInteger(
        'Team id',
        'The call\u2019s own team, else the one that its agent has now; null: neither',
      ),
      lead_id: optionalInteger('Lead id', 'Lead that was called; null: not given'),
      cid: optionalCode('Caller ID', 'Caller ID it was made from; null: not given'),
      outcome: choice('Outcome', 'How it ended', outcomes),
      block_reason: optionalText('Blocked by', `Which rule stopped it: ${blockReasons.join(', ')}; null: none`),
      talk_sec: integer('Talk time', 'Agent and customer in conversation; 0 where no agent talked', 'seconds'),
      hold_sec: integer('Hold time', 'The customer on hold; 0 where no agent talked', 'seconds'),
      wrap_sec: integer('Wrap time', 'Work after the conversation; 0 where no agent talked', 'seconds'),
      disposition_code: optionalCode('Disposition', 'Disposition code; null: none'),
      is_conversion: flag('Converted', 'By its own flag, else by the one that its disposition has now'),
    },
  },
  leads: {
    title: 'Leads',
    about: 'The leads that a figure counts, one by one, by their ids.',
    key: ['lead_id'],
    columns: {
      lead_id: integer('Lead id', 'Lead'),
      campaign_id: optionalInteger('Campaign id', 'Campaign of its row; null: only calls name it'),
      source: text('Source', 'Lead source; leads without one are (unknown)'),
      created_at: optionalInstant('Created', 'When it was created; null: only calls name it'),
      is_dialed: flag('Dialed', 'It was dialed in the window'),
      is_connected: flag('Connected', 'It picked up in the window'),
      is_talked: flag('Talked > 30s', 'An agent talked with it for more than 30 seconds in the window'),
      is_disposed: flag('Disposed', 'A dial of it in the window has a disposition code'),
      is_converted: flag('Converted', 'It converted in the window'),
    },
  },
} as const satisfies Record<string, BehindRows>;

/** Whose rows stand behind a figure. */
export type BehindKind = keyof typeof behindRows;

/** Which rows of a relation are listed, and how many at most. */
export interface Picked {
  rows: Sql;
  where: Sql;
  limit: Sql;
}

/** Small tables of the tenant that give names. */
interface Names {
  campaigns: Sql;
  agents: Sql;
}

/** The list of such rows as a statement, in the order of its key. */
export const toList: Record<BehindKind, (picked: Picked, names: Names) => Sql> = {
  // Names are looked up for what is listed alone.
  calls: ({ rows, where, limit }, { campaigns, agents }) => sql`
    SELECT
      found.call_id AS call_id,
      ${toIso(sql`found.started_at`)} AS started_at,
      found.campaign_id AS campaign_id,
      if(campaign.campaign_id = 0, concat('Campaign ', toString(found.campaign_id)), campaign.name) AS campaign_name,
      nullIf(found.agent_id, 0) AS agent_id,
      nullIf(multiIf(found.agent_id = 0, '', agent.agent_id = 0, concat('Agent ', toString(found.agent_id)), agent.name), '') AS agent_name,
      nullIf(found.team_id, 0) AS team_id,
      nullIf(found.lead_id, 0) AS lead_id,
      nullIf(toString(found.cid), '') AS cid,
      found.ended_as AS outcome,
      nullIf(found.blocked_by, '') AS block_reason,
      found.talked_sec AS talk_sec,
      found.held_sec AS hold_sec,
      found.wrapped_sec AS wrap_sec,
      nullIf(toString(found.disposition_code), '') AS disposition_code,
      toBool(found.is_converted) AS is_conversion
    FROM (
      SELECT calls.call_id, calls.started_at, calls.campaign_id, calls.agent_id, calls.team_id, calls.lead_id, calls.cid,
        calls.ended_as, calls.blocked_by, calls.talked_sec, calls.held_sec, calls.wrapped_sec, calls.disposition_code,
        calls.is_converted
      FROM ${rows} AS calls WHERE ${where}
      ORDER BY calls.started_at, calls.campaign_id, calls.call_id ${limit}
    ) AS found
    LEFT JOIN ${campaigns} AS campaign ON campaign.campaign_id = found.campaign_id
    LEFT JOIN ${agents} AS agent ON agent.agent_id = found.agent_id
    ORDER BY found.started_at, found.campaign_id, found.call_id`,
  leads: ({ rows, where, limit }) => sql`
    SELECT
      leads.lead_id AS lead_id,
      nullIf(leads.campaign_id, 0) AS campaign_id,
      if(leads.source = '', '(unknown)', leads.source) AS source,
      if(leads.campaign_id = 0, NULL, ${toIso(sql`leads.created_at`)}) AS created_at,
      toBool(leads.is_dialed) AS is_dialed,
      toBool(leads.is_connected) AS is_connected,
      toBool(leads.is_talked) AS is_talked,
      toBool(leads.is_disposed) AS is_disposed,
      toBool(leads.is_converted) AS is_converted
    FROM ${rows} AS leads WHERE ${where}
    ORDER BY leads.lead_id ${limit}`,
};
