/** The part of a sync that brings calls in: which hours are read, which are written, and where the next sync goes on. */
import { join } from 'node:path';
import { hourOf, later } from '../../local-time.ts';
import { openSpool } from '../../spool.ts';
import { addIngested } from '../../tally.ts';
import { pagesOf, spoolHour } from './spool-hour.ts';
import type { Syncing } from './syncing.ts';
import { openUndated } from './undated.ts';
import type { ZoneDoubts } from './zone-check.ts';

const [hourMs, dayMs] = [3_600_000, 86_400_000];

/** What was found out beside the rows. */
interface CallsResult {
  from: string;
  zoneDoubts: ZoneDoubts;
}

/** Takes in the calls from where the log is settled, and counts those that customers made since then. */
export async function syncCalls(syncing: Syncing): Promise<CallsResult> {
  const { state, options, until, tally } = syncing;
  const mayChangeFrom = hourOf(later(until, -options.rereadDays * dayMs));
  if (state.settled === '') state.begun = toBegin(options.since);
  const first = state.settled === '' ? state.begun : [state.settled, mayChangeFrom].sort()[0]!;
  const begin = [first, state.begun].sort()[1]!;
  const result = await syncDials(syncing, { begin, mayChangeFrom });
  if (!options.signal?.aborted) tally.inbound += await syncing.inGroups.countInbound({ from: begin, end: until });
  return result;
}

/**
 * Reads the log hour by hour, and writes every hour that is not as it was taken in before. After each file the state is kept:
 * whatever stops the sync, the next one goes on there.
 */
async function syncDials(
  syncing: Syncing,
  { begin, mayChangeFrom }: { begin: string; mayChangeFrom: string },
): Promise<CallsResult> {
  const { reader, state, options, until, tally } = syncing;
  const undated = await openUndated(reader.undatedCalls({ from: begin, end: until }));
  const firstAt = async (local: string) => earlier(await reader.firstCallAt(local), undated.nextAt());
  const start = await firstAt(begin);
  const zoneDoubts = { rows: 0, of: 0 };
  tally.timeless += await reader.countTimeless(until);
  if (!start || start >= until) return { from: '', zoneDoubts };
  const from = hourOf(start);
  const spool = await openSpool(join(options.directory, 'calls.ndjson'));
  let fresh: Record<string, string> = {};
  let hour: string | undefined = from;
  /** Takes in what is waiting. Then nothing before `reached` is read again, but for what may still change. */
  const settle = async (reached: string) => {
    if (spool.rows > 0) {
      await spool.flush();
      addIngested(tally.ingested, await syncing.target.ingest('calls', spool.path));
      await spool.empty();
    }
    state.settled = reached < mayChangeFrom ? reached : mayChangeFrom;
    const hours = Object.entries({ ...state.hours, ...fresh }).filter(([known]) => known >= mayChangeFrom);
    state.hours = Object.fromEntries(hours);
    fresh = {};
    await syncing.target.saveState(JSON.stringify(state));
  };
  try {
    while (hour && hour < until && !options.signal?.aborted) {
      const next: string = later(hour, hourMs);
      const pages = pagesOf(syncing, { from: hour, end: next < until ? next : until }, undated, zoneDoubts);
      const rows = await spoolHour(syncing, pages, spool);
      const digest = spool.digest();
      if (hour >= mayChangeFrom && state.hours[hour] === digest) {
        await spool.drop();
        tally.unchanged += rows;
      } else {
        tally.written += rows;
        fresh[hour] = digest;
      }
      // Nights and weekends are skipped at one step.
      const soonest: string | undefined = rows > 0 ? next : await firstAt(next);
      hour = soonest && hourOf(soonest);
      if (spool.rows >= options.rowsAtOnce) await settle(next);
      options.onProgress?.(`calls of ${(hour ?? until).slice(0, 10)}  ${tally.read} rows read`);
    }
    await settle(hour && hour < until ? hour : hourOf(until));
  } finally {
    await spool.close();
  }
  return { from, zoneDoubts };
}

/** Where a first sync begins. */
export const toBegin = (since: string | undefined) => hourOf(since ?? '1971-01-01 00:00:00');

const earlier = (...times: (string | undefined)[]) => times.filter((time) => time !== undefined).sort()[0];
