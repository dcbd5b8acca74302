import type { Connection } from 'mysql2/promise';
import { insert, phoneOf, wallClock } from './floor.ts';
import type { SourceTables } from './plain-sync.ts';
import { systemStatuses, toSchema } from './schema.ts';

/** Texts as a VICIdial of latin1 has them: a web page wrote them in UTF-8, a loader of files in Windows-1252. */
const inUtf8 = (text: string) => Buffer.from(text, 'utf8');
const inLatin1 = (text: string) => Buffer.from(text, 'latin1');

const campaigns = ['TÉLÉ', 'RENEW'];
const users = ['1001', 'josé', 'wang', 'minh'];
const groups = ['NORTH', 'SÜD'];
const sources = ['web', 'Hội chợ', 'Messe Köln', ''];
const zero = '0000-00-00 00:00:00';

/**
 * Makes up a call centre whose tables are latin1: dials that go on in one in-group after another, customers who call in, agents
 * who take the same call up again, rows without dates, dead seconds above talk, and every text in the one encoding or the other.
 */
export function makeLatin1Floor({ now, dials, seed }: { now: number; dials: number; seed: number }): SourceTables {
  const next = random(seed);
  const under = (limit: number) => Math.floor(next() * limit);
  const pick = <Item>(items: readonly Item[]): Item => items[under(items.length)]!;
  const isOften = (share: number) => next() < share;
  /** In either encoding: in latin1 only what it has. */
  const text = (value: string) => (/^[\x00-\xff]*$/.test(value) && isOften(0.5) ? inLatin1(value) : inUtf8(value));
  const tables: SourceTables = {};
  const put = (table: string, row: Record<string, unknown>) => {
    tables[table] ??= [];
    tables[table].push(row);
  };
  const flags = (sale: string) => ({ human_answered: 'Y', sale, answering_machine: 'N', dnc: 'N' });
  for (const [status, name] of systemStatuses) {
    const is = (...codes: string[]) => (codes.includes(status) ? 'Y' : 'N');
    put('vicidial_statuses', {
      status,
      status_name: text(`${name} é`),
      human_answered: is('SALE', 'NI', 'XFER', 'DROP'),
      answering_machine: is('A'),
      sale: is('SALE'),
    });
  }
  put('vicidial_campaign_statuses', {
    campaign_id: text('RENEW'),
    status: 'INT',
    status_name: text('Đồng ý'),
    ...flags('Y'),
  });
  put('vicidial_campaign_statuses', {
    campaign_id: text('TÉLÉ'),
    status: 'INT',
    status_name: text('Vielleicht'),
    ...flags('N'),
  });
  for (const id of campaigns)
    put('vicidial_campaigns', { campaign_id: text(id), campaign_name: text(`Été à ${id}`), active: 'Y' });
  for (const id of groups) put('vicidial_user_groups', { user_group: text(id), group_name: text(`Équipe ${id}`) });
  for (const id of users)
    put('vicidial_users', { user: text(id), full_name: text(`Nguyễn ${id}`), user_group: text(pick(groups)) });
  for (const [list_id, campaign] of [
    [101, 'TÉLÉ'],
    [102, 'RENEW'],
  ] as const)
    put('vicidial_lists', { list_id, campaign_id: text(campaign) });

  const leadCount = Math.ceil(dials / 4);
  for (let lead_id = 1; lead_id <= leadCount + 5; lead_id++) {
    put('vicidial_list', {
      lead_id,
      entry_date: pick([zero, null, '2024-06-01 10:00:00', '2024-07-01 22:30:00']),
      source_id: text(pick(sources)),
      list_id: pick([101, 102]),
      phone_number: phoneOf(lead_id),
    });
  }
  const begin = Math.floor(now / 1000) - 60 * 3600;
  const step = Math.floor((58 * 3600) / dials);
  let [serial, agentRow] = [0, 0];
  for (let n = 0; n < dials; n++) {
    const start = begin + n * step + under(step);
    // Few leads have most of the calls, so that dials of one lead come close to each other.
    const lead_id = isOften(0.5) ? 1 + under(5) : 1 + under(leadCount);
    if (isOften(0.15)) {
      const caller = pick([lead_id, leadCount + 3, 0]);
      addLeg({ lead_id: caller, at: start, uniqueid: `${start}.in${serial++}`, user: pick([...users, 'VDCL']) });
      continue;
    }
    const campaign = pick(campaigns);
    const uniqueid = `${start}.${serial++}`;
    const user = isOften(0.7) ? pick(users) : 'VDAD';
    const length = user === 'VDAD' ? 0 : under(200);
    const times = timesOf(start, length);
    put('vicidial_log', {
      uniqueid,
      lead_id,
      campaign_id: text(campaign),
      phone_number: phoneOf(lead_id),
      status: user === 'VDAD' ? pick(['NA', 'DROP', 'B']) : pick(['SALE', 'NI', 'XFER', 'INT', 'A', 'sale']),
      user: text(isOften(0.2) ? user.toUpperCase() : user),
      user_group: user !== 'VDAD' && isOften(0.7) ? text(pick(groups)) : null,
      ...times,
    });
    if (user !== 'VDAD') addAgentRows({ lead_id, uniqueid, user, at: start });
    let at = start + length;
    for (let legs = isOften(0.5) ? 1 + under(3) : 0; legs > 0; legs--) {
      at += under(80);
      const channel = pick([uniqueid, uniqueid, `${at}.x${serial++}`, '']);
      at = addLeg({
        lead_id,
        at,
        uniqueid: channel,
        user: pick([user, ...users, 'VDCL']),
        isNameless: channel === uniqueid && isOften(0.2),
      });
    }
  }
  return tables;

  /** A row of an in-group, and what its agent did. Gives when it ended. */
  function addLeg({ lead_id, at, uniqueid, user, isNameless = false }: Leg): number {
    const length = under(300);
    const isTaken = !user.startsWith('VD');
    put('vicidial_closer_log', {
      closecallid: ++serial,
      uniqueid,
      lead_id: isNameless ? pick([0, null]) : lead_id,
      campaign_id: 'CLOSERS',
      phone_number: phoneOf(lead_id),
      status: isTaken ? pick(['SALE', 'NI', 'XFER', 'INT']) : 'DROP',
      user: text(user),
      user_group: isTaken && isOften(0.7) ? text(pick(groups)) : null,
      queue_seconds: `${under(length + 1)}.00`,
      ...timesOf(at, length),
    });
    if (isTaken && isOften(0.6)) addAgentRows({ lead_id, uniqueid, user, at });
    return at + length;
  }

  /** A row's times: some have no date, some no epoch, and some no end. */
  function timesOf(start: number, length: number) {
    const times = {
      call_date: wallClock(start * 1000),
      start_epoch: start,
      end_epoch: start + length,
      length_in_sec: length,
    };
    const way = under(10);
    if (way === 0) return { ...times, call_date: pick([zero, null]) };
    if (way === 1) return { ...times, start_epoch: pick([0, null]) };
    return way === 2 ? { ...times, end_epoch: pick([0, null]) } : times;
  }

  function addAgentRows({
    lead_id,
    uniqueid,
    user,
    at,
  }: {
    lead_id: number;
    uniqueid: string;
    user: string;
    at: number;
  }): void {
    for (let rows = pick([0, 1, 1, 1, 2]); rows > 0; rows--) {
      put('vicidial_agent_log', {
        agent_log_id: ++agentRow,
        user: text(user),
        lead_id,
        uniqueid,
        event_time: isOften(0.1) ? zero : wallClock(at * 1000),
        talk_sec: isOften(0.05) ? 65_530 : under(200),
        dead_sec: isOften(0.4) ? under(250) : 0,
        dispo_sec: under(60),
        user_group: text(pick(groups)),
      });
    }
  }
}

interface Leg {
  lead_id: number;
  at: number;
  uniqueid: string;
  user: string;
  /** Its row names no lead. */
  isNameless?: boolean;
}

/** Writes a floor into a new database whose tables are latin1. */
export async function fillLatin1(root: Connection, database: string, tables: SourceTables): Promise<void> {
  await root.query(`${toSchema(database, 'latin1')} SET SESSION sql_mode = ''`);
  for (const [table, rows] of Object.entries(tables)) await insert(root, `${database}.${table}`, rows);
}

/** Numbers in [0, 1) that a seed decides. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
