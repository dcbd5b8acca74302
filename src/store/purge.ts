/** Removes calls or a lead so that nothing of them is left on disk, and checks that it is so. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Static, Type } from 'typebox';
import { amount, closed } from '../shapes.ts';
import { join, name, type Sql, sql, sqlText } from '../sql.ts';
import { ingested, type TenantDoor } from './door.ts';
import { names, refusedRows } from './kept/ingest.ts';
import type { Store } from './store.ts';

/** What was removed, as JSON: rows that counted before, by table. */
export const purgedSchema = closed({
  calls: amount(),
  leads: amount(),
  refused_rows: amount(),
  names: amount('Names that stood for the lead in other systems'),
  gone: Type.Boolean({ description: 'True when no part on disk holds any of them any more' }),
});
/** What was removed: rows that counted before, by table. */
export type Purged = Static<typeof purgedSchema>;

const limits = { timeoutMs: 3_600_000 };

/** Rows of a tenant in one table, by a condition. */
interface Place {
  door: TenantDoor;
  tenantId: number;
  which: Sql;
}

/** Removes the calls of a window from disk for good, every version of them. */
export async function purgeCalls(
  store: Store,
  { tenantId, from, to, campaignId }: { tenantId: number; from: number; to: number; campaignId?: number | undefined },
): Promise<Purged> {
  // Only key columns: a condition on any other would bring an older version of the row back.
  const ofCampaign =
    campaignId === undefined ? sql`1` : sql`campaign_id = {campaign:UInt64}`.bind({ campaign: campaignId });
  const which = sql`started_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND started_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC') AND ${ofCampaign}`.bind({ from, to });
  const place = { door: ingested.calls, tenantId, which };
  const calls = await countCurrent(store, place);
  await remove(store, place);
  return { calls, leads: 0, refused_rows: 0, names: 0, gone: await isGone(store, [place]) };
}

/** Removes a lead from disk for good: its row, its calls, what was refused of it and its name elsewhere, every version of them. */
export async function purgeLead(
  store: Store,
  { tenantId, leadId }: { tenantId: number; leadId: number },
): Promise<Purged> {
  const ofLead = isOfLead(leadId);
  // A call that is the lead's now goes with all its versions, whichever lead those name; of a call that is somebody
  // else's now, the versions that name this lead go, which brings nothing back. The calls are listed first: while parts
  // are rewritten one by one, a version that is gone already would no longer lead to the others.
  const key = sql`campaign_id, started_at, call_key`;
  const listed = name(`staging_${randomUUID().replaceAll('-', '')}`);
  await store.command(
    sql`CREATE TABLE ${listed} ENGINE = Memory AS SELECT ${key} FROM ${ingested.calls.of(tenantId)} AS calls WHERE ${ofLead}`,
  );
  try {
    return await purgeListed(store, tenantId, leadId, sql`(${key}) IN (SELECT ${key} FROM ${listed})`);
  } finally {
    await store.command(sql`DROP TABLE IF EXISTS ${listed} SYNC`);
  }
}

const isOfLead = (leadId: number) => sql`lead_id = {lead:UInt64}`.bind({ lead: leadId });

async function purgeListed(store: Store, tenantId: number, leadId: number, isListed: Sql): Promise<Purged> {
  const ofLead = isOfLead(leadId);
  const calls = { door: ingested.calls, tenantId, which: ofLead };
  const leads = { door: ingested.leads, tenantId, which: ofLead };
  const refused = {
    door: refusedRows,
    tenantId,
    which:
      sql`table_name IN ('leads', 'calls') AND toUInt64OrZero(JSONExtractString(row, 'lead_id')) = {lead:UInt64}`.bind({
        lead: leadId,
      }),
  };
  const named = { door: names, tenantId, which: sql`kind = 'lead' AND id = {lead:UInt64}`.bind({ lead: leadId }) };
  const purged = {
    calls: await countCurrent(store, calls),
    leads: await countCurrent(store, leads),
    refused_rows: await countCurrent(store, refused),
    names: await countCurrent(store, named),
  };
  const places = [{ ...calls, which: sql`${ofLead} OR ${isListed}` }, leads, refused, named];
  for (const place of places) await remove(store, place);
  return { ...purged, gone: await isGone(store, places) };
}

const countCurrent = (store: Store, { door, tenantId, which }: Place) => count(store, door.of(tenantId), which);
const countVersions = (store: Store, { door, tenantId, which }: Place) =>
  count(store, door.versions.of(tenantId), which);

async function count(store: Store, rows: Sql, which: Sql): Promise<number> {
  const [found] = await store.query<{ rows: number }>(
    sql`SELECT count() AS rows FROM ${rows} AS places WHERE ${which}`,
    limits,
  );
  return found?.rows ?? 0;
}

/** Removes rows, all their versions, and every part on disk that active ones have replaced. */
async function remove(store: Store, place: Place): Promise<void> {
  // A removal rewrites parts, so it is done only where there is something to remove.
  if ((await countVersions(store, place)) === 0) return;
  const removal = place.door.removal(place.tenantId, place.which);
  await store.command(sql`${removal} SETTINGS mutations_sync = 2`, limits);
}

// A query that still reads a replaced part keeps it on disk until it ends.
const patienceMs = 60_000;

/** Nothing left among the rows, and no part on disk from before the removal: those that merges replace later are clean. */
async function isGone(store: Store, places: readonly Place[]): Promise<boolean> {
  for (const place of places) if ((await countVersions(store, place)) > 0) return false;
  const tables = join(
    places.map(({ door }) => sqlText(door.table)),
    sql`, `,
  );
  const [removed] = await store.query<{ at: number }>(sql`SELECT toUnixTimestamp(now()) AS at`);
  const stopAt = Date.now() + patienceMs;
  for (let pauseMs = 20; ; pauseMs = Math.min(2 * pauseMs, 2000)) {
    // ClickHouse: replaced parts stay on disk until the table's background work runs next, which may be minutes.
    // Dropping a partition, even one that never was, deletes them now.
    for (const { door } of places) await store.command(sql`ALTER TABLE ${name(door.table)} DROP PARTITION 200`);
    const [left] = await store.query<{ parts: number }>(
      sql`SELECT count() AS parts FROM system.parts WHERE database = currentDatabase() AND NOT active AND table IN (${tables})
        AND toUnixTimestamp(remove_time) <= {removed:UInt32}`.bind({ removed: removed?.at ?? 0 }),
    );
    if (left?.parts === 0) return true;
    if (Date.now() > stopAt) return false;
    await wait(pauseMs);
  }
}
