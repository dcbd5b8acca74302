import { BadOptions } from '../../errors.ts';
import { findZone } from '../../zones.ts';
import { openLocalTime, type ReadLocal, toWallClock } from '../local-time.ts';
import { type Ids, openIds, type Target } from '../target.ts';
import { assertGranted, toLosses } from './grants.ts';
import { type InGroupJoin, openInGroupJoin } from './join-in-groups.ts';
import type { Overrides } from './outcome.ts';
import { type LogReader, openLogReader } from './read.ts';
import { readClock, type VicidialDatabase } from './source.ts';
import { emptyState, readState, type SyncState } from './state.ts';
import { type StatusBook, toStatusBook } from './statuses.ts';
import { syncCalls, toBegin } from './sync-calls.ts';
import { syncLeads } from './sync-leads.ts';
import { syncTables } from './sync-tables.ts';
import { openTally, type SyncTally } from './tally.ts';
import type { Credit } from './transfers.ts';
import { assertZoneFits, type ZoneDoubts } from './zone-check.ts';

/** How a sync is to be done. */
export interface SyncOptions {
  /** The zone of the source's wall clocks, when its database can't tell. */
  zone?: string | undefined;
  /** Where the first reading of the log begins, in wall clock; everything when not given. */
  since?: string | undefined;
  /** How many days of the log are read again by every sync. */
  rereadDays: number;
  archive: boolean;
  /** Forgets what was taken in before, and reads all of it again. */
  again: boolean;
  /** After how many rows a file is taken in, and the state kept. */
  rowsAtOnce: number;
  overrides: Overrides;
  /** Whose a transferred call is. */
  credit: Credit;
  /** What our campaigns have and VICIdial's don't. */
  campaigns: Record<string, string | number>;
  /** A directory for files on their way in. */
  directory: string;
  signal?: AbortSignal | undefined;
  onProgress?: (text: string) => void;
}

/** What all parts of a sync work with. */
export interface Syncing {
  reader: LogReader;
  inGroups: InGroupJoin;
  target: Target;
  ids: Ids;
  options: SyncOptions;
  state: SyncState;
  tally: SyncTally;
  statuses: StatusBook;
  readLocal: ReadLocal;
  /** Wall clock of the source when the sync began: later rows are for the next one. */
  until: string;
}

/** What a sync did. */
export interface SyncResult {
  tally: SyncTally;
  /** The part of the log that was read, in the source's wall clock. */
  from: string;
  until: string;
  zone: string;
  /** The log's own counts over that part. */
  counted: { campaign: string; code: string; rows: number }[];
  statuses: StatusBook;
  /** Everything that the source knew at this instant is in; null when the sync was stopped before. */
  caughtUpAt: string | null;
  /** Rows whose epoch and wall clock disagree by the zone, of those that were looked at. */
  zoneDoubts: ZoneDoubts;
  /** What could not be read and is done without. */
  notes: string[];
}

/** Brings everything in that is new or has changed since the last sync. Safe to stop at any moment, and to do again. */
export async function syncOnce(source: VicidialDatabase, target: Target, options: SyncOptions): Promise<SyncResult> {
  assertGranted(source, options);
  const clock = await readClock(source);
  const zone = options.zone ?? clock.zone;
  assertKnownZone(zone);
  const startedAt = Date.parse(`${clock.now.replace(' ', 'T')}Z`);
  const reader = openLogReader(source, { archive: options.archive, zone });
  const readLocal = openLocalTime(zone);
  const kept = options.again ? emptyState() : readState(await target.loadState());
  // What an archive holds is older than where the last sync stopped.
  const state = options.archive && !kept.archive ? { ...kept, archive: true, settled: '', leads_checked_at: 0 } : kept;
  const tables = {
    campaigns: await reader.campaigns(),
    users: await reader.users(),
    userGroups: await reader.userGroups(),
  };
  const syncing: Syncing = {
    reader,
    inGroups: openInGroupJoin(reader.inGroups, readLocal),
    target,
    ids: openIds(target),
    options,
    state,
    tally: openTally(),
    statuses: toStatusBook(await reader.statuses()),
    readLocal,
    until: toWallClock(startedAt, zone),
  };
  if (state.settled === '') {
    await assertZoneFits(reader, { zone, readLocal, from: toBegin(options.since), until: syncing.until });
  }
  await syncTables(syncing, tables);
  const { from, zoneDoubts } = await syncCalls(syncing);
  await syncLeads(syncing, startedAt);
  const isWhole = !options.signal?.aborted;
  if (isWhole) state.caught_up_at = new Date(startedAt).toISOString();
  await target.saveState(JSON.stringify(state));
  return {
    tally: syncing.tally,
    from,
    until: syncing.until,
    zone,
    counted: isWhole && from !== '' ? await reader.countByStatus(from, syncing.until) : [],
    statuses: syncing.statuses,
    caughtUpAt: isWhole ? state.caught_up_at : null,
    zoneDoubts,
    notes: toLosses(source, options),
  };
}

/** Throws BadOptions unless it is the name of a time zone that is known here. */
export function assertKnownZone(zone: string | undefined): asserts zone is string {
  if (zone && findZone(zone)) return;
  const why = zone
    ? `There is no time zone ${JSON.stringify(zone)}.`
    : 'The database does not say in which time zone its wall clocks are.';
  throw new BadOptions(`${why} Name it: --source-timezone America/New_York`);
}
