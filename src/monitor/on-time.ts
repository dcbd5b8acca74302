/** The minutes of all tenants that keep pace: measured together, and made up for after a stop. */
import { minuteMs } from '../engine/abandon.ts';
import { type Clockwork, floorTo, furthestMs, patienceMs } from './clockwork.ts';
import { beginLag, endLag, readLags } from './lags.ts';
import { type Mark, moveMark, readMark } from './marks.ts';
import { Unmeasured } from './measuring.ts';

// What is written between two marks: a day of minutes.
const minutesAtOnce = 1440;

/**
 * Measures the minutes that are due by now, of all tenants but those that lag, and moves the mark. Missed ones are made up for. Whoever
 * can't keep pace lags from then on.
 */
export async function measureMinutesDue(clockwork: Clockwork): Promise<void> {
  const { store, counts, log, now } = clockwork;
  const present = floorTo(now(), minuteMs);
  const before = await readMark(store, 'minute');
  if (before && before.at > present) tellStepBack(clockwork, before);
  let mark = await clockwork.backTo('minute', before, present);
  const next = mark ? Math.max(mark.at + minuteMs, present - furthestMs) : present;
  if (next < present) {
    log.info({ from: new Date(next).toISOString(), minutes: (present - next) / minuteMs }, 'making up missed minutes');
  }
  const lagging = await readLagging(clockwork, mark);
  for (let first = next; first <= present; first += minutesAtOnce * minuteMs) {
    if (!(await clockwork.mayGoOn())) return;
    const last = Math.min(first + (minutesAtOnce - 1) * minuteMs, present);
    mark = await measureSpan(clockwork, { first, last, mark, lagging });
    counts.minutes += (last - first) / minuteMs + 1;
    counts.minutesMadeUp += (Math.min(last, present - minuteMs) - first) / minuteMs + 1;
  }
  counts.lagging = lagging.size;
  counts.measuredTo = present;
}

function tellStepBack({ counts, log, now }: Clockwork, before: Mark): void {
  counts.clockSteps += 1;
  log.warn(
    { measured_to: new Date(before.at).toISOString(), now: new Date(now()).toISOString() },
    'the clock went back: the minutes after the present one are measured again, and the ledger stays as it is',
  );
}

/** The tenants that lag; of them, those that have come to the mark and are quick again, lag no more. */
async function readLagging({ store, slow }: Clockwork, mark: Mark | undefined): Promise<Set<number>> {
  const lagging = new Set<number>();
  for (const lag of await readLags(store)) {
    const isThere = mark !== undefined && lag.at >= mark.at;
    if (isThere && !slow.has(lag.tenantId)) await endLag(store, lag);
    else lagging.add(lag.tenantId);
  }
  return lagging;
}

/** Measures a span of all tenants but those that lag, and moves the mark to its end. */
async function measureSpan(
  clockwork: Clockwork,
  { first, last, mark, lagging }: { first: number; last: number; mark: Mark | undefined; lagging: Set<number> },
): Promise<Mark> {
  const { store, slow } = clockwork;
  const pace = { first, last, underMark: mark?.version ?? 0, isFirst: !mark };
  for (const tenantId of await clockwork.tenants()) {
    if (lagging.has(tenantId)) continue;
    try {
      await clockwork.measure({ tenantId, ...pace }, { longestMs: patienceMs });
    } catch (error) {
      if (!(error instanceof Unmeasured)) throw error;
      // Before the first mark there is one minute, and whoever misses it begins with the next.
      const behind = mark ?? { at: first - minuteMs, version: 0 };
      await beginLag(store, tenantId, behind);
      lagging.add(tenantId);
      slow.add(tenantId);
      clockwork.tellLag(tenantId, behind, error);
    }
  }
  return moveMark(store, 'minute', mark, last);
}
