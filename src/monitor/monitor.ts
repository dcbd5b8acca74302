/** The minute clock as the server starts and stops it: what is due, in which order, and when again. */
import { minuteMs } from '../engine/abandon.ts';
import { catchUp, judgeHourDue } from './beside.ts';
import { floorTo, type MonitorCounts, type MonitorOptions, openClockwork } from './clockwork.ts';
import { measureMinutesDue } from './on-time.ts';

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

const retryMs = 5000;

/**
 * Opens the minute clock. Each step writes the ledger, then the alerts, then how far it came: wherever it is stopped, the
 * next start goes on from the last mark and finds what is written already.
 */
export function openMonitor(options: MonitorOptions): Monitor {
  const { turn, now, log } = options;
  const clockwork = openClockwork(options);
  const { counts, states } = clockwork;
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

  const onTime = openRun(() => inMyTurn(() => measureMinutesDue(clockwork)));
  const beside = openRun(() =>
    inMyTurn(async () => {
      await judgeHourDue(clockwork);
      if (counts.lagging > 0) await catchUp(clockwork);
    }),
  );

  function look(): void {
    const isDue = floorTo(now(), minuteMs) !== counts.measuredTo && performance.now() >= restUntil;
    if (!isDue || onTime.running) return;
    onTime
      .run()
      .then(() => void beside.run().catch(tellFailure))
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
      await onTime.run();
      await beside.run();
    },
    start() {
      timer ??= setInterval(look, 1000).unref();
      look();
    },
    async close() {
      clockwork.stop();
      clearInterval(timer);
      await Promise.allSettled([onTime.running, beside.running]);
      if (timer) await turn.release().catch(() => {});
    },
  };
}

/** Work that runs once at a time: whoever asks while it runs waits for that run. */
function openRun(work: () => Promise<void>) {
  let running: Promise<void> | undefined;
  return {
    get running() {
      return running;
    },
    run(): Promise<void> {
      running ??= work().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}
