/** How all campaigns stand with their abandon alerts, found again after a restart from what was written down. */
import { minuteMs } from '../engine/abandon.ts';
import type { Settings } from '../engine/settings.ts';
import { sql } from '../sql.ts';
import type { Store } from '../store/store.ts';
import { type AlertState, closingMinutes, levelAfter, nextState, toEvent } from './abandon-alerts.ts';
import { type AlertEvent, lastEvents, openCampaigns } from './events.ts';
import { type CampaignPart, isIn, type Run, readRuns } from './minutes.ts';

/** From where a tenant is measured on. */
export interface Standing {
  tenantId: number;
  settings: Settings;
  /** The last minute that is over; undefined before the first. */
  at: number | undefined;
  /** Under which mark its events are written. */
  underMark: number;
  part?: CampaignPart | undefined;
  /** How long reading may take. */
  timeoutMs: number;
}

/** How the campaigns of a tenant stand. */
export interface TenantStates {
  /** Whether any has an open alert. */
  hasOpen(): boolean;
  /** Moves a campaign on over minutes in a row. Gives the events that this makes. */
  move(run: Run, minAttempts: number): AlertEvent[];
}

/** How all campaigns stand, minute after minute. */
export interface AlertStates {
  /** A tenant's, read from its events unless they are known already. */
  of(standing: Standing): Promise<TenantStates>;
  /** A tenant is measured for now: remembers how it stands, if there is little to remember. */
  rest(tenantId: number): void;
  /** Forgets a tenant's, or everything, for the next time to read again. */
  forget(tenantId?: number): void;
}

/** A campaign's state, and up to when its minutes were moved on already. */
type Kept = AlertState & { movedTo: number };

// Between two minutes only few are remembered: the rest is read again.
const mostRemembered = 1000;

/** Opens the states. They are kept nowhere: the last events and the last minutes say everything. */
export function openAlertStates(store: Store): AlertStates {
  const known = new Map<number, Map<number, Kept>>();

  async function read({ tenantId, settings, at, underMark, part, timeoutMs }: Standing): Promise<Map<number, Kept>> {
    const states = new Map<number, Kept>();
    const openedAt = new Map<number, number>();
    const ofPart = part && isIn(sql`toUInt64(events.subject)`, part);
    for await (const events of lastEvents(store, tenantId, 'abandon.', { which: ofPart, timeoutMs })) {
      for (const event of events) {
        const level = levelAfter(event.kind);
        // Events were written, and then not the mark: their minutes are measured again, but have been told.
        const wasCutOff = event.under_mark === underMark;
        if (level === 'calm' && !wasCutOff) continue;
        states.set(Number(event.subject), { level, quietMinutes: 0, movedTo: wasCutOff ? event.at : 0 });
        if (level !== 'calm') openedAt.set(Number(event.subject), event.at);
      }
    }
    if (at === undefined || openedAt.size === 0) return states;
    // The minutes in a row, up to the last one measured, that were less than the level of their campaign.
    const span = { tenantId, settings, part, first: at - (closingMinutes - 2) * minuteMs, last: at };
    for await (const runs of readRuns(store, span, openCampaigns(tenantId), { timeoutMs })) {
      for (const run of runs) {
        const kept = states.get(run.campaignId);
        const openAt = openedAt.get(run.campaignId);
        if (!kept || openAt === undefined) continue;
        for (let minute = Math.max(run.from, openAt + minuteMs); minute <= run.to; minute += minuteMs) {
          const { state } = nextState(kept, { ...run, at: minute }, settings.abandon_alert_min_attempts);
          // A higher level is found, and told, by the next minute.
          kept.quietMinutes = state.level === kept.level ? state.quietMinutes : 0;
        }
      }
    }
    return states;
  }

  return {
    async of(standing) {
      const { tenantId, part } = standing;
      const states = known.get(tenantId) ?? (await read(standing));
      // Of a part there is no more to know afterwards.
      if (!part) known.set(tenantId, states);
      return {
        hasOpen: () => states.size > 0,
        move: (run, minAttempts) => moveOn(states, tenantId, run, minAttempts),
      };
    },
    rest(tenantId) {
      if ((known.get(tenantId)?.size ?? 0) > mostRemembered) known.delete(tenantId);
    },
    forget(tenantId) {
      if (tenantId === undefined) known.clear();
      else known.delete(tenantId);
    },
  };
}

function moveOn(states: Map<number, Kept>, tenantId: number, run: Run, minAttempts: number): AlertEvent[] {
  const events: AlertEvent[] = [];
  let { movedTo, ...state }: Kept = states.get(run.campaignId) ?? { level: 'calm', quietMinutes: 0, movedTo: 0 };
  const from = Math.max(run.from, movedTo + minuteMs);
  if (from > run.to) return events;
  for (let at = from; at <= run.to; at += minuteMs) {
    const snapshot = { ...run, at };
    const next = nextState(state, snapshot, minAttempts);
    if (next.kind) events.push(toEvent(tenantId, next.kind, snapshot));
    const isSettled = next.state.level === state.level && next.state.quietMinutes === state.quietMinutes;
    state = next.state;
    // It stays so until the figures change.
    if (isSettled) break;
  }
  if (state.level === 'calm') states.delete(run.campaignId);
  else states.set(run.campaignId, { ...state, movedTo: 0 });
  return events;
}
