/** What the minutes of the others don't wait for: caller IDs each hour, and the tenants that lag. */
import { minuteMs } from '../engine/abandon.ts';
import { hourMs } from '../engine/time.ts';
import { judgeCallerIds } from './caller-id-alerts.ts';
import { type Clockwork, floorTo, furthestMs } from './clockwork.ts';
import { type Lag, moveLag, readLags } from './lags.ts';
import { type Mark, moveMark, readMark } from './marks.ts';
import { Unmeasured } from './measuring.ts';

const laggingMinutesAtOnce = 60;

/** Judges the caller IDs of all tenants, once an hour. */
export async function judgeHourDue(clockwork: Clockwork): Promise<void> {
  const { store, settingsOf, now, log } = clockwork;
  const hour = floorTo(now(), hourMs);
  const mark = await clockwork.backTo('hour', await readMark(store, 'hour'), hour);
  if (mark?.at === hour) return;
  for (const tenantId of await clockwork.tenants()) {
    if (clockwork.isClosing()) return;
    const settings = await settingsOf(tenantId);
    try {
      for await (const events of judgeCallerIds(store, { tenantId, settings, hour }))
        await clockwork.keep(events, mark?.version ?? 0);
    } catch (error) {
      if (!(error instanceof Unmeasured)) throw error;
      log.warn({ err: error, tenant: tenantId }, 'the caller IDs of a tenant were not judged; they are in an hour');
    }
  }
  await moveMark(store, 'hour', mark, hour);
}

/** Moves the tenants that lag on in turn, a piece of each, until all that can be measured are where the mark is. */
export async function catchUp(clockwork: Clockwork): Promise<void> {
  const { store } = clockwork;
  const failed = new Set<number>();
  for (;;) {
    const mark = await readMark(store, 'minute');
    const lags = await readLags(store);
    const due = lags.filter(({ tenantId, at }) => mark && at < mark.at && !failed.has(tenantId));
    if (!mark || due.length === 0) return;
    for (const lag of due) {
      if (!(await clockwork.mayGoOn())) return;
      if (!(await moveOn(clockwork, lag, mark))) failed.add(lag.tenantId);
      await judgeHourDue(clockwork);
    }
  }
}

/** Measures the next piece of a tenant that lags. False when it can't be measured now either. */
async function moveOn(clockwork: Clockwork, lag: Lag, mark: Mark): Promise<boolean> {
  const { tenantId, underMark } = lag;
  const first = Math.max(lag.at + minuteMs, mark.at - furthestMs);
  const last = Math.min(first + (laggingMinutesAtOnce - 1) * minuteMs, mark.at);
  try {
    await clockwork.measure({ tenantId, first, last, underMark, isFirst: false });
    await moveLag(clockwork.store, lag, last);
    return true;
  } catch (error) {
    clockwork.states.forget(tenantId);
    if (!(error instanceof Unmeasured)) throw error;
    clockwork.tellLag(tenantId, lag, error);
    return false;
  }
}
