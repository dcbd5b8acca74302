/** What all parts of the minute clock share: its limits, its counts, and the measuring of one tenant. */
import type { Settings } from '../engine/settings.ts';
import { dayMs } from '../engine/time.ts';
import { sql } from '../sql.ts';
import { ingested } from '../store/door.ts';
import type { Store } from '../store/store.ts';
import { type AlertStates, openAlertStates } from './alert-states.ts';
import { type AlertEvent, recordEvents } from './events.ts';
import { type Mark, type MarkName, moveMark } from './marks.ts';
import { openMeasuring, type Patience, type Piece } from './measuring.ts';
import type { MinuteTurn } from './turn.ts';

/** Where the monitor says what happened; a logger of pino's shape. */
export interface MonitorLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** What the monitor works with. */
export interface MonitorOptions {
  store: Store;
  turn: MinuteTurn;
  settingsOf(tenantId: number): Promise<Settings>;
  now(): number;
  log: MonitorLog;
  /** Told after events were written down. */
  onEvents(): void;
}

/** How the monitor has fared since it was opened. */
export interface MonitorCounts {
  /** The last minute that was measured, in epoch milliseconds; 0 before the first. */
  measuredTo: number;
  minutes: number;
  /** Minutes that were measured late. */
  minutesMadeUp: number;
  breaches: number;
  events: number;
  failures: number;
  clockSteps: number;
  /** Tenants that can't keep pace with the others, and are measured beside them. */
  lagging: number;
}

/** What the parts of the minute clock share: the tenants, the measuring of a piece, and what has come of it. */
export interface Clockwork extends MonitorOptions {
  readonly counts: MonitorCounts;
  readonly states: AlertStates;
  /** All tenants that have a call. */
  tenants(): Promise<number[]>;
  /** Measures a piece and counts what it came to. Throws Unmeasured. */
  measure(piece: Piece, patience?: Patience): Promise<void>;
  /** The tenants whose last piece took too long for the others to wait for. */
  readonly slow: Set<number>;
  /** A tenant that could not be measured in time. */
  tellLag(tenantId: number, mark: Mark, err: unknown): void;
  /** Writes events down and counts them. */
  keep(events: readonly AlertEvent[], underMark: number): Promise<void>;
  /** A mark, no later than `limit`: a clock that was set back must not stop the measuring until it catches up. */
  backTo(name: MarkName, mark: Mark | undefined, limit: number): Promise<Mark | undefined>;
  /** Whether the monitor closes. */
  isClosing(): boolean;
  /** Whether the work goes on here: the monitor does not close, and it is this server's turn. */
  mayGoOn(): Promise<boolean>;
  stop(): void;
}

/** As far back as breaches can be asked for. */
export const furthestMs = 90 * dayMs;
/** How long all others may wait for one tenant; one that takes longer keeps pace again when it takes half of that. */
export const patienceMs = 5000;

/** The last whole unit of time before an instant. */
export const floorTo = (ms: number, unit: number) => Math.floor(ms / unit) * unit;

/** Opens what the parts share. */
export function openClockwork(options: MonitorOptions): Clockwork {
  const { store, turn, now, log, onEvents } = options;
  const states = openAlertStates(store);
  const measuring = openMeasuring({ ...options, states });
  const slow = new Set<number>();
  const counts: MonitorCounts = {
    measuredTo: 0,
    minutes: 0,
    minutesMadeUp: 0,
    breaches: 0,
    events: 0,
    failures: 0,
    clockSteps: 0,
    lagging: 0,
  };
  let isClosing = false;

  function count(found: { events: number; breaches: number }): void {
    counts.breaches += found.breaches;
    counts.events += found.events;
    if (found.events > 0) onEvents();
  }

  return {
    ...options,
    counts,
    states,
    slow,
    async tenants() {
      const rows = await store.query<{ tenant_id: number }>(
        sql`SELECT DISTINCT tenant_id FROM ${ingested.calls.versions.ofEveryTenant} AS calls ORDER BY tenant_id`,
      );
      return rows.map((row) => row.tenant_id);
    },
    async measure(piece, patience) {
      const startedAt = performance.now();
      count(await measuring.measure(piece, patience));
      if (performance.now() - startedAt > patienceMs / 2) slow.add(piece.tenantId);
      else slow.delete(piece.tenantId);
    },
    tellLag(tenantId, mark, err) {
      const details = { err, tenant: tenantId, measured_to: new Date(mark.at).toISOString() };
      log.warn(
        details,
        'a tenant can\u2019t be measured as fast as the others: its minutes are made up for beside theirs',
      );
    },
    async keep(events, underMark) {
      await recordEvents(store, events, { now: now(), underMark });
      count({ events: events.length, breaches: 0 });
    },
    backTo: async (name, mark, limit) => (mark && mark.at > limit ? moveMark(store, name, mark, limit) : mark),
    isClosing: () => isClosing,
    mayGoOn: async () => !isClosing && (await turn.isMine()),
    stop() {
      isClosing = true;
    },
  };
}
