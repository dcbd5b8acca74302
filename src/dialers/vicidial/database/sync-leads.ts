/** The part of a sync that brings leads in: new ones each time, changed ones once a day. */
import { join } from 'node:path';
import { openSpool } from '../../spool.ts';
import { addIngested } from '../../tally.ts';
import { dateLeads } from './lead-dates.ts';
import type { LeadRow } from './read-leads.ts';
import type { Syncing } from './syncing.ts';

/** Leads whose digest is kept together. */
const sliceSize = 5000;
const dayMs = 86_400_000;

/** Brings new leads in by their ids; once a day it looks at all of them, and writes the slices that have changed. */
export async function syncLeads(syncing: Syncing, now: number): Promise<void> {
  const { reader, target, ids, options, state, tally } = syncing;
  const last = await reader.lastLead();
  if (last === 0) return;
  const lists = await reader.lists();
  await ids.know('campaign', [...lists.values()]);
  const isDue = now - state.leads_checked_at >= dayMs;
  const newest = Math.max(0, ...Object.keys(state.leads).map(Number));
  const spool = await openSpool(join(options.directory, 'leads.ndjson'));
  let fresh: Record<string, string> = {};
  const settle = async () => {
    if (spool.rows > 0) {
      await spool.flush();
      addIngested(tally.ingested, await target.ingest('leads', spool.path));
      await spool.empty();
    }
    Object.assign(state.leads, fresh);
    fresh = {};
    await target.saveState(JSON.stringify(state));
  };
  try {
    for (let slice = isDue ? 0 : newest; slice * sliceSize <= last; slice++) {
      if (options.signal?.aborted) return;
      spool.begin();
      const rows = await reader.leads(slice * sliceSize, (slice + 1) * sliceSize);
      for (const { row, createdAt } of await dateLeads(syncing, rows)) await spool.add(toLead(row, createdAt));
      tally.leads += rows.length;
      const digest = spool.digest();
      if (rows.length === 0 || state.leads[slice] === digest) await spool.drop();
      else fresh[slice] = digest;
      if (spool.rows >= options.rowsAtOnce) await settle();
      options.onProgress?.(`leads  ${tally.leads} rows read`);
    }
    if (isDue) state.leads_checked_at = now;
    await settle();
  } finally {
    await spool.close();
  }

  /** A lead in our words: its campaign is that of its list. */
  function toLead({ lead_id, source_id, list_id }: LeadRow, createdAt: number) {
    return {
      lead_id,
      campaign_id: ids.of('campaign', lists.get(Number(list_id))),
      source: source_id?.trim() ?? '',
      created_at: new Date(createdAt).toISOString(),
    };
  }
}
