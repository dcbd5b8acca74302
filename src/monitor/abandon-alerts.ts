/** When an alert of a campaign's abandon rate opens and closes: the rules, minute by minute, without a store. */
import { isNearLimit, isOverLimit, minuteMs } from '../engine/abandon.ts';
import { percentOf } from '../engine/round.ts';
import type { AlertEvent } from './events.ts';
import type { Snapshot } from './minutes.ts';

/** How a campaign stands: nothing to say, near its limit, or over it; and for how many minutes less than that. */
export interface AlertState {
  level: 'calm' | 'near' | 'over';
  quietMinutes: number;
}

/** Minutes in a row after which an alert closes. */
export const closingMinutes = 5;

/** The level that a campaign's last event left it at. */
export function levelAfter(kind: AlertEvent['kind'] | undefined): AlertState['level'] {
  if (kind === 'abandon.breached') return 'over';
  // A campaign that has recovered is still near its limit for all we know: it need not be told again at once.
  return kind === 'abandon.nearing' || kind === 'abandon.recovered' ? 'near' : 'calm';
}

/** The next state of a campaign and the event that leads there, if any. Both levels wait for `minAttempts`. */
export function nextState(
  state: AlertState,
  snapshot: Snapshot,
  minAttempts: number,
): { state: AlertState; kind?: AlertEvent['kind'] } {
  const { attempts, abandoned, limit_millionths } = snapshot;
  const counts = attempts >= minAttempts;
  const isOver = counts && isOverLimit(abandoned, attempts, limit_millionths);
  if (isOver && state.level !== 'over') return { state: { level: 'over', quietMinutes: 0 }, kind: 'abandon.breached' };
  const isNear = counts && isNearLimit(abandoned, attempts, limit_millionths);
  if (state.level === 'calm')
    return isNear ? { state: { level: 'near', quietMinutes: 0 }, kind: 'abandon.nearing' } : { state };
  const isQuiet = state.level === 'over' ? !isOver : !isNear;
  const quietMinutes = isQuiet ? state.quietMinutes + 1 : 0;
  if (quietMinutes < closingMinutes) return { state: { ...state, quietMinutes } };
  return state.level === 'over'
    ? { state: { level: 'near', quietMinutes: 0 }, kind: 'abandon.recovered' }
    : { state: { level: 'calm', quietMinutes: 0 }, kind: 'abandon.calm' };
}

/** What is told of a snapshot. */
export function toEvent(tenantId: number, kind: AlertEvent['kind'], snapshot: Snapshot): AlertEvent {
  const { campaignId, name, at, attempts, abandoned, limit_millionths, window_minutes, basis } = snapshot;
  return {
    tenantId,
    kind,
    subject: String(campaignId),
    at,
    details: {
      campaign_id: campaignId,
      campaign_name: name,
      attempts_total: attempts,
      attempts_abandoned: abandoned,
      abandon_rate_pct: percentOf(abandoned, attempts, 2),
      limit_pct: limit_millionths / 1_000_000,
      basis,
      window_minutes,
      window_from: new Date(at - window_minutes * minuteMs).toISOString(),
      window_to: new Date(at).toISOString(),
    },
  };
}
