/** The queries for leads, for the lists that they are on, and for when they were first dialed. */
import { firstEpoch } from '../start.ts';
import type { VicidialDatabase } from './source.ts';
import type { Tables } from './statements.ts';

/** A row of `vicidial_list`, without anything that tells who the lead is. */
export interface LeadRow {
  lead_id: number;
  entry_date: string | null;
  source_id: string | null;
  list_id: number | null;
}

/** When a lead was first dialed: an epoch of the dials that have one, and a wall clock of those that have none. */
export interface FirstDial {
  lead_id: number;
  epoch: number | null;
  date: string | null;
}

/** Reads leads, and what belongs to them. */
export interface LeadReader {
  /** Which list belongs to which campaign. */
  lists(): Promise<Map<number, string>>;
  lastLead(): Promise<number>;
  leads(from: number, to: number): Promise<LeadRow[]>;
  /** The first dials of leads, by the log and by its archive where that may be read: a lead that grows old keeps its date. */
  firstDials(leads: readonly number[]): Promise<FirstDial[]>;
}

/** Opens the reading of leads. */
export function openLeads(source: VicidialDatabase, { select, read, listOf, withArchive }: Tables): LeadReader {
  return {
    async lists() {
      const found = await listOf<{ list: number; campaign: string | null }>('vicidial_lists', {
        list: 'list_id',
        campaign: 'campaign_id',
      });
      return new Map(found.map(({ list, campaign }) => [Number(list), campaign?.trim() ?? '']));
    },
    async lastLead() {
      if (!source.has('vicidial_list') || !source.has('vicidial_lists')) return 0;
      const lasts: number[] = [];
      for (const table of withArchive('vicidial_list')) {
        const [found] = await source.rows<{ last: number | null }>(`SELECT MAX(lead_id) AS last FROM ${table}`);
        lasts.push(Number(found?.last ?? 0));
      }
      return Math.max(...lasts);
    },
    leads(from, to) {
      const columns = ['lead_id', 'entry_date', 'source_id', 'list_id'];
      const statement = select('vicidial_list', columns, 't.lead_id >= ? AND t.lead_id < ?', ['lead_id']);
      return read<LeadRow>(statement, [from, to], ' ORDER BY lead_id');
    },
    async firstDials(leads) {
      const found: FirstDial[] = [];
      if (leads.length === 0) return found;
      for (const log of ['vicidial_log', 'vicidial_log_archive'].filter((table) => source.has(table))) {
        const epoch = source.may(log, 'start_epoch') ? 't.start_epoch' : 'NULL';
        const hasEpoch = `${epoch} >= ${firstEpoch}`;
        found.push(
          ...(await source.rows<FirstDial>(
            `SELECT t.lead_id AS lead_id, MIN(CASE WHEN ${hasEpoch} THEN ${epoch} END) AS epoch,
                MIN(CASE WHEN ${hasEpoch} OR t.call_date < '1971-01-01 00:00:00' THEN NULL ELSE t.call_date END) AS date
              FROM ${log} t WHERE t.lead_id IN (?) GROUP BY t.lead_id`,
            [leads],
          )),
        );
      }
      return found;
    },
  };
}
