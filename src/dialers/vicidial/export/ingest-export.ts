/** The ingesting of a VICIdial call export from beginning to end: its lines, its calls, what they name. */
import { join } from 'node:path';
import type { RefusedRow } from '../../../ingest/refused.ts';
import type { TableName } from '../../../tables.ts';
import { openIds, toRow } from '../../ids.ts';
import { openLocalTime } from '../../local-time.ts';
import { fold } from '../../mysql/fold.ts';
import { openSpool } from '../../spool.ts';
import { addIngested, countOne } from '../../tally.ts';
import type { Target } from '../../target.ts';
import { type NamedCall, toAgent, toCall, toCount } from '../calls.ts';
import type { Overrides } from '../outcome.ts';
import { type StatusBook, toDisposition } from '../statuses.ts';
import { openTally, type SyncTally } from '../tally.ts';
import { type Credit, joinLegs } from '../transfers.ts';
import { toDefaultStatuses } from './default-statuses.ts';
import { faultIn } from './fault.ts';
import type { ExportLine } from './line.ts';
import { readExport } from './lines.ts';
import { addUp, findParts, toCallId, toLead, withoutShared } from './parts.ts';

/** How an export is to be read. */
export interface ExportOptions {
  path: string;
  /** The zone of its clock. */
  zone: string;
  /** The encoding of its texts; UTF-8 when it is not told. */
  encoding?: string | undefined;
  overrides: Overrides;
  credit?: Credit | undefined;
  /** A directory for files on their way in. */
  directory: string;
  onProgress?: (text: string) => void;
}

const linesAtOnce = 5000;

/** Takes a call export in: its calls, and the names of what they name. Gives what became of them. */
export async function ingestExport(
  target: Pick<Target, 'ids' | 'ingest'>,
  { path, zone, encoding, overrides, credit = 'dialer', directory, onProgress }: ExportOptions,
): Promise<{ tally: SyncTally; statuses: StatusBook }> {
  const tally = openTally();
  const ids = openIds(target);
  const readLocal = openLocalTime(zone);
  const statuses = toDefaultStatuses(new Map());
  const read = (line: ExportLine): NamedCall => {
    const told = toCall(...toEvidence(line), { statuses, overrides, readLocal });
    // A time that is none is refused as what stands there, rather than as missing; as local, or it might pass for UTC.
    const call = { ...told, started_at: told.started_at ?? (line.call_date && `local ${line.call_date}`) };
    // A layout without agents: what was answered, somebody talked with.
    return line.user === undefined && call.outcome === 'answered' ? { ...call, talk_sec: secondsOf(line) } : call;
  };
  const names = {
    status: new Map<string, string>(),
    agent: new Map<string, { username: string; name: string }>(),
    campaign: new Map<string, string>(),
    team: new Map<string, string>(),
  };
  // In-group rows stand behind all others, and a call that is written twice may stand anywhere: the file is read twice.
  const parts = await findParts(readExport(path, encoding), readLocal);
  const spool = await openSpool(join(directory, 'calls.ndjson'));
  tally.repeated = parts.again;
  const faults = new Map<number, RefusedRow['faults']>();
  const now = Date.now();
  let latest = 0;
  /** Lines of the file are lines of what goes in, so that a refused row is told by the line that people can look at. */
  const put = async (calls: readonly (NamedCall | object | undefined)[]) => {
    const some = calls.filter((call) => call !== undefined && 'call_id' in call);
    await ids.knowAllOf(some);
    for (const call of calls) {
      if (call === undefined) await spool.skip();
      else await spool.add('call_id' in call ? toRow(call, ids.of) : call);
    }
    onProgress?.(`${tally.read} rows read`);
  };
  const note = (line: ExportLine, call: NamedCall) => {
    if (line.status && fold(line.status) === fold(call.disposition_code))
      names.status.set(call.disposition_code, line.status_name ?? names.status.get(call.disposition_code) ?? '');
    const { user, full_name, user_group } = line;
    const agent = toAgent(user);
    if (agent) names.agent.set(fold(agent), { username: agent, name: full_name || agent });
    if (agent && user_group?.trim()) names.team.set(fold(user_group), user_group.trim());
  };
  const convert = (line: ExportLine, at: number): NamedCall | object | undefined => {
    tally.read++;
    if (parts.isInbound(at)) tally.inbound++;
    if (parts.isInbound(at) || parts.isJoined(at)) return undefined;
    tally.written++;
    const fault = faultIn(line, readLocal);
    // As many as are told.
    if (fault && faults.size < 100) faults.set(at + 1, [fault]);
    if (line.fault !== undefined) return {};
    const { legs, again } = parts.of(at);
    tally.joined += legs.length;
    const call = joinLegs(
      addUp(read(line), again),
      legs.map((leg) => withoutShared(addUp(read(leg.line), leg.again), leg.line, line)),
      credit,
    );
    for (const one of [line, ...legs.map((leg) => leg.line)]) {
      note(one, call);
      if (!hasLength(one)) tally.withoutLength++;
    }
    countOne(tally.outcomes, call.outcome);
    countOne(tally.statuses, fold(call.disposition_code));
    const startedAt = Date.parse(call.started_at ?? '');
    if (startedAt <= now) latest = Math.max(latest, startedAt);
    if (call.campaign) names.campaign.set(fold(call.campaign), call.campaign);
    return call;
  };
  try {
    let calls: (NamedCall | object | undefined)[] = [];
    let at = 0;
    for await (const line of readExport(path, encoding)) {
      calls.push(line && convert(line, at));
      at++;
      if (calls.length < linesAtOnce) continue;
      await put(calls);
      calls = [];
    }
    await put(calls);
    await spool.flush();
    if (tally.read > 0) {
      const found = await target.ingest('calls', spool.path);
      // By the columns of the file, which people can look at, rather than by those that are made of them.
      const first_refused = found.first_refused.map((row) => ({ ...row, faults: faults.get(row.line) ?? row.faults }));
      addIngested(tally.ingested, { ...found, first_refused });
      for (const { row } of found.first_refused) if (row.outcome) countOne(tally.outcomes, row.outcome, -1);
    }
  } finally {
    await spool.close();
  }
  const book = toDefaultStatuses(names.status);
  // Who took a call up is no agent of it, and an agent all the same.
  await ids.know(
    'agent',
    [...names.agent.values()].map(({ username }) => username),
  );
  await ids.know('team', [...names.team.values()]);
  // Dated by the last call: whatever was told about them since, by a sync or by people, stands.
  const updated_at = new Date(latest).toISOString();
  const fill = async (table: TableName, rows: readonly object[]) => {
    if (rows.length === 0 || latest === 0) return;
    const file = await openSpool(join(directory, `${table}.ndjson`));
    try {
      for (const row of rows) await file.add({ ...row, updated_at });
      await file.flush();
      addIngested(tally.ingested, await target.ingest(table, file.path));
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

const toSeconds = (text = ''): number => (/^\d{1,5}$/.test(text) ? toCount(Number(text)) : 0);

/** Whether the length of a line can be one: the page takes the clock's difference, which a hung call may have below zero. */
const hasLength = ({ length_in_sec = '' }: ExportLine): boolean =>
  /^0*$/.test(length_in_sec) || toSeconds(length_in_sec) > 0;

/** How long a call lasted. An in-group's length is taken as it stands, with its wait in the queue. */
const secondsOf = ({ length_in_sec, queue_time }: ExportLine): number =>
  Math.max(0, toSeconds(length_in_sec) - toSeconds(queue_time));

/** A line as the logs would have had it. An export knows the length of a call, not what of it was talk. */
function toEvidence(line: ExportLine): [Parameters<typeof toCall>[0], Parameters<typeof toCall>[1]] {
  const lead = toLead(line);
  const agentRow = {
    user: line.user ?? null,
    user_group: line.user_group ?? null,
    talk_sec: secondsOf(line),
    dispo_sec: toSeconds(line.wrapup_time),
    dead_sec: 0,
  };
  return [
    {
      uniqueid: toCallId(line),
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
