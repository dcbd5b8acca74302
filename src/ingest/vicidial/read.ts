import type { CallEvidence, LogRow } from './calls.ts';
import { readEvidence, type Tables } from './evidence.ts';
import type { Source } from './source.ts';
import { type SourceTable, sourceTables } from './source-tables.ts';
import type { StatusRow } from './statuses.ts';

/** How far the reading of the log has come: the last row in the order of `call_date, uniqueid`. */
export interface Cursor {
  date: string;
  id: string;
}

/** Reads tables in the short queries that a dialer at work can bear; with `archive`, their archives too. */
export interface Reader {
  statuses(): Promise<StatusRow[]>;
  campaigns(): Promise<{ id: string; name: string | null; active: string | null }[]>;
  users(): Promise<{ user: string; name: string | null; team: string | null }[]>;
  userGroups(): Promise<{ team: string; name: string | null }[]>;
  /** Which list belongs to which campaign. */
  lists(): Promise<Map<number, string>>;
  /** The first row of the log at or after a time. */
  firstCallAt(local: string): Promise<string | undefined>;
  /** The next rows of the log within [from, end), after the cursor. */
  calls(cursor: Cursor, end: string): Promise<LogRow[]>;
  /** What the other logs know about calls, in their order. */
  evidence(calls: readonly LogRow[]): Promise<CallEvidence[]>;
  /** The log's own counts within [from, end). */
  countByStatus(from: string, end: string): Promise<{ campaign: string; code: string; rows: number }[]>;
  lastLead(): Promise<number>;
  leads(from: number, to: number): Promise<LeadRow[]>;
}

/** A row of `vicidial_list`, without anything that tells who the lead is. */
export interface LeadRow {
  lead_id: number;
  entry_date: string | null;
  source_id: string | null;
  list_id: number | null;
}

/** Rows of the log that are read at once. */
export const pageSize = 5000;

/** Opens the reading of a source. */
export function openReader(source: Source, { archive }: { archive: boolean }): Reader {
  /** The tables in which rows of a log stand: the archive's twin counts where the live one has no such row (any more). */
  const select: Tables['select'] = (table, columns, where, key) => {
    const toList = (from: string) =>
      columns.map((column) => (source.may(from, column) ? `t.${column}` : `NULL AS ${column}`)).join(', ');
    const live = `SELECT ${toList(table)} FROM ${table} t WHERE ${where}`;
    const twin = `${table}_archive`;
    const searched = [...where.matchAll(/\bt\.(\w+)/g)].map(([, column]) => column!);
    const isSearchable = source.has(twin) && searched.every((column) => source.may(twin, column));
    if (!archive || !isSearchable) return { sql: live, times: 1 };
    const same = key.map((column) => `o.${column} = t.${column}`).join(' AND ');
    const old = `SELECT ${toList(twin)} FROM ${twin} t WHERE ${where} AND NOT EXISTS (SELECT 1 FROM ${table} o WHERE ${same})`;
    return { sql: `${live} UNION ALL ${old}`, times: 2 };
  };
  const read = <Row>({ sql, times }: { sql: string; times: number }, values: readonly unknown[], tail = '') =>
    source.rows<Row>(`${sql}${tail}`, times === 2 ? [...values, ...values] : values);
  /** All rows of a small table, in the order of its first column; a column that can't be read is null. */
  const listOf = async <Row>(table: string, columns: Readonly<Record<string, string>>): Promise<Row[]> => {
    if (!source.has(table)) return [];
    const list = Object.entries(columns).map(
      ([name, column]) => `${source.may(table, column) ? column : 'NULL'} AS ${name}`,
    );
    return source.rows<Row>(`SELECT ${list.join(', ')} FROM ${table} ORDER BY 1`);
  };

  return {
    async statuses() {
      const of = ({ needs, mayLack }: SourceTable) =>
        Object.fromEntries([...needs, ...Object.keys(mayLack)].map((column) => [column, column]));
      const tables = ['vicidial_statuses', 'vicidial_campaign_statuses'];
      return (await Promise.all(tables.map((table) => listOf<StatusRow>(table, of(sourceTables[table]!))))).flat();
    },
    campaigns: () => listOf('vicidial_campaigns', { id: 'campaign_id', name: 'campaign_name', active: 'active' }),
    users: () => listOf('vicidial_users', { user: 'user', name: 'full_name', team: 'user_group' }),
    userGroups: () => listOf('vicidial_user_groups', { team: 'user_group', name: 'group_name' }),
    async lists() {
      const found = await listOf<{ list: number; campaign: string | null }>('vicidial_lists', {
        list: 'list_id',
        campaign: 'campaign_id',
      });
      return new Map(found.map(({ list, campaign }) => [Number(list), campaign?.trim() ?? '']));
    },
    async firstCallAt(local) {
      const tables = [
        'vicidial_log',
        ...(archive && source.has('vicidial_log_archive') ? ['vicidial_log_archive'] : []),
      ];
      const firsts: string[] = [];
      for (const table of tables) {
        const [found] = await source.rows<{ first: string | null }>(
          `SELECT MIN(call_date) AS first FROM ${table} WHERE call_date >= ?`,
          [local],
        );
        if (found?.first) firsts.push(found.first);
      }
      return firsts.sort()[0];
    },
    calls({ date, id }, end) {
      const columns = [
        'uniqueid',
        'lead_id',
        'campaign_id',
        'call_date',
        'start_epoch',
        'status',
        'user',
        'user_group',
      ];
      const where = 't.call_date >= ? AND t.call_date < ? AND (t.call_date > ? OR t.uniqueid > ?)';
      const statement = select('vicidial_log', columns, where, ['uniqueid', 'lead_id']);
      return read<LogRow>(statement, [date, end, date, id], ` ORDER BY call_date, uniqueid LIMIT ${pageSize}`);
    },
    evidence: (calls) => readEvidence({ select, read, has: source.has, may: source.may }, calls),
    async countByStatus(from, end) {
      const where = 't.call_date >= ? AND t.call_date < ?';
      const { sql, times } = select('vicidial_log', ['campaign_id', 'status'], where, ['uniqueid', 'lead_id']);
      const found = await source.rows<{ campaign: string | null; code: string | null; rows_: number }>(
        `SELECT campaign_id AS campaign, status AS code, COUNT(*) AS rows_ FROM (${sql}) c GROUP BY campaign_id, status`,
        times === 2 ? [from, end, from, end] : [from, end],
      );
      return found.map((row) => ({ campaign: row.campaign ?? '', code: row.code ?? '', rows: Number(row.rows_) }));
    },
    async lastLead() {
      if (!source.has('vicidial_list') || !source.has('vicidial_lists')) return 0;
      const lasts: number[] = [];
      for (const table of [
        'vicidial_list',
        ...(archive && source.has('vicidial_list_archive') ? ['vicidial_list_archive'] : []),
      ]) {
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
  };
}
