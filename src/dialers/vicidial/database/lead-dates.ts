/** When each lead came to be, also where its own row does not say. */
import type { LeadRow } from './read-leads.ts';
import type { Syncing } from './syncing.ts';

/** A lead, with its creation in epoch milliseconds. */
interface DatedLead {
  row: LeadRow;
  createdAt: number;
}

/**
 * Dates leads by their entry, or by their first dial where the entry has no date; both kinds are counted. One that was never
 * dialed either is left out until it is: no report could place it.
 */
export async function dateLeads(
  { reader, readLocal, tally }: Pick<Syncing, 'reader' | 'readLocal' | 'tally'>,
  rows: readonly LeadRow[],
): Promise<DatedLead[]> {
  const lacking = rows.filter(({ entry_date }) => readLocal(entry_date) === undefined);
  const dialed = new Map<number, number>();
  for (const { lead_id, epoch, date } of await reader.firstDials(lacking.map((row) => row.lead_id))) {
    const starts = [dialed.get(lead_id), epoch === null ? undefined : epoch * 1000, readLocal(date)];
    const first = Math.min(...starts.filter((start) => start !== undefined));
    if (Number.isFinite(first)) dialed.set(lead_id, first);
  }
  const dated = rows.flatMap((row) => {
    const createdAt = readLocal(row.entry_date) ?? dialed.get(row.lead_id);
    return createdAt === undefined ? [] : [{ row, createdAt }];
  });
  tally.leadsDatedByDial += dialed.size;
  tally.leadsUndated += rows.length - dated.length;
  return dated;
}
