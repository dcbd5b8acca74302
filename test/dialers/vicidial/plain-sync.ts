/**
 * What a sync of a VICIdial should give, computed the slow and plain way from the rows of its tables as they lie there: no
 * database, no hours, no pages, nothing of the product. Tests compare the product's reports with what comes of these rows.
 */
import type { Row } from '../../oracle/plain/world.ts';
import { wallClock } from './floor.ts';

/** The rows of a VICIdial's tables; a text is the bytes that its column holds. */
export type SourceTables = Record<string, Record<string, unknown>[]>;

/** A call in our columns, with names for campaign, agent and team. */
export type PlainCall = Row & { campaign: string; agent: string | null; team: string | null };

/** What of Windows-1252 is not latin1, from its byte 128 on; what it leaves open stands for itself. */
const beyondLatin1 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** A text: UTF-8 where the bytes are that, else Windows-1252. */
export function toText(value: unknown): string {
  if (!Buffer.isBuffer(value)) return String(value ?? '').trim();
  const text = value.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(value)) return text.trim();
  return [...value]
    .map((byte) => (byte >= 128 && byte < 160 ? beyondLatin1[byte - 128] : String.fromCharCode(byte)))
    .join('')
    .trim();
}

const isSame = (one: unknown, other: unknown) => toText(one).toLowerCase() === toText(other).toLowerCase();
const toPerson = (user: unknown) => (/^(VDAD|VDCL|)$/.test(toText(user)) ? null : toText(user));

/** Seconds since 1970 of a row: its epoch, else the first instant at which the clock showed its date. */
function startOf({ start_epoch, call_date }: Record<string, unknown>): number | null {
  if (Number(start_epoch) > 0) return Number(start_epoch);
  const date = String(call_date ?? '');
  if (date === '' || date.startsWith('0000')) return null;
  const asUtc = Date.parse(`${date.replace(' ', 'T')}Z`) / 1000;
  for (let hours = 4; hours <= 5; hours++)
    if (wallClock((asUtc + hours * 3600) * 1000) === date) return asUtc + hours * 3600;
  return null;
}

interface Part {
  row: Record<string, unknown>;
  start: number;
  end: number;
}
interface Dial extends Part {
  legs: Part[];
}

function toPart(row: Record<string, unknown>): Part | null {
  const start = startOf(row);
  if (start === null) return null;
  const end = Number(row.end_epoch) >= start ? Number(row.end_epoch) : start + Number(row.length_in_sec);
  return { row, start, end };
}

/** Dials, each with the rows of in-groups that went on with it, and the rows that went on with none. */
function join({ vicidial_log = [], vicidial_closer_log = [] }: SourceTables): { dials: Dial[]; inbound: number } {
  const dials = vicidial_log.map(toPart).flatMap((part) => (part ? [{ ...part, legs: [] as Part[] }] : []));
  const legs = vicidial_closer_log.map(toPart).flatMap((part) => part ?? []);
  legs.sort((one, other) => one.start - other.start || Number(one.row.closecallid) - Number(other.row.closecallid));
  let inbound = 0;
  for (const leg of legs) {
    const lead = Number(leg.row.lead_id ?? 0);
    const ofChannel = dials.find(
      ({ row }) => row.uniqueid === leg.row.uniqueid && (lead === 0 || Number(row.lead_id) === lead),
    );
    let found = ofChannel;
    if (!found && lead > 0) {
      for (const dial of dials) {
        const end = Math.max(dial.end, ...dial.legs.map((one) => one.end));
        const isOpen = Number(dial.row.lead_id) === lead && dial.start <= leg.start && leg.start <= end + 60;
        if (isOpen && (!found || dial.start > found.start)) found = dial;
      }
    }
    if (found) found.legs.push(leg);
    else inbound++;
  }
  return { dials, inbound };
}

/** How a part ended by its status: all of those that the floor has. */
function outcomeOf(status: string): string {
  if (['SALE', 'NI', 'XFER', 'INT'].includes(status)) return 'answered';
  return { DROP: 'abandoned', A: 'machine', B: 'busy' }[status] ?? 'no_answer';
}

const toSeconds = (value: unknown) => (Number(value) > 0 && Number(value) < 65_000 ? Number(value) : 0);

/** What a sync should know. */
export function plainSync(tables: SourceTables, credit: 'dialer' | 'closer') {
  const { dials, inbound } = join(tables);
  const log = tables.vicidial_agent_log ?? [];
  const calls = dials.map((dial): PlainCall => {
    const parts = [dial, ...dial.legs];
    const statuses = parts.map(({ row }) => toText(row.status).toUpperCase());
    const outcomes = statuses.map(outcomeOf);
    const campaign = toText(dial.row.campaign_id);
    const counted = new Set<Record<string, unknown>>();
    let [talk, wrap] = [0, 0];
    const owners: { agent: string; team: string | null }[] = [];
    for (const { row } of parts) {
      const agent = toPerson(row.user);
      if (agent === null) continue;
      const own = log.filter(
        (one) =>
          row.uniqueid !== '' &&
          one.uniqueid === row.uniqueid &&
          Number(one.lead_id) === Number(row.lead_id || dial.row.lead_id) &&
          isSame(one.user, agent),
      );
      for (const one of own) counted.add(one);
      if (own.length === 0 && row !== dial.row)
        talk += Math.max(0, Number(row.length_in_sec) - Number(row.queue_seconds));
      owners.push({ agent, team: toText(row.user_group) || toText(own.at(-1)?.user_group) || null });
    }
    for (const row of counted) {
      const dead = Math.min(toSeconds(row.dead_sec), toSeconds(row.talk_sec));
      talk += toSeconds(row.talk_sec) - dead;
      wrap += toSeconds(row.dispo_sec) + dead;
    }
    const owner = credit === 'closer' ? owners.at(-1) : owners[0];
    return {
      call_id: String(dial.row.uniqueid),
      campaign,
      lead_id: Number(dial.row.lead_id),
      agent: owner?.agent ?? null,
      team: owner?.team ?? null,
      cid: null,
      started_at: new Date(dial.start * 1000).toISOString(),
      outcome: ['answered', 'abandoned'].find((one) => outcomes.includes(one)) ?? outcomes[0]!,
      talk_sec: talk,
      wrap_sec: wrap,
      disposition_code: statuses.at(-1)!,
      is_conversion: statuses.at(-1) === 'SALE' || (statuses.at(-1) === 'INT' && campaign === 'RENEW'),
    };
  });
  const dialed = (lead: unknown) => dials.filter(({ row }) => row.lead_id === lead).map(({ start }) => start);
  const leads = (tables.vicidial_list ?? []).flatMap((row) => {
    const entered = startOf({ call_date: row.entry_date });
    const start = entered ?? Math.min(...dialed(row.lead_id));
    if (!Number.isFinite(start)) return [];
    const list = tables.vicidial_lists?.find(({ list_id }) => list_id === row.list_id);
    const created_at = new Date(start * 1000).toISOString();
    return [
      {
        lead_id: Number(row.lead_id),
        campaign: toText(list?.campaign_id),
        source: toText(row.source_id),
        created_at,
        isByDial: entered === null,
      },
    ];
  });
  const joined = dials.reduce((sum, { legs }) => sum + legs.length, 0);
  return { calls, leads, inbound, joined };
}
