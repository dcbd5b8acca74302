/** A campaign's bad day for the monitor's stories: calls minute by minute, and a clock that is moved by hand. */

import { defaultSettings } from '../../src/engine/settings.ts';
import { openMonitor } from '../../src/monitor/monitor.ts';
import { openTurn } from '../../src/monitor/turn.ts';
import { sql } from '../../src/sql.ts';
import type { Store } from '../../src/store/store.ts';

export const minuteMs = 60_000;
/** When the day begins. */
export const dawn = Date.parse('2026-06-01T08:00:00Z');
/** An instant so many minutes, and seconds, into the day. */
export const minuteOf = (minutes: number, seconds = 0) => dawn + minutes * minuteMs + seconds * 1000;
/** The same as text. */
export const isoOf = (minutes: number) => new Date(minuteOf(minutes)).toISOString();

/** What a monitor said to its log. */
export interface Said {
  level: 'info' | 'warn' | 'error';
  message: string;
}

/** A monitor whose clock is moved by hand. */
export function openWatch(store: Store) {
  const clock = { ms: dawn };
  const said: Said[] = [];
  const say = (level: Said['level']) => (_details: object, message: string) => void said.push({ level, message });
  const open = () =>
    openMonitor({
      store,
      turn: openTurn(store),
      settingsOf: async () => defaultSettings,
      now: () => clock.ms,
      log: { info: say('info'), warn: say('warn'), error: say('error') },
      onEvents: () => {},
    });
  return { clock, said, open };
}

/** The ledger, in order. */
export const ledgerOf = (store: Store, tenant = 1) =>
  store.query<{ campaign: number; minute: string; total: number; abandoned: number; recorded: string }>(
    sql`SELECT campaign_id AS campaign, toString(window_to) AS minute, attempts_total AS total, attempts_abandoned AS abandoned,
        toString(recorded_at) AS recorded
      FROM breaches FINAL WHERE tenant_id = {tenant:UInt64} ORDER BY campaign, minute`.bind({ tenant }),
  );

/** The events, in the order in which they were written. */
export const eventsOf = (store: Store, tenant = 1) =>
  store.query<{ kind: string; subject: string; minute: string }>(
    sql`SELECT kind, subject, toString(at) AS minute FROM alert_events WHERE tenant_id = {tenant:UInt64} ORDER BY seq`.bind(
      {
        tenant,
      },
    ),
  );
