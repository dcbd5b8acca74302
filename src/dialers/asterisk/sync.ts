/** One sync of Asterisk's call records from beginning to end: what is new or has changed goes in, and nothing else. */
import type { Mapping } from '../../mapping/language/mapping.ts';
import { hourOf, later, openLocalTime, toWallClock } from '../local-time.ts';
import type { Database } from '../mysql/database.ts';
import { readState } from '../read-state.ts';
import { countOne } from '../tally.ts';
import type { Target } from '../target.ts';
import { openClockCheck } from './clock-check.ts';
import type { CdrGroup } from './groups.ts';
import { toLineOf } from './lines.ts';
import { columnsOfMapping, toOwnMapping } from './mapping.ts';
import { readDays } from './read-days.ts';
import { openCdr } from './source.ts';
import { emptyCdrState } from './state.ts';
import { type CdrTally, openCdrTally } from './tally.ts';
import { type HourWriter, openHourWriter } from './write-hours.ts';

/** How a sync of call records is to be done. */
export interface CdrSyncOptions {
  mapping: Mapping;
  /** The zone of the source's wall clocks, when its database can't tell. */
  zone?: string | undefined;
  /** Where the first reading begins, in wall clock; everything when not given. */
  since?: string | undefined;
  /** How many days are read again by every sync. */
  rereadDays: number;
  /** Forgets what was ingested before, and reads all of it again. */
  again: boolean;
  /** After how many rows they are ingested, and the state kept. */
  rowsAtOnce: number;
  signal?: AbortSignal | undefined;
  onProgress?: (text: string) => void;
}

/** What a sync did. */
export interface CdrSyncResult {
  tally: CdrTally;
  /** The part of the table that was read, in the source's wall clock; empty when there was nothing to read. */
  from: string;
  until: string;
  zone: string;
  /** The table's own counts over that part. */
  counted: { disposition: string; rows: number }[];
  /** Everything that the source knew at this instant is in; null when the sync was stopped before. */
  caughtUpAt: string | null;
  /** What could not be read and is done without. */
  notes: readonly string[];
}

const [hourMs, dayMs] = [3_600_000, 86_400_000];

/** Brings everything in that is new or has changed since the last sync. Safe to stop at any moment, and to do again. */
export async function syncAsterisk(source: Database, target: Target, options: CdrSyncOptions): Promise<CdrSyncResult> {
  const { signal, rereadDays, since } = options;
  const kept = readState(await target.loadState(), emptyCdrState());
  const state = options.again ? emptyCdrState() : kept;
  const names = columnsOfMapping(options.mapping);
  const reader = await openCdr(source, { names, zone: options.zone, hadBefore: state.columns });
  state.columns = reader.newer;
  const { zone, startedAt } = reader;
  const readLocal = openLocalTime(zone);
  const until = toWallClock(startedAt, zone);
  const tally = openCdrTally();
  const mayChangeFrom = hourOf(later(until, -rereadDays * dayMs));
  if (state.settled === '') state.begun = hourOf(since ?? '1971-01-01 00:00:00');
  const first = state.settled === '' ? state.begun : [state.settled, mayChangeFrom].sort()[0]!;
  const clock = openClockCheck(readLocal, { zone, isFirst: state.settled === '' });
  const mapping = toOwnMapping(options.mapping, reader);
  const writer = openHourWriter({
    target,
    mapping,
    state,
    tally,
    readLocal,
    rowsAtOnce: options.rowsAtOnce,
    mayChangeFrom,
    beforeFirst: clock.assertFits,
  });
  // The source's clock may be ahead of ours, or show an hour for the second time.
  const end = later(until, dayMs);
  const begin = await reader.firstAt([first, state.begun].sort()[1]!);
  const from = begin === undefined || begin >= end ? '' : hourOf(begin);
  const toLine = toLineOf(options.mapping, reader, readLocal);
  tally.undated += await reader.countUndated();
  if (from !== '') {
    const days = readDays(reader, { from, end, signal }, (row) => {
      clock.see(row);
      if (row.calldate >= from) {
        tally.read++;
        countOne(tally.dispositions, String(row.disposition ?? ''));
      }
      return toLine(row);
    });
    await writeDays(days, { from, writer, tally, options });
  }
  const isWhole = !signal?.aborted;
  if (isWhole) await writer.settle(hourOf(until));
  return {
    tally,
    from,
    until,
    zone,
    counted: isWhole && from !== '' ? await reader.countByDisposition(from, end) : [],
    caughtUpAt: isWhole ? new Date(startedAt).toISOString() : null,
    notes: [...reader.notes, ...clock.notes()],
  };
}

/** Writes days as they come, hour by hour. Of one that is stopped, what was reached is kept. */
async function writeDays(
  days: AsyncIterable<CdrGroup[]>,
  { from, writer, tally, options }: { from: string; writer: HourWriter; tally: CdrTally; options: CdrSyncOptions },
): Promise<void> {
  let reached: string | undefined;
  for await (const groups of days) {
    for (const [hour, own] of toHours(groups)) {
      if (options.signal?.aborted) break;
      if (hour < from) {
        tally.earlier += own.flatMap(({ rows }) => rows).filter(({ at }) => at >= from).length;
        continue;
      }
      await writer.write(hour, own);
      reached = later(hour, hourMs);
      options.onProgress?.(`calls of ${hour.slice(0, 10)}  ${tally.read} rows read`);
    }
  }
  if (options.signal?.aborted && reached !== undefined) await writer.settle(reached);
}

/** Groups in the order of their beginnings, by the hour of it. */
function toHours(groups: readonly CdrGroup[]): Map<string, CdrGroup[]> {
  const hours = new Map<string, CdrGroup[]>();
  for (const group of groups) {
    const hour = hourOf(group.begun);
    const own = hours.get(hour) ?? [];
    own.push(group);
    hours.set(hour, own);
  }
  return hours;
}
