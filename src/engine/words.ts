import { type Sql, sql } from '../sql.ts';

// The words of spec section 1 for one call, each said once. Physical columns are qualified: in ClickHouse an alias of
// the same SELECT would shadow them.

/** A call that was not blocked. */
export const isDial = sql`(calls.outcome != 'blocked')`;
/** A dial that a person picked up; an answering machine is not a person. */
export const isAnswer = sql`(calls.outcome IN ('answered', 'abandoned'))`;
/** A person answered, but no agent came on the line. */
export const isAbandoned = sql`(calls.outcome = 'abandoned')`;
/** A dial that an agent talked on. */
export const isHandled = sql`(calls.outcome = 'answered')`;
/** Refused by the callee or the network. */
export const isRejected = sql`(calls.outcome = 'rejected')`;
/** A dial with a disposition code. */
export const isDisposed = sql`(calls.outcome != 'blocked' AND calls.disposition_code != '')`;
/** Seconds of conversation; they count only where an agent talked. */
export const talkSec = sql`if(calls.outcome = 'answered', calls.talk_sec, 0)`;
/** Talk, hold and wrap seconds; they count only where an agent talked. */
export const handleSec = sql`if(calls.outcome = 'answered', calls.talk_sec + calls.hold_sec + calls.wrap_sec, 0)`;
/** A conversation of more than 30 seconds. */
export const isTalked = sql`(calls.outcome = 'answered' AND calls.talk_sec > 30)`;
/** A conversation shorter than the tenant's threshold of a meaningful one. Binds nothing: `{meaningful}` is the scope's. */
export const isShort = sql`(calls.outcome = 'answered' AND calls.talk_sec < {meaningful:UInt32})`;
/** Stopped before dialing, outside the allowed calling window. */
export const isPdplBlocked = sql`(calls.outcome = 'blocked' AND calls.block_reason = 'pdpl')`;

/** A dial that converted: by its own flag, else by the flag that its disposition has now. */
export function isConversion(dispositions: Sql): Sql {
  return sql`(calls.outcome != 'blocked' AND ifNull(calls.is_conversion, calls.disposition_code IN
    (SELECT known.code FROM ${dispositions} AS known WHERE known.is_conversion)))`;
}

/** The team of a call: its own row's, else the one that its agent has now; 0 when there is neither. */
export function teamOf(agents: Sql): Sql {
  // ClickHouse: the list of all agents is read once, before the calls are; a join for each call takes longer.
  const lists = sql`(SELECT (groupArray(known.agent_id), groupArray(known.team_id)) FROM ${agents} AS known)`;
  return sql`if(calls.team_id != 0, calls.team_id, transform(calls.agent_id, ${lists}.1, ${lists}.2, toUInt64(0)))`;
}
