import { minuteMs } from '../engine/abandon.ts';
import type { Settings } from '../engine/settings.ts';
import { dayMs, hourMs } from '../engine/time.ts';
import { sql } from '../sql.ts';
import { takenIn } from '../store/door.ts';
import type { Store } from '../store/store.ts';
import { openAlertStates } from './alert-states.ts';
import { judgeCallerIds } from './caller-id-alerts.ts';
import { type AlertEvent, recordEvents } from './events.ts';
import { beginLag, endLag, type Lag, moveLag, readLags } from './lags.ts';
import { type Mark, type MarkName, moveMark, readMark } from './marks.ts';
import { openMeasuring, type Patience, type Piece, Unmeasured } from './measuring.ts';
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

/**
 * The minute clock: abandon rates each minute, caller IDs each hour. A tenant whose minutes take long, or fail, is measured beside the
 * others, at its own pace: they don't wait, and it misses no minute.
 */
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
const laggingMinutesAtOnce = 60;
const retryMs = 5000;
// How long all others may wait for one tenant; one that takes longer keeps pace again when it takes half of that.
const patienceMs = 5000;
const floorTo = (ms: number, unit: number) => Math.floor(ms / unit) * unit;

/**
 * Opens the minute clock. Each step writes the ledger, then the alerts, then how far it came: wherever it is stopped, the
 * next start goes on from the last mark and finds what is written already.
 */
export function openMonitor(options: MonitorOptions): Monitor {
  const { store, turn, settingsOf, now, log, onEvents } = options;
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
  const states = openAlertStates(store);
  const measuring = openMeasuring({ store, states, settingsOf, now });
  /** The tenants whose last piece took too long. */
  const slow = new Set<number>();
  let isClosing = false;

  async function tenants(): Promise<number[]> {
    const rows = await store.query<{ tenant_id: number }>(
      sql`SELECT DISTINCT tenant_id FROM ${takenIn.calls.versions.ofEveryTenant} AS calls ORDER BY tenant_id`,
    );
    return rows.map((row) => row.tenant_id);
  }

  async function keep(events: readonly AlertEvent[], underMark: number): Promise<void> {
    await recordEvents(store, events, { now: now(), underMark });
    count({ events: events.length, breaches: 0 });
  }

  function count(found: { events: number; breaches: number }): void {
    counts.breaches += found.breaches;
    counts.events += found.events;
    if (found.events > 0) onEvents();
  }

  /** The mark, no later than `limit`: a clock that was set back must not stop the measuring until it catches up. */
  async function backTo(name: MarkName, mark: Mark | undefined, limit: number): Promise<Mark | undefined> {
    return mark && mark.at > limit ? moveMark(store, name, mark, limit) : mark;
  }

  async function measure(piece: Piece, patience?: Patience): Promise<void> {
    const startedAt = performance.now();
    count(await measuring.measure(piece, patience));
    if (performance.now() - startedAt > patienceMs / 2) slow.add(piece.tenantId);
    else slow.delete(piece.tenantId);
  }

  function tellLag(tenantId: number, mark: Mark, err: unknown): void {
    const details = { err, tenant: tenantId, measured_to: new Date(mark.at).toISOString() };
    log.warn(
      details,
      'a tenant can\u2019t be measured as fast as the others: its minutes are made up for beside theirs',
    );
  }

  /** Measures a span of all tenants but those that lag. Whoever can't keep pace lags from then on. */
  async function measureSpan(first: number, last: number, mark: Mark | undefined, lags: Set<number>): Promise<Mark> {
    const pace = { first, last, underMark: mark?.version ?? 0, isFirst: !mark };
    for (const tenantId of await tenants()) {
      if (lags.has(tenantId)) continue;
      try {
        await measure({ tenantId, ...pace }, { longestMs: patienceMs });
      } catch (error) {
        if (!(error instanceof Unmeasured)) throw error;
        // Before the first mark there is one minute, and whoever misses it begins with the next.
        const behind = mark ?? { at: first - minuteMs, version: 0 };
        await beginLag(store, tenantId, behind);
        lags.add(tenantId);
        slow.add(tenantId);
        tellLag(tenantId, behind, error);
      }
    }
    return moveMark(store, 'minute', mark, last);
  }

  /** The tenants that lag; of them, those that have come to the mark and are quick again, lag no more. */
  async function readLagging(mark: Mark | undefined): Promise<Set<number>> {
    const lagging = new Set<number>();
    for (const lag of await readLags(store)) {
      const isThere = mark !== undefined && lag.at >= mark.at;
      if (isThere && !slow.has(lag.tenantId)) await endLag(store, lag);
      else lagging.add(lag.tenantId);
    }
    return lagging;
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
    const lagging = await readLagging(mark);
    for (let first = next; first <= present; first += minutesAtOnce * minuteMs) {
      if (isClosing || !(await turn.isMine())) return;
      const last = Math.min(first + (minutesAtOnce - 1) * minuteMs, present);
      mark = await measureSpan(first, last, mark, lagging);
      counts.minutes += (last - first) / minuteMs + 1;
      counts.minutesMadeUp += (Math.min(last, present - minuteMs) - first) / minuteMs + 1;
    }
    counts.lagging = lagging.size;
    counts.measuredTo = present;
  }

  /** Moves the tenants that lag on in turn, a piece of each, until all that can be measured are where the mark is. */
  async function catchUp(): Promise<void> {
    const failed = new Set<number>();
    for (;;) {
      const mark = await readMark(store, 'minute');
      const lags = await readLags(store);
      const due = lags.filter(({ tenantId, at }) => mark && at < mark.at && !failed.has(tenantId));
      if (!mark || due.length === 0) return;
      for (const lag of due) {
        if (isClosing || !(await turn.isMine())) return;
        if (!(await moveOn(lag, mark))) failed.add(lag.tenantId);
        await judgeHourDue();
      }
    }
  }

  async function moveOn(lag: Lag, mark: Mark): Promise<boolean> {
    const { tenantId, underMark } = lag;
    const first = Math.max(lag.at + minuteMs, mark.at - furthestMs);
    const last = Math.min(first + (laggingMinutesAtOnce - 1) * minuteMs, mark.at);
    try {
      await measure({ tenantId, first, last, underMark, isFirst: false });
      await moveLag(store, lag, last);
      return true;
    } catch (error) {
      states.forget(tenantId);
      if (!(error instanceof Unmeasured)) throw error;
      tellLag(tenantId, lag, error);
      return false;
    }
  }

  async function judgeHourDue(): Promise<void> {
    const hour = floorTo(now(), hourMs);
    const mark = await backTo('hour', await readMark(store, 'hour'), hour);
    if (mark?.at === hour) return;
    for (const tenantId of await tenants()) {
      if (isClosing) return;
      const settings = await settingsOf(tenantId);
      try {
        for await (const events of judgeCallerIds(store, { tenantId, settings, hour }))
          await keep(events, mark?.version ?? 0);
      } catch (error) {
        if (!(error instanceof Unmeasured)) throw error;
        log.warn({ err: error, tenant: tenantId }, 'the caller IDs of a tenant were not judged; they are in an hour');
      }
    }
    await moveMark(store, 'hour', mark, hour);
  }

  let [onTime, beside]: (Promise<void> | undefined)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let restUntil = 0;

  /** Does work when it is this server's turn. */
  async function inMyTurn(work: () => Promise<void>): Promise<void> {
    if (!(await turn.isMine())) {
      states.forget();
      restUntil = performance.now() + retryMs;
      return;
    }
    try {
      await work();
    } catch (error) {
      // What was found and not written down is found again.
      states.forget();
      throw error;
    }
  }

  /** One measuring at a time. */
  function measureOnTime(): Promise<void> {
    onTime ??= inMyTurn(measureMinutesDue).finally(() => {
      onTime = undefined;
    });
    return onTime;
  }

  /** What the minutes of the others don't wait for. */
  function measureBeside(): Promise<void> {
    beside ??= inMyTurn(async () => {
      await judgeHourDue();
      if (counts.lagging > 0) await catchUp();
    }).finally(() => {
      beside = undefined;
    });
    return beside;
  }

  function look(): void {
    const isDue = floorTo(now(), minuteMs) !== counts.measuredTo && performance.now() >= restUntil;
    if (!isDue || onTime) return;
    measureOnTime()
      .then(() => void measureBeside().catch(tellFailure))
      .catch(tellFailure);
  }

  function tellFailure(error: unknown): void {
    counts.failures += 1;
    restUntil = performance.now() + retryMs;
    log.error({ err: error }, 'minutes could not be measured; they are made up for as soon as the store answers');
  }

  return {
    counts,
    async measureDue() {
      await measureOnTime();
      await measureBeside();
    },
    start() {
      timer ??= setInterval(look, 1000).unref();
      look();
    },
    async close() {
      isClosing = true;
      clearInterval(timer);
      await Promise.allSettled([onTime, beside]);
      if (timer) await turn.release().catch(() => {});
    },
  };
}
