import { isOverLimit, minuteMs } from '../engine/abandon.ts';
import type { Settings } from '../engine/settings.ts';
import { dayMs, hourMs, type Zones } from '../engine/time.ts';
import { sql } from '../sql.ts';
import type { Store } from '../store/store.ts';
import { openAlertStates } from './alert-states.ts';
import { judgeCallerIds } from './caller-id-alerts.ts';
import { type AlertEvent, type LastEvent, lastEvents, recordEvents } from './events.ts';
import { type Breach, recordBreaches } from './ledger.ts';
import { type Mark, type MarkName, moveMark, readMark } from './marks.ts';
import { measureMinutes } from './minutes.ts';
import type { Turn } from './turn.ts';

/** Where the monitor says what happened; a logger of pino's shape. */
export interface MonitorLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** What the monitor works with. */
export interface MonitorOptions {
  store: Store;
  zones: Zones;
  turn: Turn;
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
}

/** The minute clock: abandon rates each minute, caller IDs each hour. */
export interface Monitor {
  readonly counts: Readonly<MonitorCounts>;
  /** Measures everything that is due by now. Throws what the store throws; nothing is lost by it. */
  measureDue(): Promise<void>;
  /** Measures by itself from now on, and tries again after a failure. */
  start(): void;
  /** Lets what runs end, and another server take over. */
  close(): Promise<void>;
}

// As far back as breaches can be asked for.
const furthestMs = 90 * dayMs;
const minutesAtOnce = 1440;
const retryMs = 5000;
const floorTo = (ms: number, unit: number) => Math.floor(ms / unit) * unit;

/**
 * Opens the minute clock. Each step writes the ledger, then the alerts, then how far it came: wherever it is stopped, the
 * next start goes on from the last mark and finds what is written already.
 */
export function openMonitor(options: MonitorOptions): Monitor {
  const { store, zones, turn, settingsOf, now, log, onEvents } = options;
  const counts: MonitorCounts = {
    measuredTo: 0,
    minutes: 0,
    minutesMadeUp: 0,
    breaches: 0,
    events: 0,
    failures: 0,
    clockSteps: 0,
  };
  const states = openAlertStates(store, settingsOf);

  async function tenants(): Promise<number[]> {
    const rows = await store.query<{ tenant_id: number }>(sql`SELECT DISTINCT tenant_id FROM calls ORDER BY tenant_id`);
    return rows.map((row) => row.tenant_id);
  }

  async function keep(events: readonly AlertEvent[], mark: Mark | undefined): Promise<void> {
    await recordEvents(store, events, { now: now(), underMark: mark?.version ?? 0 });
    counts.events += events.length;
    if (events.length > 0) onEvents();
  }

  /** The mark, no later than `limit`: a clock that was set back must not stop the measuring until it catches up. */
  async function backTo(name: MarkName, mark: Mark | undefined, limit: number): Promise<Mark | undefined> {
    return mark && mark.at > limit ? moveMark(store, name, mark, limit) : mark;
  }

  async function measureSpan(first: number, last: number, mark: Mark | undefined): Promise<Mark> {
    const breaches: Breach[] = [];
    const events: AlertEvent[] = [];
    for (const tenantId of await tenants()) {
      const settings = await settingsOf(tenantId);
      const watched = states.openOf(tenantId);
      const snapshots = await measureMinutes(store, { tenantId, settings, first, last }, watched);
      for (const snapshot of snapshots) {
        const isOver = isOverLimit(snapshot.abandoned, snapshot.attempts, snapshot.limit_millionths);
        if (isOver) breaches.push({ tenantId, snapshot });
        const event = states.move(tenantId, snapshot, settings.abandon_alert_min_attempts);
        if (event) events.push(event);
      }
    }
    counts.breaches += await recordBreaches(store, breaches, now());
    await keep(events, mark);
    return moveMark(store, 'minute', mark, last);
  }

  async function measureMinutesDue(): Promise<void> {
    const present = floorTo(now(), minuteMs);
    const before = await readMark(store, 'minute');
    if (before && before.at > present) {
      counts.clockSteps += 1;
      log.warn(
        { measured_to: new Date(before.at).toISOString(), now: new Date(now()).toISOString() },
        'the clock went back: the minutes after the present one are measured again, and the ledger stays as it is',
      );
    }
    let mark = await backTo('minute', before, present);
    const next = mark ? Math.max(mark.at + minuteMs, present - furthestMs) : present;
    if (next < present) {
      log.info(
        { from: new Date(next).toISOString(), minutes: (present - next) / minuteMs },
        'making up missed minutes',
      );
    }
    await states.load(mark);
    for (let first = next; first <= present; first += minutesAtOnce * minuteMs) {
      const last = Math.min(first + (minutesAtOnce - 1) * minuteMs, present);
      mark = await measureSpan(first, last, mark);
      counts.minutes += (last - first) / minuteMs + 1;
      counts.minutesMadeUp += (Math.min(last, present - minuteMs) - first) / minuteMs + 1;
    }
    counts.measuredTo = present;
  }

  async function judgeHourDue(): Promise<void> {
    const hour = floorTo(now(), hourMs);
    const mark = await backTo('hour', await readMark(store, 'hour'), hour);
    if (mark?.at === hour) return;
    const standing = await lastEvents(store, 'caller_id.');
    const events: AlertEvent[] = [];
    for (const tenantId of await tenants()) {
      const isOpen = (event: LastEvent) => event.tenant_id === tenantId && event.kind === 'caller_id.suspected_block';
      const suspected = new Set(standing.filter(isOpen).map(({ subject }) => subject));
      const settings = await settingsOf(tenantId);
      events.push(...(await judgeCallerIds(store, { tenantId, settings, zones, hour }, suspected)));
    }
    await keep(events, mark);
    await moveMark(store, 'hour', mark, hour);
  }

  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let restUntil = 0;

  async function measure(): Promise<void> {
    if (!(await turn.isMine())) {
      states.forget();
      restUntil = performance.now() + retryMs;
      return;
    }
    try {
      await measureMinutesDue();
      await judgeHourDue();
    } catch (error) {
      // What was found and not written down is found again.
      states.forget();
      throw error;
    }
  }

  /** One measuring at a time. */
  function measureDue(): Promise<void> {
    running ??= measure().finally(() => {
      running = undefined;
    });
    return running;
  }

  function look(): void {
    const isDue = floorTo(now(), minuteMs) !== counts.measuredTo && performance.now() >= restUntil;
    if (!isDue || running) return;
    measureDue().catch((error: unknown) => {
      counts.failures += 1;
      restUntil = performance.now() + retryMs;
      log.error({ err: error }, 'minutes could not be measured; they are made up for as soon as the store answers');
    });
  }

  return {
    counts,
    measureDue,
    start() {
      timer ??= setInterval(look, 1000).unref();
      look();
    },
    async close() {
      clearInterval(timer);
      await running?.catch(() => {});
      if (timer) await turn.release().catch(() => {});
    },
  };
}
