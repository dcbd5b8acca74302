/** Finds in the agent log who talked in a call, and for how long. */
import { later } from '../../local-time.ts';
import { fold } from '../../mysql/fold.ts';
import type { AgentRow, LogRow } from '../calls.ts';
import { isUndated } from './period.ts';
import type { Tables } from './statements.ts';

/** What the agent log knows a call or a leg of it by. */
export type Located = Pick<LogRow, 'uniqueid' | 'lead_id' | 'call_date'>;

/** The agent log's rows of a call or of a leg of it, in the order in which they were written. */
export type AgentRowsOf = (call: Pick<Located, 'uniqueid' | 'lead_id'>) => readonly AgentRow[];

const dayMs = 86_400_000;
const columns = ['agent_log_id', 'uniqueid', 'lead_id', 'user', 'user_group', 'talk_sec', 'dispo_sec', 'dead_sec'];

/** Reads the agent log's rows of calls that lie close together. */
export async function readAgentRows({ has, select, read }: Tables, calls: readonly Located[]): Promise<AgentRowsOf> {
  const found = new Map<string, AgentRow[]>();
  // Rows of the agent log that are of no call have no id either.
  const known = calls.filter(({ uniqueid }) => uniqueid);
  if (!has('vicidial_agent_log') || known.length === 0) return () => [];
  const dates = known.map(({ call_date }) => call_date).sort();
  const rows = await read<AgentRow & Located>(
    select(
      'vicidial_agent_log',
      columns,
      `t.lead_id IN (?) AND t.uniqueid IN (?) AND (t.event_time BETWEEN ? AND ? OR ${isUndated('event_time')})`,
      ['agent_log_id'],
    ),
    [
      [...new Set(known.map(({ lead_id }) => lead_id ?? 0))],
      [...new Set(known.map(({ uniqueid }) => uniqueid))],
      later(dates[0]!, -dayMs),
      later(dates.at(-1)!, dayMs),
    ],
    ' ORDER BY agent_log_id',
  );
  for (const row of rows) {
    const of = found.get(toKey(row)) ?? [];
    of.push(row);
    found.set(toKey(row), of);
  }
  return (call) => found.get(toKey(call)) ?? [];
}

const toKey = ({ uniqueid, lead_id }: Pick<Located, 'uniqueid' | 'lead_id'>) => `${fold(uniqueid)} ${lead_id ?? 0}`;
