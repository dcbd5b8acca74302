/** Makes call rows of a day's attempts: calls wait for a busy agent, and a few rows are corrected later. */
import { ALLOWED, calendarDate, type Day, HOUR, instantOf, MINUTE } from './calendar.ts';
import type { Code } from './dispositions.ts';
import type { DialAttempt } from './life.ts';
import { hash, Random } from './random.ts';
import { type GeneratedRow, iso } from './row.ts';

/** A call row and the instant that its `updated_at` tells. */
interface CallVersion {
  row: GeneratedRow;
  updatedAt: number;
}

/** The days after a call in which it may still be corrected. */
export const CORRECTION_DAYS = 3;

/** How far a call may slip when its agent is still busy with another. */
const MOST_SLIP = 25 * MINUTE;

/** The call rows of one day; a corrected call comes twice, the correction after the first version. */
export function* callsOf(day: Day, attempts: DialAttempt[], seed: number): Generator<CallVersion> {
  const inOrder = attempts.sort((a, b) => a.timeOfDay - b.timeOfDay || a.lead.lead_id - b.lead.lead_id);
  const date = calendarDate(day).replaceAll('-', '');
  const freeAt = new Map<number, number>();
  for (const [index, attempt] of inOrder.entries()) {
    const { lead, agent, callerId } = attempt;
    const { outcome, disposition, ringSec, talkSec, holdSec, wrapSec } = attempt.result;
    const random = new Random(hash(seed, 21, day, index));
    const busyUntil = (agent && freeAt.get(agent.agent_id)) ?? 0;
    const started = slip(attempt, busyUntil, random);
    const ended = started + (ringSec + talkSec + holdSec + wrapSec) * 1000;
    if (agent !== null && outcome !== 'blocked') freeAt.set(agent.agent_id, Math.max(busyUntil, ended));

    const updatedAt = instantOf(day, ended);
    const isManual = outcome === 'no_answer' && random.chance(0.005);
    const row: GeneratedRow = {
      call_id: `demo-${date}-${String(index + 1).padStart(6, '0')}`,
      campaign_id: lead.campaign.campaign_id,
      lead_id: isManual ? null : lead.lead_id,
      agent_id: agent?.agent_id ?? null,
      team_id: agent?.team_id ?? null,
      cid: callerId?.cid ?? null,
      started_at: iso(instantOf(day, started)),
      outcome,
      block_reason: attempt.block_reason,
      talk_sec: talkSec,
      hold_sec: holdSec,
      wrap_sec: wrapSec,
      disposition_code: disposition,
      is_conversion: null,
      updated_at: iso(updatedAt),
    };
    yield { row, updatedAt };

    const disposition_code = outcome === 'answered' ? corrected(disposition, random) : disposition;
    if (disposition_code !== disposition) {
      const correctedAt = updatedAt + (Math.floor(random.skewed(4, 1) * HOUR) % (CORRECTION_DAYS * 24 * HOUR));
      yield { row: { ...row, disposition_code, updated_at: iso(correctedAt) }, updatedAt: correctedAt };
    }
  }
}

/** When the call really starts: at its time, or once the agent is free, but never out of the allowed hours. */
function slip({ timeOfDay, result }: DialAttempt, freeAt: number, random: Random): number {
  if (result.outcome === 'blocked' || freeAt <= timeOfDay) return timeOfDay;
  const started = freeAt + random.integer(800, 9000);
  return started > timeOfDay + MOST_SLIP || started >= ALLOWED.to ? timeOfDay : started;
}

/** What a disposition is changed to afterwards, by the agent or by quality control; mostly it stays. */
function corrected(code: Code | null, random: Random): Code | null {
  if (code === null) return random.chance(0.4) ? 'not_interested' : null;
  if (code === 'sale') return random.chance(0.035) ? 'sale_cancelled' : code;
  if (code === 'callback') return random.chance(0.02) ? 'not_interested' : code;
  if (code === 'not_interested') return random.chance(0.006) ? 'do_not_call' : code;
  if (code === 'follow_up') return random.chance(0.012) ? 'sale' : code;
  return code;
}
