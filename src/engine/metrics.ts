/** The figures that reports are made of, each written once: its meaning, unit, formula and SQL. */
import { type Sql, sql } from '../sql.ts';
import { average, fixed, percent, ratio } from './round.ts';
import type { Unit } from './units.ts';

/** A figure over many calls or leads, as people are told it. */
export interface Metric {
  name: string;
  unit: Unit;
  /** One sentence. */
  meaning: string;
  /** How it is computed, from words of one call or lead and other figures. */
  formula: string;
  /** Where the formula comes from, when it is a known one. */
  source?: string;
  sql: Sql;
  /** Which calls or leads it counts, where it counts some; or those whose agents it counts. */
  counts?: Sql;
}

const listed: Metric[] = [];

/** Every figure of this file, in its order. */
export const metrics: readonly Metric[] = listed;

/** Lists a figure, and gives its SQL. */
function metric(name: string, unit: Unit, meaning: string, statement: Sql, more?: Partial<Metric>): Sql {
  listed.push({ name, unit, meaning, formula: statement.text, sql: statement, ...more });
  return statement;
}

/** Lists a count of the calls or leads of which this holds, and gives its SQL. */
function count(name: string, unit: 'calls' | 'leads', meaning: string, which: Sql): Sql {
  return metric(name, unit, meaning, sql`countIf(${which})`, { counts: which });
}

/** Which calls or leads a figure of this file counts. Throws of one that counts none. */
export function countedBy(figure: Sql): Sql {
  const counts = listed.find(({ sql }) => sql === figure)?.counts;
  if (!counts) throw new TypeError(`${figure.text} counts no calls or leads`);
  return counts;
}

/** Lists a rate, and gives its SQL over these or over sums that were made before, rounded half up to so many digits. */
function rate(
  name: string,
  meaning: string,
  [formula, part, of]: [formula: string, part: Sql, of: Sql],
  source?: string,
) {
  const toSql = (digits: number, parts = { part, of }) => percent(parts.part, parts.of, digits);
  listed.push({
    name,
    unit: 'percent',
    meaning,
    formula: `${formula} x 100`,
    sql: toSql(2),
    ...(source && { source }),
  });
  return toSql;
}

// Over the scope's calls. Each is written once; a report names it and gives it the contract's alias.

export const dials = count('dials', 'calls', 'Dial attempts', sql`calls.is_dial`);
export const answers = count('answers', 'calls', 'Dials that a person picked up', sql`calls.is_answer`);
export const handled = count('handled', 'calls', 'Dials on which an agent talked', sql`calls.is_handled`);
export const abandoned = count('abandoned', 'calls', 'Answers that no agent took', sql`calls.is_abandoned`);
export const rejected = count(
  'rejected',
  'calls',
  'Dials refused by the callee or the network',
  sql`calls.is_rejected`,
);
export const shortCalls = count(
  'short_calls',
  'calls',
  'Conversations below the tenant\u2019s threshold of a meaningful one',
  sql`calls.is_short`,
);
export const disposed = count('disposed', 'calls', 'Dials with a disposition', sql`calls.is_disposed`);
export const undisposed = count(
  'undisposed',
  'calls',
  'Dials on which an agent talked and that have no disposition yet',
  sql`calls.is_handled AND NOT calls.is_disposed`,
);
export const conversions = count('conversions', 'calls', 'Dials that converted', sql`calls.is_converted`);
export const pdplBlocked = count(
  'pdpl_blocked',
  'calls',
  'Attempts stopped before dialing: outside the allowed calling window',
  sql`calls.is_pdpl_blocked`,
);
export const talkSec = metric('talk_sec', 'seconds', 'Time in conversation', sql`sum(calls.talked_sec)`);
export const handleSec = metric('handle_sec', 'seconds', 'Talk, hold and wrap time', sql`sum(calls.handled_sec)`);
export const uniqueAgents = metric(
  'unique_agents',
  'agents',
  'Different agents with a dial',
  sql`uniqExactIf(calls.agent_id, calls.is_dial AND calls.agent_id != 0)`,
  { counts: sql`calls.is_dial AND calls.agent_id != 0` },
);

const e411 = 'ITU-T E.411, with a person\u2019s pick-up as the answer';

export const answerRatePct = rate(
  'answer_rate_pct',
  'Answer rate, or answer-seizure ratio (ASR)',
  ['answers / dials', answers, dials],
  e411,
);
export const convRatePct = rate('conv_rate', 'Conversion rate, never above 100', [
  'conversions / answers',
  conversions,
  answers,
]);
export const shortCallPct = rate('short_call_ratio_pct', 'Short-call ratio', [
  'short_calls / dials',
  shortCalls,
  dials,
]);
export const undisposedPct = rate('undisposed_pct', 'Share of handled dials that have no disposition yet', [
  'undisposed / handled',
  undisposed,
  handled,
]);
export const dispositionPct = rate('disposition_pct', 'Share of a disposition', [
  'disposed with the code / disposed',
  disposed,
  disposed,
]);
export const abandonRatePct = rate('abandon_rate_pct', 'Abandon rate of dials (basis attempts)', [
  'abandoned / dials',
  abandoned,
  dials,
]);
export const liveAbandonRatePct = rate(
  'live_abandon_rate_pct',
  'Abandon rate of live answers (basis live_answers)',
  ['abandoned / answers', abandoned, answers],
  '16 CFR 310.4(b)(4) (US Telemarketing Sales Rule)',
);
export const acdSec = metric('acd_sec', 'seconds', 'Average call duration (ACD)', average(talkSec, answers), {
  formula: 'talk_sec / answers',
  source: e411,
});
export const ahtSec = metric(
  'aht_sec',
  'seconds',
  'Average handle time (AHT); nobody handled an abandoned call',
  average(handleSec, handled),
  { formula: 'handle_sec / handled' },
);
/** The same as ACD with one decimal, as text. */
export const avgTalkSec = fixed(ratio(talkSec, answers, 1), 1);

// Over the scope's leads.

export const leads = metric('leads', 'leads', 'Leads in the window', sql`count()`, { counts: sql`1` });
export const leadsDialed = count('leads_dialed', 'leads', 'Leads that were dialed', sql`leads.is_dialed`);
export const leadsConnected = count('leads_connected', 'leads', 'Leads that picked up', sql`leads.is_connected`);
export const leadsTalked = count(
  'leads_talked',
  'leads',
  'Leads that talked for more than 30 seconds',
  sql`leads.is_talked`,
);
export const leadsDisposed = count('leads_disposed', 'leads', 'Leads with a disposed dial', sql`leads.is_disposed`);
export const leadsConverted = count('leads_converted', 'leads', 'Leads that converted', sql`leads.is_converted`);
export const leadConvRatePct = rate('lead_conv_rate_pct', 'Conversion rate of leads', [
  'leads_converted / leads',
  leadsConverted,
  leads,
]);
