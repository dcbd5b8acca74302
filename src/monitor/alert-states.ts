import { minuteMs } from '../engine/abandon.ts';
import type { Settings } from '../engine/settings.ts';
import type { Store } from '../store/store.ts';
import { type AlertState, closingMinutes, levelAfter, nextState, toEvent } from './abandon-alerts.ts';
import { type AlertEvent, type LastEvent, lastEvents } from './events.ts';
import type { Mark } from './marks.ts';
import { measureMinutes, type Snapshot } from './minutes.ts';

/** How every campaign stands, minute after minute. */
export interface AlertStates {
  /** Reads what the written events say, unless it is known already; minutes up to the mark are over. */
  load(mark: Mark | undefined): Promise<void>;
  /** Forgets everything, for the next `load` to read again. */
  forget(): void;
  /** The campaigns of a tenant that have an open alert. */
  openOf(tenantId: number): number[];
  /** Moves a campaign on by a minute. Gives the event that this makes, if any. */
  move(tenantId: number, snapshot: Snapshot, minAttempts: number): AlertEvent | undefined;
}

/** A campaign's state, and up to when its minutes were moved on already. */
type Kept = AlertState & { movedTo: number };

/** Opens the states. They are kept nowhere: the last events and the last minutes say everything. */
export function openAlertStates(store: Store, settingsOf: (tenantId: number) => Promise<Settings>): AlertStates {
  let states: Map<string, Kept> | undefined;
  const keyOf = (tenantId: number, campaignId: number | string) => `${tenantId} ${campaignId}`;

  /** Counts the minutes in a row, up to the last one measured, that were less than the level of their campaign. */
  async function countQuiet(tenantId: number, open: readonly LastEvent[], last: number, read: Map<string, Kept>) {
    const settings = await settingsOf(tenantId);
    const first = last - (closingMinutes - 2) * minuteMs;
    const campaigns = new Map(open.map((event) => [Number(event.subject), event]));
    const snapshots = await measureMinutes(store, { tenantId, settings, first, last }, [...campaigns.keys()]);
    for (const snapshot of snapshots) {
      const event = campaigns.get(snapshot.campaignId);
      const kept = read.get(keyOf(tenantId, snapshot.campaignId));
      if (!event || !kept || snapshot.at <= event.at) continue;
      const { state } = nextState(kept, snapshot, settings.abandon_alert_min_attempts);
      // A higher level is found, and told, by the next minute.
      kept.quietMinutes = state.level === kept.level ? state.quietMinutes : 0;
    }
  }

  return {
    async load(mark) {
      if (states) return;
      const read = new Map<string, Kept>();
      const open = new Map<number, LastEvent[]>();
      for (const event of await lastEvents(store, 'abandon.')) {
        const level = levelAfter(event.kind);
        // Events were written, and then not the mark: their minutes are measured again, but have been told.
        const wasCutOff = event.under_mark === (mark?.version ?? 0);
        const movedTo = wasCutOff ? event.at : 0;
        if (level === 'calm' && !wasCutOff) continue;
        read.set(keyOf(event.tenant_id, event.subject), { level, quietMinutes: 0, movedTo });
        if (level !== 'calm') open.set(event.tenant_id, [...(open.get(event.tenant_id) ?? []), event]);
      }
      if (mark) for (const [tenantId, events] of open) await countQuiet(tenantId, events, mark.at, read);
      states = read;
    },
    forget() {
      states = undefined;
    },
    openOf(tenantId) {
      const prefix = `${tenantId} `;
      return [...(states?.entries() ?? [])]
        .filter(([key, { level }]) => level !== 'calm' && key.startsWith(prefix))
        .map(([key]) => Number(key.slice(prefix.length)));
    },
    move(tenantId, snapshot, minAttempts) {
      const key = keyOf(tenantId, snapshot.campaignId);
      const { movedTo, ...before } = states?.get(key) ?? { level: 'calm', quietMinutes: 0, movedTo: 0 };
      if (snapshot.at <= movedTo) return undefined;
      const { state, kind } = nextState(before, snapshot, minAttempts);
      if (state.level === 'calm') states?.delete(key);
      else states?.set(key, { ...state, movedTo: 0 });
      return kind && toEvent(tenantId, kind, snapshot);
    },
  };
}
