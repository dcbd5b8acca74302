/** What a column of a table that goes in may hold. Every kind is checked and read in `ingest/field-kinds.ts`. */
export type FieldKind = 'id' | 'text' | 'instant' | 'seconds' | 'flag' | 'color' | 'percent' | 'count' | 'choice';

/** The instants that a row may have: from the first on, and before the end, in epoch milliseconds. */
export const earliestMs = Date.UTC(1971, 0, 1);
export const endMs = Date.UTC(2106, 0, 1);

/** One column of a table that goes in. */
export interface TableColumn {
  kind: FieldKind;
  meaning: string;
  /** A row without it is refused. */
  required?: true;
  /** What an empty value stands for, written as it would be in a file. */
  default?: string;
  /** The values of a `choice`. */
  choices?: readonly string[];
  /** The largest `count`. */
  max?: number;
}

/** A table that goes in: its columns by name, the first of them its key within a tenant (calls and leads have their own). */
export interface TableDeclaration {
  about: string;
  /** Raised by one with every change of the columns: of rows with one `updated_at` those of the later generation win. */
  generation: number;
  columns: Record<string, TableColumn>;
}

const id = (meaning: string): TableColumn => ({ kind: 'id', meaning });
const text = (meaning: string): TableColumn => ({ kind: 'text', meaning });
const instant = (meaning: string): TableColumn => ({ kind: 'instant', meaning });
const seconds = (meaning: string): TableColumn => ({ kind: 'seconds', meaning, default: '0' });
const flag = (meaning: string): TableColumn => ({ kind: 'flag', meaning });
const choice = <Word extends string>(meaning: string, choices: readonly Word[]) =>
  ({ kind: 'choice', meaning, choices }) satisfies TableColumn;
const required = (column: TableColumn): TableColumn => ({ ...column, required: true });
const or = <Value extends string, Column extends TableColumn>(value: Value, column: Column) => ({
  ...column,
  default: value,
});

/** The values of `outcome`: how a call attempt ended. */
export const outcomes = [
  'answered',
  'abandoned',
  'no_answer',
  'busy',
  'failed',
  'rejected',
  'machine',
  'blocked',
] as const;
/** The values of `block_reason`: the rule that stopped an attempt before it was dialed. */
export const blockReasons = ['pdpl', 'dnc', 'cap', 'other'] as const;
/** The groups of dispositions. */
export const categories = ['contact', 'no_contact', 'callback', 'remove'] as const;
/** The states of a campaign. */
export const campaignStatuses = ['draft', 'active', 'paused', 'completed'] as const;
/** What the denominator of an abandon rate counts. */
export const abandonBases = ['attempts', 'live_answers'] as const;
/** The telcos of caller IDs. */
export const carriers = ['viettel', 'mobifone', 'vinaphone', 'vietnamobile', 'landline', 'other'] as const;
/** The number types of caller IDs. */
export const cliTypes = ['mobile', 'fixed_02x', 'hotline_1900', 'hotline_1800', 'brandname'] as const;
/** The states of a caller ID in the rotation pool. */
export const poolStatuses = ['active', 'cooldown', 'paused', 'disabled'] as const;

/** Every table that goes in. Small tables come first: a directory is read in this order. */
export const tables = {
  campaigns: {
    about: 'The campaigns that calls and leads belong to.',
    generation: 0,
    columns: {
      campaign_id: required(id('Campaign')),
      name: required(text('Name')),
      status: or('active', choice('State', campaignStatuses)),
      abandon_limit_pct: or('3', { kind: 'percent', meaning: 'Allowed abandon rate, in percent: 0 to below 100' }),
      abandon_window_minutes: or('43200', {
        kind: 'count',
        max: 5_256_000,
        meaning: 'Length of the abandon window, in minutes',
      }),
      abandon_basis: or('attempts', choice('What the abandon rate is a share of', abandonBases)),
    },
  },
  teams: {
    about: 'The teams that agents belong to.',
    generation: 0,
    columns: { team_id: required(id('Team')), name: required(text('Name')) },
  },
  agents: {
    about: 'The people who talk.',
    generation: 0,
    columns: {
      agent_id: required(id('Agent')),
      name: required(text('Full name')),
      username: text('Login name'),
      team_id: id('The team that the agent has now'),
    },
  },
  dispositions: {
    about: 'The codes by which agents say how a call went.',
    generation: 0,
    columns: {
      code: required(text('Disposition code, case-sensitive')),
      label: required(text('Label on screen')),
      category: or('contact', choice('Group', categories)),
      color: or('#6B7280', { kind: 'color', meaning: 'Badge color, #RRGGBB' }),
      is_conversion: or('false', flag('Whether a call with this code is a conversion')),
    },
  },
  caller_ids: {
    about: 'The numbers that calls are made from.',
    generation: 0,
    columns: {
      cid: required(text('Caller-ID number, as text: leading zeros stay')),
      display_name: text('Internal name'),
      carrier: or('other', choice('Telco', carriers)),
      cli_type: or('fixed_02x', choice('Number type', cliTypes)),
      pool_status: or('active', choice('State in the rotation pool', poolStatuses)),
      cooldown_until: instant('When the cooldown ends'),
      daily_cap: or('200', { kind: 'count', max: 1_000_000_000, meaning: 'Calls a day that it may make' }),
    },
  },
  leads: {
    about: 'The people to be called. Their phone numbers stay out.',
    generation: 0,
    columns: {
      lead_id: required(id('Lead')),
      campaign_id: required(id('The campaign in which it was created')),
      source: text('Where it came from, case-sensitive; empty: (unknown)'),
      created_at: required(instant('When it was created')),
    },
  },
  calls: {
    about: 'One row a dial attempt, identified by campaign_id, started_at and call_id.',
    generation: 0,
    columns: {
      call_id: required(text('The dialer\u2019s own id of the attempt')),
      campaign_id: required(id('Campaign')),
      lead_id: id('Lead'),
      agent_id: id('Agent'),
      team_id: id('Team; empty: the team that the agent has now'),
      cid: text('Caller ID it was made from'),
      started_at: required(instant('When dialing began: the call belongs to this instant with all its seconds')),
      outcome: required(choice('How it ended', outcomes)),
      block_reason: choice('The rule that stopped it; only with outcome blocked (default there: other)', blockReasons),
      talk_sec: seconds('Agent and customer in conversation'),
      hold_sec: seconds('Customer on hold'),
      wrap_sec: seconds('Wrap time after the call'),
      disposition_code: text('Disposition code'),
      is_conversion: flag('Whether it converted; empty: the flag that its disposition has now'),
    },
  },
} as const satisfies Record<string, TableDeclaration>;

/** The name of a table that goes in. */
export type TableName = keyof typeof tables;

/** Every table name, in the order in which a directory is read. */
export const tableNames = Object.keys(tables) as TableName[];

/** The column that every table may carry: when the row was last changed at its source. */
export const updatedAt: TableColumn = instant('When the row was last changed; the later one wins');
