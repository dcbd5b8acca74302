import { join } from 'node:path';
import type { TableName } from '../../store/tables.ts';
import { type NamedCall, toAgent, toCall } from './calls.ts';
import { toDefaultStatuses } from './default-statuses.ts';
import { type ExportLine, readExport } from './export-lines.ts';
import { openLocalTime } from './local-time.ts';
import type { Overrides } from './outcome.ts';
import { openSpool } from './spool.ts';
import { fold, type StatusBook, toDisposition } from './statuses.ts';
import { toRow } from './sync-calls.ts';
import { addTaken, count, openTally, type Tally } from './tally.ts';
import { openIds, type Target } from './target.ts';

/** How an export is to be read. */
export interface ExportOptions {
  path: string;
  /** The zone of its clock. */
  zone: string;
  overrides: Overrides;
  /** A directory for files on their way in. */
  directory: string;
  onProgress?: (text: string) => void;
}

const linesAtOnce = 5000;

/** Takes a call export in: its calls, and the names of what they name. Gives what became of them. */
export async function takeInExport(
  target: Pick<Target, 'ids' | 'takeIn'>,
  { path, zone, overrides, directory, onProgress }: ExportOptions,
): Promise<{ tally: Tally; statuses: StatusBook }> {
  const tally = openTally();
  const ids = openIds(target);
  const readLocal = openLocalTime(zone);
  const statuses = toDefaultStatuses(new Map());
  const names = {
    status: new Map<string, string>(),
    agent: new Map<string, { username: string; name: string }>(),
    campaign: new Map<string, string>(),
    team: new Map<string, string>(),
  };
  const spool = await openSpool(join(directory, 'calls.ndjson'));
  let latest = 0;
  /** Lines of the file are lines of what goes in, so that a refused row is told by the line that people can look at. */
  const put = async (lines: readonly (ExportLine | undefined)[]) => {
    const calls = lines.map((line) => line && toCall(...toEvidence(line), { statuses, overrides, readLocal }));
    const some = calls.filter((call) => call !== undefined);
    await ids.knowAllOf(some);
    for (const [index, call] of calls.entries()) {
      const line = lines[index];
      if (!call || !line) await spool.skip();
      else await spool.add(Object.keys(line).length > 0 ? toRow(call, ids.of) : {});
      if (call && line) note(call, line);
    }
    onProgress?.(`${tally.read} rows read`);
  };
  const note = (call: NamedCall, line: ExportLine) => {
    tally.read++;
    if (Object.keys(line).length === 0) return;
    tally.written++;
    count(tally.outcomes, call.outcome);
    count(tally.statuses, fold(call.disposition_code));
    latest = Math.max(latest, Date.parse(call.started_at ?? '') || 0);
    if (call.disposition_code)
      names.status.set(call.disposition_code, line.status_name ?? names.status.get(call.disposition_code) ?? '');
    if (call.agent) names.agent.set(fold(call.agent), { username: call.agent, name: line.full_name || call.agent });
    if (call.campaign) names.campaign.set(fold(call.campaign), call.campaign);
    if (call.team) names.team.set(fold(call.team), call.team);
  };
  try {
    let lines: (ExportLine | undefined)[] = [];
    for await (const line of readExport(path)) {
      if (lines.push(line) < linesAtOnce) continue;
      await put(lines);
      lines = [];
    }
    await put(lines);
    await spool.flush();
    if (tally.read > 0) addTaken(tally, await target.takeIn('calls', spool.path));
  } finally {
    await spool.close();
  }
  const book = toDefaultStatuses(names.status);
  // Dated by the last call: whatever was told about them since, by a sync or by people, stands.
  const updated_at = new Date(latest).toISOString();
  const fill = async (table: TableName, rows: readonly object[]) => {
    if (rows.length === 0 || latest === 0) return;
    const file = await openSpool(join(directory, `${table}.ndjson`));
    try {
      for (const row of rows) await file.add({ ...row, updated_at });
      await file.flush();
      addTaken(tally, await target.takeIn(table, file.path));
    } finally {
      await file.close();
    }
  };
  await fill(
    'campaigns',
    [...names.campaign.values()].map((name) => ({ campaign_id: ids.of('campaign', name), name })),
  );
  await fill(
    'teams',
    [...names.team.values()].map((name) => ({ team_id: ids.of('team', name), name })),
  );
  await fill(
    'agents',
    [...names.agent.values()].map(({ username, name }) => ({ agent_id: ids.of('agent', username), name, username })),
  );
  await fill('dispositions', book.all.filter(({ code }) => names.status.has(code)).map(toDisposition));
  return { tally, statuses: book };
}

/** A line as the logs would have had it. An export knows the length of a call, not what of it was talk. */
function toEvidence(line: ExportLine): [Parameters<typeof toCall>[0], Parameters<typeof toCall>[1]] {
  const lead = /^\d{1,15}$/.test(line.lead_id ?? '') ? Number(line.lead_id) : 0;
  const seconds = (text: string | undefined) => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : 0);
  const agentRow = {
    user: line.user ?? null,
    user_group: line.user_group ?? null,
    talk_sec: Math.max(0, seconds(line.length_in_sec) - seconds(line.queue_time)),
    dispo_sec: seconds(line.wrapup_time),
    dead_sec: 0,
  };
  return [
    {
      uniqueid: toCallId(line, lead),
      lead_id: lead || null,
      campaign_id: line.campaign_id ?? null,
      call_date: line.call_date ?? '',
      start_epoch: null,
      status: line.status ?? null,
      user: line.user ?? null,
      user_group: line.user_group ?? null,
    },
    {
      carrier:
        line.dialstatus || line.hangup_cause
          ? { dialstatus: line.dialstatus, hangup_cause: line.hangup_cause }
          : undefined,
      isInDropLog: false,
      agentRows: toAgent(line.user) ? [agentRow] : [],
      outboundCid: undefined,
    },
  ];
}

/** VICIdial's own id of the call where the export has one; else its lead and its second, which no second call shares. */
function toCallId({ uniqueid, caller_code, call_date, alt_dial }: ExportLine, lead: number): string {
  if (uniqueid) return uniqueid;
  if (caller_code) return caller_code;
  const second = (call_date ?? '').replace(/\D/g, '');
  if (!lead || !second) return '';
  return [lead, second, ...(alt_dial && !/^(NONE|MAIN)$/i.test(alt_dial) ? [alt_dial] : [])].join('-');
}
