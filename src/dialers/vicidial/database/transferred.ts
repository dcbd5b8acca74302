/** How a dial that went on in in-groups becomes one call, with the agents of all its legs. */
import { fold } from '../../mysql/fold.ts';
import {
  type AgentRow,
  type CallContext,
  type CallEvidence,
  type LogRow,
  type NamedCall,
  toAgent,
  toCall,
} from '../calls.ts';
import { type Credit, joinLegs } from '../transfers.ts';
import type { AgentRowsOf } from './agent-rows.ts';
import type { InGroupRow } from './read-in-groups.ts';

/** What went on with a dial in in-groups, in order, and what the agent log has of it. */
export interface Transfers {
  legs: readonly InGroupRow[];
  agentRowsOf: AgentRowsOf;
  credit: Credit;
}

/** Makes one call of a dial and of all that went on with it. */
export function toTransferredCall(
  dial: LogRow,
  evidence: CallEvidence,
  { legs, agentRowsOf, credit }: Transfers,
  context: CallContext,
): NamedCall {
  if (legs.length === 0) return toCall(dial, evidence, context);
  const begun = toCall(dial, withoutLegs(dial, evidence, legs), context);
  // An agent who takes the same channel up again has one set of rows for all that they did on it.
  const counted = new Set([toKey(dial, begun.agent)]);
  const parts = legs.map((leg) => {
    const agent = toAgent(leg.user);
    const logged = agentRowsOf(leg).filter(({ user }) => agent && isSame(user, agent));
    const isCounted = counted.has(toKey(leg, agent));
    counted.add(toKey(leg, agent));
    const own = isCounted ? logged.map((row) => ({ ...row, talk_sec: 0, dispo_sec: 0, dead_sec: 0 })) : logged;
    const agentRows = logged.length > 0 ? own : toRows(leg);
    // The statuses of the campaign that dialed are in force: an in-group has none of its own.
    const row = { ...leg, campaign_id: dial.campaign_id };
    return toCall(row, { carrier: undefined, isInDropLog: false, agentRows, outboundCid: undefined }, context);
  });
  return joinLegs(begun, parts, credit);
}

/**
 * What the logs know of the dial alone. A row of the drop log tells of the in-group when an agent had the dial; and where it
 * names nobody, the agents of the in-groups are not who dialed.
 */
function withoutLegs(dial: LogRow, evidence: CallEvidence, legs: readonly InGroupRow[]): CallEvidence {
  if (toAgent(dial.user)) return { ...evidence, isInDropLog: false };
  const isCloser = (user: string | null) => legs.some((leg) => isSame(leg.user, user));
  return { ...evidence, agentRows: evidence.agentRows.filter(({ user }) => !isCloser(user)) };
}

/** Where the agent log has nothing of who took a call up: what the in-group's log says, less the wait. */
function toRows({ user, user_group, length_in_sec, queue_seconds }: InGroupRow): AgentRow[] {
  const talk_sec = Math.max(0, Math.round(Number(length_in_sec) - Number(queue_seconds)));
  return toAgent(user) ? [{ user, user_group, talk_sec, dispo_sec: 0, dead_sec: 0 }] : [];
}

const isSame = (user: string | null, other: string | null) => fold(user ?? '') === fold(other ?? '');
const toKey = ({ uniqueid, lead_id }: Pick<LogRow, 'uniqueid' | 'lead_id'>, agent = '') =>
  `${fold(uniqueid)} ${lead_id ?? 0} ${fold(agent)}`;
