import { type AgentRowsOf, type Located, readAgentRows } from './agent-rows.ts';
import type { CallEvidence, LogRow } from './calls.ts';
import { readEvidence } from './evidence.ts';
import { isOfEpochs, isTimeless, isWithin, openLogClock, type Period } from './period.ts';
import { type DialRow, type InGroupReader, openInGroups } from './read-in-groups.ts';
import { type LeadReader, openLeads } from './read-leads.ts';
import type { Source } from './source.ts';
import { type SourceTable, sourceTables } from './source-tables.ts';
import { openTables } from './statements.ts';
import type { StatusRow } from './statuses.ts';

/** How far the reading of the log has come: the last row in the order of `call_date, uniqueid`. */
export interface Cursor {
  date: string;
  id: string;
}

/** Reads tables in the short queries that a dialer at work can bear; with `archive`, their archives too. */
export interface Reader extends LeadReader {
  statuses(): Promise<StatusRow[]>;
  campaigns(): Promise<{ id: string; name: string | null; active: string | null }[]>;
  users(): Promise<{ user: string; name: string | null; team: string | null }[]>;
  userGroups(): Promise<{ team: string; name: string | null }[]>;
  /** The first row of the log at or after a time. */
  firstCallAt(local: string): Promise<string | undefined>;
  /** The next rows of the log within [from, end), after the cursor. */
  calls(cursor: Cursor, end: string): Promise<DialRow[]>;
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

/** Rows of the log that are read at once. */
export const pageSize = 5000;

/** Opens the reading of a source whose wall clocks are of a zone. */
export function openReader(source: Source, { archive, zone }: { archive: boolean; zone: string }): Reader {
  const tables = openTables(source, { archive });
  const { select, read, listOf } = tables;
  const clock = openLogClock(zone);

  return {
    ...openLeads(source, tables, { archive }),
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
    async firstCallAt(local) {
      const logs = ['vicidial_log', ...(archive && source.has('vicidial_log_archive') ? ['vicidial_log_archive'] : [])];
      const firsts: string[] = [];
      for (const table of logs) {
        const [found] = await source.rows<{ first: string | null }>(
          `SELECT MIN(call_date) AS first FROM ${table} WHERE call_date >= ?`,
          [local],
        );
        if (found?.first) firsts.push(found.first);
      }
      return firsts.sort()[0];
    },
    calls({ date, id }, end) {
      // Bytes, as they are put in order: a collation takes letters of either case for one.
      const where = 't.call_date >= ? AND t.call_date < ? AND (t.call_date > ? OR CAST(t.uniqueid AS BINARY) > ?)';
      const order = ` ORDER BY call_date, uniqueid LIMIT ${pageSize}`;
      return read<DialRow>(select('vicidial_log', callColumns, where, callKey), [date, end, date, id], order);
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
      const end = clock.toEpoch(until);
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
