/** The rows that reports read, column by column: what each says of a call or a lead, and how it is made. */
import { name, type Sql, sql } from '../sql.ts';
import { type FieldKind, type TableColumn, tables } from '../tables.ts';
import type { Settings } from './settings.ts';
import { teamOf } from './team.ts';

/** A column of a relation: what it says, its type in the engine, and how it is made when the table has it otherwise. */
export interface RelationColumn {
  meaning: string;
  type: string;
  sql?: Sql | ((given: Given) => Sql);
  /** The same for people, where the SQL has to say it at length. */
  formula?: string;
  /** It takes a look-up, and is there for a statement that names it alone; `*` does not. */
  takesLookUp?: true;
}

/** What columns are made with: the tenant's own rows and thresholds. */
export interface Given {
  agents: Sql;
  dispositions: Sql;
  settings: Settings;
}

/** Rows that a report may name: `FROM ${calls} AS calls`. */
export interface Relation {
  /** Which rows. */
  about: string;
  columns: Record<string, RelationColumn>;
}

const column = (type: string) => (meaning: string, made?: RelationColumn['sql']) => ({
  type,
  meaning,
  ...(made && { sql: made }),
});

const id = column('UInt64');
const text = column('String');
// Few different texts, or many rows with the same: the engine keeps each once.
const word = column('LowCardinality(String)');
const flag = column('UInt8');
const truth = column('Bool');
const count = column('UInt64');
const small = column('UInt32');
const percent = column('Decimal(9, 6)');
const instant = column("DateTime64(3, 'UTC')");
const maybeInstant = column("Nullable(DateTime64(3, 'UTC'))");

const kindColumns: Partial<Record<FieldKind, (meaning: string) => RelationColumn>> = {
  id,
  text,
  color: text,
  choice: word,
  flag: truth,
  count: small,
  percent,
  instant: maybeInstant,
};

/** The rows of a small table as they are. What a row leaves out has the table's default, or is 0 or empty. */
function ofTable(about: string, columns: Record<string, TableColumn>): Relation {
  const listed = Object.entries(columns).map(([column, { kind, meaning }]) => {
    const declared = kindColumns[kind]?.(meaning);
    if (!declared) throw new TypeError(`${column}: no relation has a column of kind ${kind}`);
    return [column, declared] as const;
  });
  return { about, columns: Object.fromEntries(listed) };
}

/** How far a dial brings its lead, by the lead's word for it: a lead came as far as any of its dials. */
export const leadSteps = {
  is_dialed: sql`calls.is_dial`,
  is_connected: sql`calls.is_answer`,
  is_talked: sql`calls.is_talked`,
  is_disposed: sql`calls.is_disposed`,
  is_converted: sql`calls.is_converted`,
};

const furthest = (step: keyof typeof leadSteps | 'campaign_id' | 'source' | 'created_at') =>
  sql`max(steps.${name(step)})`;

/**
 * Every relation that the scope hands out, with every column; `docs/relations.md` lists them. The words of spec section 1 for
 * one call are said here, each once. Physical columns are qualified: in ClickHouse an alias of the same SELECT shadows them.
 */
export const relations = {
  calls: {
    about: 'Call attempts of the window, within the filters.',
    columns: {
      call_id: text('What identifies it, with its campaign and its start'),
      campaign_id: id('Campaign'),
      lead_id: id('Lead; 0: not given'),
      agent_id: id('Agent; 0: not given'),
      team_id: {
        ...id('Team: the call\u2019s own, else the one that its agent has now; 0: neither', ({ agents }) =>
          teamOf(agents),
        ),
        formula: 'team_id, else the agent\u2019s team_id, else 0',
        takesLookUp: true,
      },
      cid: word('Caller ID it was made from; empty: not given'),
      started_at: instant('When dialing began'),
      disposition_code: word('Disposition code; empty: none'),
      ended_as: text('How it ended: its outcome', sql`toString(calls.outcome)`),
      blocked_by: text('Which rule stopped it; empty: none did', sql`toString(calls.block_reason)`),
      is_dial: flag('A call that was not blocked', sql`(calls.outcome != 'blocked')`),
      is_answer: flag(
        'A dial that a person picked up; an answering machine is not a person',
        sql`(calls.outcome IN ('answered', 'abandoned'))`,
      ),
      is_handled: flag('A dial that an agent talked on', sql`(calls.outcome = 'answered')`),
      is_abandoned: flag('A person picked up, but no agent came on the line', sql`(calls.outcome = 'abandoned')`),
      is_rejected: flag('Refused by the callee or the network', sql`(calls.outcome = 'rejected')`),
      is_disposed: flag(
        'A dial with a disposition code',
        sql`(calls.outcome != 'blocked' AND calls.disposition_code != '')`,
      ),
      is_talked: flag(
        'A conversation of more than 30 seconds',
        sql`(calls.outcome = 'answered' AND calls.talk_sec > 30)`,
      ),
      is_short: flag('A conversation below the tenant\u2019s threshold of a meaningful one', ({ settings }) =>
        sql`(calls.outcome = 'answered' AND calls.talk_sec < {meaningful_talk_sec:UInt32})`.bind({
          meaningful_talk_sec: settings.meaningful_talk_sec,
        }),
      ),
      is_pdpl_blocked: flag(
        'Stopped before dialing, outside the allowed calling window',
        sql`(calls.outcome = 'blocked' AND calls.block_reason = 'pdpl')`,
      ),
      is_converted: truth(
        'A dial that converted: by its own flag, else by the flag that its disposition has now',
        ({ dispositions }) => sql`(calls.outcome != 'blocked' AND ifNull(calls.is_conversion, calls.disposition_code IN
          (SELECT known.code FROM ${dispositions} AS known WHERE known.is_conversion)))`,
      ),
      talked_sec: small(
        'Seconds of conversation; 0 where no agent talked',
        sql`if(calls.outcome = 'answered', calls.talk_sec, 0)`,
      ),
      held_sec: small(
        'Seconds on hold; 0 where no agent talked',
        sql`if(calls.outcome = 'answered', calls.hold_sec, 0)`,
      ),
      wrapped_sec: small(
        'Seconds of wrap time; 0 where no agent talked',
        sql`if(calls.outcome = 'answered', calls.wrap_sec, 0)`,
      ),
      handled_sec: count(
        'Seconds of talk, hold and wrap; 0 where no agent talked',
        sql`if(calls.outcome = 'answered', calls.talk_sec + calls.hold_sec + calls.wrap_sec, 0)`,
      ),
    },
  },
  leads: {
    about:
      'Leads that were created in the window or dialed in it, and how far each came there; with a filter on agents or a team the dialed ones alone.',
    columns: {
      lead_id: id('Lead', sql`steps.lead_id`),
      campaign_id: id('Campaign of its row; 0: it has none', furthest('campaign_id')),
      source: text('Where it came from; empty: unknown', furthest('source')),
      created_at: instant('When it was created; the epoch: it has no row', furthest('created_at')),
      is_dialed: flag('It was dialed', furthest('is_dialed')),
      is_connected: flag('It picked up', furthest('is_connected')),
      is_talked: flag('An agent talked with it for more than 30 seconds', furthest('is_talked')),
      is_disposed: flag('A dial of it has a disposition code', furthest('is_disposed')),
      is_converted: truth('It converted', furthest('is_converted')),
    },
  },
  breaches: {
    about:
      'Minutes at which a campaign was over its limit of abandoned calls, as they were written down: those that ended in the window, its end included.',
    columns: {
      campaign_id: id('Campaign'),
      window_from: instant('Start of the campaign\u2019s window'),
      window_to: instant('The minute: the end of that window, exclusive'),
      basis: word('What was counted: attempts or live_answers'),
      attempts_total: count('Attempts in that window'),
      attempts_abandoned: count('Abandoned calls in it'),
      limit_pct: percent('Allowed abandon rate then, in percent'),
      recorded_at: instant('When it was measured'),
    },
  },
  campaigns: ofTable('Campaigns that have a row. Calls may name others.', tables.campaigns.columns),
  teams: ofTable('Teams that have a row.', tables.teams.columns),
  agents: ofTable('Agents that have a row.', tables.agents.columns),
  dispositions: ofTable('Disposition codes that have a row.', tables.dispositions.columns),
  callerIds: ofTable('Caller IDs that have a row.', tables.caller_ids.columns),
} as const satisfies Record<string, Relation>;

/** The name of a relation, as a report takes it from its scope. */
export type RelationName = keyof typeof relations;
