import type { Connection } from 'mysql2/promise';
import { insert } from '../vicidial/floor.ts';

/** A leg of a call as Asterisk writes it down when it has ended. */
export interface Leg {
  /** Which of the calls that were made up it is of: the table knows nothing of it. */
  of: string;
  uniqueid: string;
  linkedid: string;
  /** Epoch seconds. */
  start: number;
  duration: number;
  billsec: number;
  disposition: string;
  src: string;
  dst: string;
  dcontext: string;
  channel: string;
  dstchannel: string;
  accountcode: string;
}

/** A call as it is by the legs that are written. */
export interface PlainCall {
  id: string;
  start: number;
  campaign: string;
  outcome: string;
  talk: number;
}

/** When a leg is written: when it has ended. */
export const writtenAt = ({ start, duration }: Leg) => start + duration;

/** Numbers of customers: nothing of them may get anywhere. */
const phoneOf = (n: number) => `09${String(10_000_000 + n)}`;

/** Makes up what a PBX did: calls of every kind that its page tells of, of one leg or several. */
export function makeLegs({ from, to, calls, seed = 5 }: { from: number; to: number; calls: number; seed?: number }) {
  const next = random(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)]!;
  const legs: Leg[] = [];
  let channels = 0;
  const idAt = (start: number) => `${start}.${++channels}`;
  const put = (of: string, leg: Partial<Leg> & { start: number; uniqueid: string; dst: string }): Leg => {
    const whole = {
      of,
      linkedid: leg.uniqueid,
      duration: 5,
      billsec: 0,
      disposition: 'NO ANSWER',
      src: '02873000000',
      dcontext: 'outbound',
      channel: `SIP/agent-${leg.uniqueid}`,
      dstchannel: `SIP/trunk-${leg.uniqueid}`,
      accountcode: '',
      ...leg,
    };
    legs.push(whole);
    return whole;
  };
  const talked = (seconds: number, wait = 7) => ({
    disposition: 'ANSWERED',
    duration: seconds + wait,
    billsec: seconds,
  });
  // Agents who stay in one channel all day.
  const stays = [0, 1].map((n) => {
    const id = idAt(from + n);
    const channel = `SIP/stays-${n}`;
    put(`agent ${n}`, { uniqueid: id, start: from + n, dst: '*45', channel, dstchannel: '', duration: 20_000 });
    return id;
  });
  for (let n = 0; n < calls; n++) {
    const start = from + Math.floor(next() * (to - from));
    const id = idAt(start);
    const whole = { uniqueid: id, start, dst: phoneOf(n), accountcode: pick(['TELE', 'RENEW', 'tele 2']) };
    const of = `call ${n}`;
    const kind = n % 11;
    if (kind <= 2) put(of, { ...whole, ...talked(1 + Math.floor(next() * 300)) });
    else if (kind === 3)
      put(of, { ...whole, disposition: pick(['BUSY', 'FAILED', 'CONGESTION', 'NO ANSWER', 'CANCEL']) });
    else if (kind === 4) put(of, { ...whole, ...talked(0) });
    else if (kind === 5) {
      // One trunk, then another.
      put(of, { ...whole, disposition: 'CANCEL', duration: 12, dstchannel: `SIP/a-${id}` });
      put(of, { ...whole, start: start + 12, ...talked(40), dstchannel: `SIP/b-${id}` });
    } else if (kind === 6) {
      // The customer's channel is handed on, to an extension or to a number.
      const trunk = `SIP/trunk-${id}`;
      put(of, { ...whole, ...talked(30) });
      const later = start + 37;
      const dst = pick(['7002', `${phoneOf(n)}9`]);
      put(of, { ...whole, uniqueid: idAt(later), linkedid: id, start: later, dst, channel: trunk, ...talked(3000, 0) });
    } else if (kind === 7) {
      // The first leg ends hours after the second, which is written alone before.
      put(of, { ...whole, ...talked(9000) });
      const later = start + 1800;
      const half = { channel: `Local/x-${id};2`, dstchannel: `SIP/y-${id}` };
      put(of, { ...whole, uniqueid: idAt(later), linkedid: id, start: later, ...half, ...talked(600, 20) });
    } else if (kind === 8) put(of, { ...whole, linkedid: pick(stays), ...talked(20) });
    else if (kind === 9)
      put(of, { ...whole, dcontext: 'from-trunk', src: phoneOf(n), dst: '02873000000', ...talked(60) });
    else put(of, { ...whole, ...talked(15_000) });
  }
  return legs;
}

/** Makes up legs that no PBX would write: tied in any way, hours apart and over midnight, in no order. */
export function makeTangle({ from, groups, seed }: { from: number; groups: number; seed: number }): Leg[] {
  const next = random(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)]!;
  const legs = Array.from({ length: groups }, (_, group) => {
    const begun = from + Math.floor(next() * 40 * 3600);
    const starts = [0, 1, 2, 3].map(() => begun + Math.floor(next() ** 3 * 20 * 3600));
    return Array.from({ length: 1 + Math.floor(next() * 6) }, (): Leg => {
      const n = Math.floor(next() * starts.length);
      const billsec = pick([0, 0, 30, 600]);
      return {
        of: '',
        uniqueid: `${starts[n]}.${group * 10 + n}`,
        // Now and then one dial has two linkedids.
        linkedid: `${begun}.${group * 10 + (next() < 0.1 ? 8 : 9)}`,
        start: starts[n]! + pick([0, 0, 5, 400]),
        billsec,
        duration: billsec + pick([5, 60, 7200]),
        disposition: billsec > 0 ? 'ANSWERED' : pick(['NO ANSWER', 'BUSY', 'CANCEL', 'FAILED']),
        src: '02873000000',
        dst: pick([`0900${100_000 + group}`, `0901${100_000 + group}`, '7002']),
        dcontext: pick(['outbound', 'outbound', 'outbound', 'from-trunk']),
        channel: `SIP/c-${group}-${pick([1, 2, 3])}`,
        dstchannel: `SIP/c-${group}-${pick([1, 2, 3, 4, 5])}`,
        accountcode: pick(['TELE', 'RENEW']),
      };
    });
  }).flat();
  return legs
    .map((leg) => ({ leg, place: next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ leg }) => leg);
}

/** What the calls are by their legs: of nothing but what the page of Asterisk says. */
export function toPlainCalls(legs: readonly Leg[]): PlainCall[] {
  const calls = new Map<string, Leg[]>();
  for (const leg of legs) {
    if (leg.dcontext === 'from-trunk' || leg.dst === '*45') continue;
    calls.set(leg.of, [...(calls.get(leg.of) ?? []), leg]);
  }
  return [...calls.values()].flatMap((own) => {
    const heads = own.filter(({ dst }) => dst.length > 5).sort((one, other) => one.start - other.start);
    const [first] = heads;
    if (!first) return [];
    const answered = own.filter(({ disposition, billsec }) => disposition === 'ANSWERED' && billsec > 0);
    const talking = new Set<number>();
    for (const { start, duration, billsec } of answered) {
      for (let second = start + duration - billsec; second < start + duration; second++) talking.add(second);
    }
    const words: Record<string, string> = { BUSY: 'busy', FAILED: 'failed', CONGESTION: 'failed' };
    return {
      id: first.uniqueid,
      start: Number(first.uniqueid.split('.')[0]),
      campaign: first.accountcode,
      outcome: answered.length > 0 ? 'answered' : (words[first.disposition] ?? 'no_answer'),
      talk: talking.size,
    };
  });
}

/** The clock of a zone at an instant. */
export function clockOf(zone: string): (seconds: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return (seconds) => format.format(seconds * 1000);
}

const texts = "VARCHAR(80) NOT NULL DEFAULT ''";
const oldColumns = `calldate DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', clid ${texts}, src ${texts}, dst ${texts}, dcontext ${texts},
  channel ${texts}, dstchannel ${texts}, lastapp ${texts}, lastdata ${texts}, duration INT NOT NULL DEFAULT 0, billsec INT NOT NULL DEFAULT 0,
  disposition VARCHAR(45) NOT NULL DEFAULT '', amaflags INT NOT NULL DEFAULT 0, accountcode VARCHAR(20) NOT NULL DEFAULT '',
  uniqueid VARCHAR(32) NOT NULL DEFAULT '', userfield VARCHAR(255) NOT NULL DEFAULT ''`;

/** Makes an empty table of call records, as Asterisk has it now or had it long ago. */
export function toCdrSchema(database: string, { layout = 'new', charset = 'utf8mb4', engine = 'InnoDB' } = {}): string {
  const newer = `, peeraccount ${texts}, linkedid VARCHAR(32) NOT NULL DEFAULT '', sequence INT NOT NULL DEFAULT 0`;
  const timed = ', `start` DATETIME, `answer` DATETIME, `end` DATETIME';
  const columns = `${oldColumns}${layout === 'old' ? '' : newer}${layout === 'timed' ? timed : ''}`;
  return `CREATE DATABASE ${database}; USE ${database}; SET sql_mode = '';
    CREATE TABLE cdr (${columns}, KEY (calldate)) ENGINE = ${engine} DEFAULT CHARSET = ${charset};`;
}

/** Writes legs into the table. */
export async function writeLegs(
  root: Connection,
  legs: readonly Leg[],
  { zone, layout = 'new' }: { zone: string; layout?: 'new' | 'old' | 'timed' },
): Promise<void> {
  const clock = clockOf(zone);
  const rows = legs.map(({ of: _, start, linkedid, ...leg }) => ({
    ...leg,
    calldate: clock(start),
    clid: `"Customer" <${leg.dst}>`,
    lastapp: 'Dial',
    lastdata: `SIP/trunk/${leg.dst},30`,
    ...(layout !== 'old' && { linkedid, sequence: 1 }),
    ...(layout === 'timed' && {
      start: clock(start),
      answer: leg.disposition === 'ANSWERED' ? clock(start + leg.duration - leg.billsec) : null,
      end: clock(start + leg.duration),
    }),
  }));
  if (rows.length > 0) await insert(root, 'cdr', rows.map(quoted));
}

/** `end` is a word of SQL. */
const quoted = (row: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [`\`${name}\``, value]));

/** The same legs as Asterisk's own CSV has them. */
export function toMasterCsv(
  legs: readonly Leg[],
  { zone, layout = 'new' }: { zone: string; layout?: 'new' | 'old' },
): string {
  const clock = clockOf(zone);
  return legs
    .map((leg) => {
      const { start, duration, billsec, disposition } = leg;
      const answer = disposition === 'ANSWERED' || billsec > 0 ? clock(start + duration - billsec) : '';
      return [
        ...[leg.accountcode, leg.src, leg.dst, leg.dcontext, `"Customer" <${leg.dst}>`, leg.channel, leg.dstchannel],
        ...['Dial', `SIP/trunk/${leg.dst},30`, clock(start), answer, clock(start + duration), duration, billsec],
        ...[disposition, 'DOCUMENTATION', leg.uniqueid, ''],
        ...(layout === 'old' ? [] : ['', leg.linkedid, 1]),
      ]
        .map((field) => (typeof field === 'number' ? String(field) : `"${field.replaceAll('"', '""')}"`))
        .join(',');
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** Numbers in [0, 1) that a seed decides. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
