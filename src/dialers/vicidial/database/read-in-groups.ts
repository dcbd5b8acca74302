/** The queries for calls in in-groups, and for the dials that may have led to them. */
import { later } from '../../local-time.ts';
import type { LogRow } from '../calls.ts';
import { isOf, isOfEpochs, type LogClock, type Period } from './period.ts';
import { pageSize, type Tables } from './statements.ts';

/** What of a row of a log tells which call it is of. */
export interface Placed extends Pick<LogRow, 'uniqueid' | 'lead_id' | 'call_date' | 'start_epoch'> {
  end_epoch: number | null;
  length_in_sec: number | null;
}

/** A row of the call log, with its end. */
export type DialRow = LogRow & Placed;

/** A row of `vicidial_closer_log`: a call in an in-group. */
export interface InGroupRow extends Omit<LogRow, 'campaign_id'>, Placed {
  closecallid: number;
  /** Of its length, the seconds before anybody took it. */
  queue_seconds: string | number | null;
}

/** Whose rows are asked for: those of leads, and those of channels that name no lead. */
export interface WantedRows {
  leads: readonly number[];
  channels: readonly string[];
}

/** Reads the in-groups' log, and the dials that may have gone on there. */
export interface InGroupReader {
  /** Rows of in-groups within a period. */
  legsOf(wanted: WantedRows, period: Period): Promise<InGroupRow[]>;
  dialsOf(wanted: WantedRows, period: Period): Promise<Placed[]>;
  /** Rows of in-groups within a period, page by page. */
  pages(period: Period): AsyncGenerator<InGroupRow[]>;
}

const dayMs = 86_400_000;
const legColumns = [
  'closecallid',
  'uniqueid',
  'lead_id',
  'call_date',
  'start_epoch',
  'end_epoch',
  'length_in_sec',
  'queue_seconds',
  'status',
  'user',
  'user_group',
];
const dialColumns = ['uniqueid', 'lead_id', 'call_date', 'start_epoch', 'end_epoch', 'length_in_sec'];
const ofLeads = `t.lead_id IN (?) AND ${isOf}`;
const ofChannels = `t.uniqueid IN (?) AND ${isOf}`;

/** Opens the reading of in-groups; where their log can't be read there are none. */
export function openInGroups({ has, select, read, firstDate }: Tables, clock: LogClock): InGroupReader {
  const table = 'vicidial_closer_log';
  const ofWanted = async <Row extends Placed>(
    from: string,
    { columns, key }: { columns: readonly string[]; key: readonly string[] },
    { leads, channels }: WantedRows,
    period: Period,
  ): Promise<Row[]> => {
    const bounds = clock.boundsOf(period);
    const ask = (where: string, values: readonly unknown[]) =>
      values.length === 0 ? [] : read<Row>(select(from, columns, where, key), [values, ...bounds]);
    const found = [...(await ask(ofLeads, leads)), ...(await ask(ofChannels, channels))];
    return found.map((row) => clock.date(row));
  };
  const page = async (where: string, values: readonly unknown[], order: string) => {
    const statement = select(table, legColumns, where, ['closecallid']);
    const rows = await read<InGroupRow>(statement, values, ` ORDER BY ${order} LIMIT ${pageSize}`);
    return { rows: rows.map((row) => clock.date(row)), last: rows.at(-1), isLast: rows.length < pageSize };
  };
  return {
    async legsOf(wanted, period) {
      if (!has(table)) return [];
      const rows = await ofWanted<InGroupRow>(table, { columns: legColumns, key: ['closecallid'] }, wanted, period);
      return [...new Map(rows.map((row) => [row.closecallid, row])).values()];
    },
    async dialsOf(wanted, period) {
      const key = ['uniqueid', 'lead_id'];
      const rows = await ofWanted<Placed>('vicidial_log', { columns: dialColumns, key }, wanted, period);
      return [...new Map(rows.map((row) => [`${row.uniqueid} ${row.lead_id}`, row])).values()];
    },
    async *pages(period) {
      if (!has(table)) return;
      const [from, end, fromEpoch, endEpoch] = clock.boundsOf(period);
      const dated = 't.call_date >= ? AND t.call_date < ? AND (t.call_date > ? OR t.closecallid > ?)';
      const first = (await firstDate(table, from)) ?? end;
      // By days: to find a page in order, the database puts all in order that it may be of.
      for (let day = latest(from, `${first.slice(0, 10)} 00:00:00`); day < end; day = later(day, dayMs)) {
        const next = [later(day, dayMs), end].sort()[0];
        let [date, id] = [day, 0];
        for (;;) {
          const { rows, last, isLast } = await page(dated, [date, next, date, id], 'call_date, closecallid');
          yield rows;
          if (!last || isLast) break;
          [date, id] = [last.call_date, last.closecallid];
        }
      }
      const undated = `${isOfEpochs} AND (t.start_epoch > ? OR t.closecallid > ?)`;
      let [epoch, after] = [fromEpoch, 0];
      for (;;) {
        const { rows, last, isLast } = await page(undated, [epoch, endEpoch, epoch, after], 'start_epoch, closecallid');
        yield rows;
        if (!last || isLast) return;
        [epoch, after] = [last.start_epoch ?? endEpoch, last.closecallid];
      }
    },
  };
}

const latest = (...times: string[]): string => times.sort().at(-1)!;
