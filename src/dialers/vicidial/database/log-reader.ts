/** All that a sync reads of VICIdial's database, in one place: logs, small tables and leads. */
import { later } from '../../local-time.ts';
import type { SourceTable } from '../../mysql/grants.ts';
import type { CallEvidence, LogRow } from '../calls.ts';
import type { StatusRow } from '../statuses.ts';
import { type AgentRowsOf, type Located, readAgentRows } from './agent-rows.ts';
import { readEvidence } from './evidence.ts';
import { isOfEpochs, isTimeless, isWithin, openLogClock, type Period } from './period.ts';
import { type DialRow, type InGroupReader, openInGroups } from './read-in-groups.ts';
import { type LeadReader, openLeads } from './read-leads.ts';
import type { VicidialDatabase } from './source.ts';
import { sourceTables } from './source-tables.ts';
import { openSourceTables, pageSize } from './statements.ts';

/** Reads tables in the short queries that a dialer at work can bear; with `archive`, their archives too. */
export interface LogReader extends LeadReader {
  statuses(): Promise<StatusRow[]>;
  campaigns(): Promise<{ id: string; name: string | null; active: string | null }[]>;
  users(): Promise<{ user: string; name: string | null; team: string | null }[]>;
  userGroups(): Promise<{ team: string; name: string | null }[]>;
  /** The first row of the log at or after a time. */
  firstCallAt(local: string): Promise<string | undefined>;
  /** The rows of the log of a period, page by page in the order of `call_date, uniqueid`. */
  calls(period: Period): AsyncGenerator<DialRow[]>;
  /** Rows of the log that have no date, in the order of their epochs, from which period they are. */
  undatedCalls(period: Period): AsyncGenerator<DialRow>;
  /** How many rows of the log have neither a date nor an epoch of before a time. */
  countTimeless(until: string): Promise<number>;
  /** What the other logs know about calls, in their order. */
  evidence(calls: readonly LogRow[]): Promise<CallEvidence[]>;
  /** The agent log's rows of calls that lie close together. */
  agentRows(calls: readonly Located[]): Promise<AgentRowsOf>;
  /** The log's own counts within [from, end). */
  countByStatus(from: string, end: string): Promise<{ campaign: string; code: string; rows: number }[]>;
  inGroups: InGroupReader;
}

/** Opens the reading of a source whose wall clocks are of a zone. */
export function openLogReader(
  source: VicidialDatabase,
  { archive, zone }: { archive: boolean; zone: string },
): LogReader {
  const tables = openSourceTables(source, { archive });
  const { select, read, listOf, firstDate } = tables;
  const clock = openLogClock(zone);

  return {
    ...openLeads(source, tables),
    inGroups: openInGroups(tables, clock),
    async statuses() {
      const of = ({ needs, mayLack }: SourceTable) =>
        Object.fromEntries([...needs, ...Object.keys(mayLack)].map((column) => [column, column]));
      const books = ['vicidial_statuses', 'vicidial_campaign_statuses'];
      return (await Promise.all(books.map((table) => listOf<StatusRow>(table, of(sourceTables[table]!))))).flat();
    },
    campaigns: () => listOf('vicidial_campaigns', { id: 'campaign_id', name: 'campaign_name', active: 'active' }),
    users: () => listOf('vicidial_users', { user: 'user', name: 'full_name', team: 'user_group' }),
    userGroups: () => listOf('vicidial_user_groups', { team: 'user_group', name: 'group_name' }),
    firstCallAt: (local) => firstDate('vicidial_log', local),
    async *calls({ from, end }) {
      // Bytes, as they are put in order: a collation takes letters of either case for one.
      const where = 't.call_date >= ? AND t.call_date < ? AND (t.call_date > ? OR CAST(t.uniqueid AS BINARY) > ?)';
      const statement = select('vicidial_log', callColumns, where, callKey);
      const order = ` ORDER BY call_date, uniqueid LIMIT ${pageSize}`;
      let [date, id] = [from, ''];
      for (;;) {
        const page = await read<DialRow>(statement, [date, end, date, id], order);
        yield page.map((row) => clock.date(row));
        const last = page.at(-1);
        if (!last || page.length < pageSize) return;
        [date, id] = [last.call_date, last.uniqueid];
      }
    },
    async *undatedCalls(period) {
      if (!source.may('vicidial_log', 'start_epoch')) return;
      let [epoch, id] = [clock.toEpoch(period.from), ''];
      const end = clock.toEpoch(period.end);
      const where = `${isOfEpochs} AND (t.start_epoch > ? OR CAST(t.uniqueid AS BINARY) > ?)`;
      const order = ` ORDER BY start_epoch, uniqueid LIMIT ${pageSize}`;
      for (;;) {
        const page = await read<DialRow>(
          select('vicidial_log', callColumns, where, callKey),
          [epoch, end, epoch, id],
          order,
        );
        for (const row of page) yield clock.date(row);
        const last = page.at(-1);
        if (!last || page.length < pageSize) return;
        [epoch, id] = [Number(last.start_epoch), last.uniqueid];
      }
    },
    async countTimeless(until) {
      const { sql, times } = select('vicidial_log', ['uniqueid'], isTimeless, callKey);
      // A row of this moment is none of the future.
      const end = clock.toEpoch(later(until, 86_400_000));
      const [found] = await read<{ rows_: number }>({ sql: `SELECT COUNT(*) AS rows_ FROM (${sql}) c`, times }, [end]);
      return Number(found?.rows_ ?? 0);
    },
    evidence: (calls) => readEvidence(tables, calls),
    agentRows: (calls) => readAgentRows(tables, calls),
    async countByStatus(from, end) {
      const { sql, times } = select('vicidial_log', ['campaign_id', 'status'], isWithin, callKey);
      const found = await read<{ campaign: string | null; code: string | null; rows_: number }>(
        {
          sql: `SELECT campaign_id AS campaign, status AS code, COUNT(*) AS rows_ FROM (${sql}) c GROUP BY campaign_id, status`,
          times,
        },
        clock.boundsOf({ from, end }),
      );
      return found.map((row) => ({ campaign: row.campaign ?? '', code: row.code ?? '', rows: Number(row.rows_) }));
    },
  };
}

const callKey = ['uniqueid', 'lead_id'];
const callColumns = [
  'uniqueid',
  'lead_id',
  'campaign_id',
  'call_date',
  'start_epoch',
  'end_epoch',
  'length_in_sec',
  'status',
  'user',
  'user_group',
];
