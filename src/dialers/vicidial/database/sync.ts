/** One sync of VICIdial's database from beginning to end: its parts in their order, and what came of them. */
import { openIds } from '../../ids.ts';
import { openLocalTime, toWallClock } from '../../local-time.ts';
import { readClock } from '../../mysql/clock.ts';
import { assertGranted, toLosses } from '../../mysql/grants.ts';
import { readState } from '../../read-state.ts';
import type { Target } from '../../target.ts';
import { assertKnownZone } from '../../zone.ts';
import { type StatusBook, toStatusBook } from '../statuses.ts';
import { openTally, type SyncTally } from '../tally.ts';
import { openInGroupJoin } from './join-in-groups.ts';
import { openLogReader } from './log-reader.ts';
import type { VicidialDatabase } from './source.ts';
import { tablesWith, vicidialDocs } from './source-tables.ts';
import { emptyState } from './state.ts';
import { syncCalls, toBegin } from './sync-calls.ts';
import { syncLeads } from './sync-leads.ts';
import { syncTables } from './sync-tables.ts';
import type { Syncing, SyncOptions } from './syncing.ts';
import { assertZoneFits, type ZoneDoubts } from './zone-check.ts';

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
  assertGranted(source, { tables: tablesWith(options), docs: vicidialDocs });
  const clock = await readClock(source);
  const zone = options.zone ?? clock.zone;
  assertKnownZone(zone);
  const startedAt = Date.parse(`${clock.now.replace(' ', 'T')}Z`);
  const reader = openLogReader(source, { archive: options.archive, zone });
  const readLocal = openLocalTime(zone);
  const kept = options.again ? emptyState() : readState(await target.loadState(), emptyState());
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
    notes: toLosses(source, tablesWith(options)),
  };
}
