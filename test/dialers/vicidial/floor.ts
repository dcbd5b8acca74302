import type { Connection } from 'mysql2/promise';
import type { Row } from '../../oracle/plain/world.ts';
import { campaignStatuses, systemStatuses, toSchema } from './schema.ts';

/** A made-up VICIdial: its rows, and beside them what each call and lead truly was. */
export interface Floor {
  tables: Record<string, Record<string, unknown>[]>;
  /** Calls in our columns, with names for campaign, agent and team. */
  calls: TrueCall[];
  leads: TrueLead[];
}

/** A call as it was, said by whoever made it up: never read back from VICIdial's rows. */
export type TrueCall = Row & { campaign: string; agent?: string | null; team?: string | null };
/** A lead as it was. */
export type TrueLead = Row & { campaign: string };

/** The phone numbers of customers: nothing of them may get anywhere. */
export const phoneOf = (lead: number) => `8490${String(7_000_000 + lead)}`;

export const zone = 'America/New_York';
export const campaigns = [
  { id: 'TELE', name: 'Bán hàng Đà Nẵng', active: 'Y' },
  { id: 'RENEW', name: 'Renewals "2026", all', active: 'N' },
];
export const groups = [
  { id: 'ADMIN', name: 'Administrators' },
  { id: 'NORTH', name: 'Miền Bắc' },
];
export const users = [
  { id: '1001', name: 'Đỗ Văn Thành', team: 'NORTH' },
  { id: 'wang', name: '王小明', team: 'NORTH' },
  { id: 'obrien', name: "Sinéad O'Brien", team: 'ADMIN' },
];

const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
/** What VICIdial's clock showed at an instant. */
export const wallClock = (ms: number) => clock.format(ms);

interface Told {
  status: string;
  user?: string;
  /** The true ending, and what else is not plain. */
  true: Row;
  agentRows?: { user?: string; talk: number; dead?: number; dispo: number; lead?: number }[];
  carrier?: { dialstatus: string; hangup_cause?: number; sip_hangup_cause?: number; lead?: number };
  isInDropLog?: boolean;
  campaign?: string;
  withoutEpoch?: boolean;
  orphanLead?: boolean;
}

const plain = (outcome: string): Row => ({ outcome, talk_sec: 0, wrap_sec: 0 });
const talked = (talk: number, wrap: number): Row => ({ outcome: 'answered', talk_sec: talk, wrap_sec: wrap });
const rows = (talk: number, dead: number, dispo: number) => [{ talk, dead, dispo }];

/** Kinds of calls, each with its truth. */
const kinds: Told[] = [
  {
    status: 'SALE',
    user: '1001',
    agentRows: rows(100, 20, 15),
    true: talked(80, 35),
    carrier: { dialstatus: 'ANSWER', hangup_cause: 16 },
  },
  { status: 'SALE', user: 'wang', agentRows: rows(64, 0, 9), true: talked(64, 9), withoutEpoch: true },
  {
    status: 'sale',
    user: 'WANG',
    agentRows: rows(31, 0, 1),
    true: { ...talked(31, 1), disposition_code: 'SALE', agent: 'wang' },
  },
  {
    status: 'NI',
    user: 'wang',
    agentRows: [
      { talk: 40, dead: 5, dispo: 10 },
      { talk: 20, dispo: 5 },
    ],
    true: talked(55, 20),
  },
  {
    status: 'NI',
    user: 'obrien',
    agentRows: [
      { user: '1001', talk: 70, dispo: 7 },
      { talk: 12, dispo: 3 },
    ],
    true: talked(12, 3),
  },
  {
    status: 'NI',
    user: '1001',
    agentRows: [
      { talk: 5, dispo: 2 },
      { talk: 900, dispo: 90, lead: 1 },
    ],
    true: talked(5, 2),
  },
  { status: 'NI', user: 'gone99', true: talked(0, 0), orphanLead: true, campaign: 'OLDCAMP' },
  { status: 'NI', user: '1001', agentRows: rows(65_535, 0, 4), true: talked(0, 4) },
  { status: 'NI', user: '1001', agentRows: rows(3, 10, 4), true: talked(0, 7) },
  { status: 'CALLBK', user: 'wang', agentRows: rows(45, 0, 20), true: talked(45, 20) },
  { status: 'DNC', user: '1001', agentRows: rows(8, 1, 2), true: talked(7, 3) },
  {
    status: 'INT',
    user: '1001',
    agentRows: rows(33, 0, 5),
    campaign: 'TELE',
    true: { ...talked(33, 5), is_conversion: false },
  },
  {
    status: 'INT',
    user: 'wang',
    agentRows: rows(44, 0, 5),
    campaign: 'RENEW',
    true: { ...talked(44, 5), is_conversion: true },
  },
  {
    status: 'B',
    user: 'wang',
    agentRows: rows(90, 0, 6),
    campaign: 'RENEW',
    true: { ...talked(90, 6), is_conversion: true },
  },
  {
    status: 'B',
    user: 'wang',
    agentRows: rows(11, 0, 2),
    campaign: 'TELE',
    true: { outcome: 'busy', talk_sec: 11, wrap_sec: 2 },
  },
  { status: 'N', user: 'obrien', agentRows: rows(25, 0, 2), true: { outcome: 'no_answer', talk_sec: 25, wrap_sec: 2 } },
  {
    status: 'A',
    user: 'obrien',
    agentRows: rows(6, 0, 1),
    true: { outcome: 'machine', talk_sec: 6, wrap_sec: 1 },
    carrier: { dialstatus: 'ANSWER' },
  },
  { status: 'NA', user: 'VDAD', true: plain('no_answer'), carrier: { dialstatus: 'NOANSWER', hangup_cause: 19 } },
  { status: 'NA', user: 'VDAD', true: plain('no_answer'), carrier: { dialstatus: 'CANCEL' } },
  { status: 'NA', user: 'VDAD', true: plain('no_answer') },
  { status: 'NA', user: 'VDAD', true: plain('busy'), carrier: { dialstatus: 'BUSY', hangup_cause: 17 } },
  { status: 'NA', user: 'VDAD', true: plain('rejected'), carrier: { dialstatus: 'CHANUNAVAIL', hangup_cause: 21 } },
  { status: 'NA', user: 'VDAD', true: plain('rejected'), carrier: { dialstatus: 'BUSY', sip_hangup_cause: 603 } },
  { status: 'NA', user: 'VDAD', true: plain('failed'), carrier: { dialstatus: 'CONGESTION', hangup_cause: 34 } },
  {
    status: 'NA',
    user: 'VDAD',
    true: plain('no_answer'),
    carrier: { dialstatus: 'CONGESTION', hangup_cause: 34, lead: 1 },
  },
  { status: 'AB', user: 'VDAD', true: plain('busy') },
  { status: 'ADC', user: 'VDAD', true: plain('failed'), carrier: { dialstatus: 'ANSWER', hangup_cause: 16 } },
  { status: 'HUC21', user: 'VDAD', true: plain('rejected') },
  { status: 'ZZZ', user: 'VDAD', true: plain('no_answer') },
  { status: 'DROP', user: 'VDAD', true: plain('abandoned'), isInDropLog: true, carrier: { dialstatus: 'ANSWER' } },
  { status: 'DROP', user: 'VDAD', true: plain('abandoned') },
  { status: 'XFER', user: 'VDCL', true: plain('abandoned'), isInDropLog: true },
  { status: 'PDROP', user: 'VDAD', true: plain('failed'), carrier: { dialstatus: 'ANSWER', hangup_cause: 16 } },
  { status: 'AA', user: 'VDAD', true: plain('machine'), carrier: { dialstatus: 'ANSWER' } },
  { status: 'LRERR', user: 'VDAD', true: plain('failed') },
  { status: 'DNCL', user: '', true: { ...plain('blocked'), block_reason: 'dnc' } },
];

const cids = ['02873001234', '0900111222', '19001234'];

/** Makes calls of every kind at each of the given instants' hours, and the leads that they are about. */
export function makeFloor(
  spans: readonly { from: number; to: number; calls: number }[],
  seed = 7,
  leadCount = 300,
): Floor {
  const next = random(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)]!;
  const tables: Floor['tables'] = {};
  const put = (table: string, row: Record<string, unknown>) => {
    tables[table] ??= [];
    tables[table].push(row);
  };
  const leads = makeLeads(leadCount, spans[0]!.from, put, next);
  const calls: TrueCall[] = [];
  let serial = 0;
  for (const { from, to, calls: count } of spans) {
    for (let n = 0; n < count; n++) {
      const told = kinds[n % kinds.length]!;
      const at = Math.floor((from + (n / count) * (to - from)) / 1000) * 1000;
      serial++;
      calls.push(makeCall(told, at, `${at / 1000}.${serial}`));
    }
  }
  return { tables, calls, leads };

  function makeCall(told: Told, at: number, uniqueid: string): TrueCall {
    const campaign = told.campaign ?? pick(['TELE', 'RENEW'].filter((id) => id === 'TELE' || told.status !== 'B'));
    const lead = told.orphanLead ? 9_000_000 + serial : 2 + Math.floor(next() * (leadCount - 1));
    const user = told.user ?? '';
    const isPerson = user !== '' && !/^VD/.test(user);
    const team = isPerson && next() < 0.7 ? pick(groups).id : null;
    const call_date = wallClock(at);
    const phone_number = phoneOf(lead);
    put('vicidial_log', {
      uniqueid,
      lead_id: lead,
      list_id: 101,
      campaign_id: campaign,
      call_date,
      start_epoch: told.withoutEpoch ? 0 : at / 1000,
      status: told.status,
      phone_number,
      user,
      user_group: team,
    });
    const caller_code = `V${String(serial).padStart(9, '0')}${String(lead).padStart(10, '0')}`;
    const cid = placeCid(caller_code, uniqueid, lead, call_date);
    for (const row of told.agentRows ?? []) {
      put('vicidial_agent_log', {
        user: row.user ?? user,
        event_time: wallClock(at - 40_000),
        lead_id: row.lead ?? lead,
        campaign_id: campaign,
        talk_sec: row.talk,
        dead_sec: row.dead ?? 0,
        dispo_sec: row.dispo,
        status: told.status,
        user_group: team,
        uniqueid,
      });
    }
    if (told.carrier) {
      const { lead: other, ...word } = told.carrier;
      put('vicidial_carrier_log', {
        uniqueid,
        call_date,
        lead_id: other ?? lead,
        channel: `SIP/x/${phone_number}`,
        ...word,
      });
    }
    if (told.isInDropLog)
      put('vicidial_drop_log', {
        uniqueid,
        server_ip: '10.0.0.1',
        drop_date: call_date,
        lead_id: lead,
        phone_number,
        campaign_id: campaign,
        status: 'DROP',
      });
    return {
      call_id: uniqueid,
      campaign,
      lead_id: lead,
      agent: isPerson ? user : null,
      team,
      cid,
      started_at: new Date(at).toISOString(),
      disposition_code: told.status,
      ...told.true,
    };
  }

  /** The caller ID stands in one log or another, or nowhere. */
  function placeCid(caller_code: string, uniqueid: string, lead_id: number, call_date: string): string | null {
    const cid = pick(cids);
    const way = Math.floor(next() * 4);
    if (way > 0) put('vicidial_log_extended', { uniqueid, caller_code, lead_id, call_date });
    const dial = {
      caller_code,
      lead_id,
      call_date,
      extension: phoneOf(lead_id),
      outbound_cid: `"${caller_code}" <${cid}>`,
    };
    if (way === 0) put('vicidial_dial_log', { ...dial, uniqueid });
    if (way === 1) put('vicidial_dial_log', { ...dial, uniqueid: '' });
    if (way === 2) put('vicidial_dial_cid_log', { caller_code, call_date, call_type: 'OUT', outbound_cid: cid });
    return way === 3 ? null : cid;
  }
}

function makeLeads(
  leadCount: number,
  from: number,
  put: (table: string, row: Record<string, unknown>) => void,
  next: () => number,
): TrueLead[] {
  const leads: TrueLead[] = [];
  for (let lead_id = 1; lead_id <= leadCount; lead_id++) {
    // Before the clock is set back, so that every wall clock stands for one instant.
    const at = from + Math.floor(next() * 20) * 3_600_000;
    const list_id = lead_id % 3 === 0 ? 102 : 101;
    const source_id = ['web', '  Facebook ', '', 'Hội chợ'][lead_id % 4]!;
    put('vicidial_list', {
      lead_id,
      entry_date: wallClock(at),
      source_id,
      list_id,
      phone_number: phoneOf(lead_id),
      first_name: 'Nobody',
    });
    leads.push({
      lead_id,
      campaign: list_id === 102 ? 'RENEW' : 'TELE',
      source: source_id.trim(),
      created_at: new Date(at).toISOString(),
    });
  }
  return leads;
}

/** Writes a floor into a new database. */
export async function fillFloor(root: Connection, database: string, { tables }: Floor): Promise<void> {
  await root.query(toSchema(database));
  const toFlags = (flags: string) =>
    Object.fromEntries(
      Object.entries({
        h: 'human_answered',
        m: 'answering_machine',
        s: 'sale',
        d: 'dnc',
        k: 'scheduled_callback',
        c: 'customer_contact',
        u: 'unworkable',
      }).map(([letter, column]) => [column, flags.includes(letter) ? 'Y' : 'N']),
    );
  const statuses = systemStatuses.map(([status, status_name, flags]) => ({ status, status_name, ...toFlags(flags) }));
  const own = campaignStatuses.map(([campaign_id, status, status_name, flags]) => ({
    campaign_id,
    status,
    status_name,
    ...toFlags(flags),
  }));
  const all: Floor['tables'] = {
    vicidial_statuses: statuses,
    vicidial_campaign_statuses: own,
    vicidial_campaigns: campaigns.map(({ id, name, active }) => ({ campaign_id: id, campaign_name: name, active })),
    vicidial_user_groups: groups.map(({ id, name }) => ({ user_group: id, group_name: name })),
    vicidial_users: [
      { user: 'VDAD', full_name: 'Outbound Auto Dial', user_group: 'ADMIN', pass: 'x' },
      { user: 'VDCL', full_name: 'Inbound No Agent', user_group: 'ADMIN', pass: 'x' },
      ...users.map(({ id, name, team }) => ({ user: id, full_name: name, user_group: team, pass: 'secret' })),
    ],
    vicidial_lists: [
      { list_id: 101, list_name: 'One', campaign_id: 'TELE', active: 'Y' },
      { list_id: 102, list_name: 'Two', campaign_id: 'RENEW', active: 'N' },
    ],
    ...tables,
  };
  for (const [table, content] of Object.entries(all)) await insert(root, `${database}.${table}`, content);
}

/** Writes rows into a table. */
export async function insert(
  root: Connection,
  table: string,
  content: readonly Record<string, unknown>[],
): Promise<void> {
  const columns = [...new Set(content.flatMap((row) => Object.keys(row)))];
  for (let at = 0; at < content.length; at += 500) {
    const values = content.slice(at, at + 500).map((row) => columns.map((column) => row[column] ?? null));
    await root.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ?`, [values]);
  }
}

/** Numbers in [0, 1) that a seed decides. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
