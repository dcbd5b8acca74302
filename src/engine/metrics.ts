import { sql } from '../sql.ts';
import { average, fixed, percent, ratio } from './round.ts';

// Figures over the scope's calls. Each is written once; a report names it and gives it the contract's alias.

/** Dial attempts. */
export const dials = sql`countIf(calls.is_dial)`;
/** Dials that a person picked up. */
export const answers = sql`countIf(calls.is_answer)`;
/** Dials on which an agent talked. */
export const handled = sql`countIf(calls.is_handled)`;
/** Answers that no agent took. */
export const abandoned = sql`countIf(calls.is_abandoned)`;
/** Dials refused by the callee or the network. */
export const rejected = sql`countIf(calls.is_rejected)`;
/** Conversations below the tenant's threshold of a meaningful one. */
export const shortCalls = sql`countIf(calls.is_short)`;
/** Dials that converted. */
export const conversions = sql`countIf(calls.is_converted)`;
/** Attempts that were stopped because they fell outside the allowed calling window. */
export const pdplBlocked = sql`countIf(calls.is_pdpl_blocked)`;
/** Seconds of conversation. */
export const talkSec = sql`sum(calls.talked_sec)`;
/** Seconds of talk, hold and wrap. */
export const handleSec = sql`sum(calls.handled_sec)`;
/** Different agents with a dial. */
export const uniqueAgents = sql`uniqExactIf(calls.agent_id, calls.is_dial AND calls.agent_id != 0)`;

/** Answers / dials x 100: the answer-seizure ratio of ITU-T E.411, with a person's pick-up as the answer. */
export const answerRatePct = (digits: number) => percent(answers, dials, digits);
/** Conversions / answers x 100, 2 digits. */
export const convRate = percent(conversions, answers, 2);
/** Talk time / answers in whole seconds: the average call duration (ACD). */
export const acdSec = average(talkSec, answers);
/** Talk time / answers with one decimal, as text. */
export const avgTalkSec = fixed(ratio(talkSec, answers, 1), 1);
/** Average handle time: talk, hold and wrap / answered calls, in whole seconds. Nobody handled an abandoned one. */
export const ahtSec = average(handleSec, handled);
