/** How rows of VICIdial's logs become a call of ours: who took it, how long it lasted, how it ended. */
import type { Named } from '../ids.ts';
import type { ReadLocal } from '../local-time.ts';
import type { CarrierWord } from './carrier.ts';
import { type Ending, type Overrides, toEnding } from './outcome.ts';
import { toStart } from './start.ts';
import type { StatusBook } from './statuses.ts';

/** A row of `vicidial_log`, or of an in-group's log. No column with a number of a customer is ever read. */
export interface LogRow {
  uniqueid: string;
  lead_id: number | null;
  campaign_id: string | null;
  call_date: string;
  start_epoch: number | null;
  status: string | null;
  user: string | null;
  user_group: string | null;
}

/** A row of `vicidial_agent_log` that belongs to a call. */
export interface AgentRow {
  user: string | null;
  user_group: string | null;
  talk_sec: number | null;
  dispo_sec: number | null;
  dead_sec: number | null;
}

/** What the other logs know about a call. */
export interface CallEvidence {
  carrier: CarrierWord | undefined;
  isInDropLog: boolean;
  /** In the order in which they were written. */
  agentRows: readonly AgentRow[];
  /** As the dial log has it: a number, or `"name" <number>`. */
  outboundCid: string | undefined;
}

/** A call in our words, with names where our rows have ids. */
export interface NamedCall extends Ending, Named {
  call_id: string;
  lead_id?: number;
  cid?: string;
  started_at: string | undefined;
  talk_sec: number;
  wrap_sec: number;
  disposition_code: string;
  is_conversion?: boolean;
}

/** What a source's rows mean. */
export interface CallContext {
  statuses: StatusBook;
  overrides: Overrides;
  readLocal: ReadLocal;
}

/** Makes a call of a row of the log and of what the other logs know about it. */
export function toCall(
  row: LogRow,
  { carrier, isInDropLog, agentRows, outboundCid }: CallEvidence,
  { statuses, overrides, readLocal }: CallContext,
): NamedCall {
  const campaign = row.campaign_id?.trim() ?? '';
  const code = row.status?.trim() ?? '';
  const status = statuses.find(campaign, code);
  const own = ownRows(row.user, agentRows);
  const agent = toAgent(row.user) ?? toAgent(own.at(-1)?.user);
  const team = toText(row.user_group) ?? toText(own.at(-1)?.user_group);
  const { talk_sec, wrap_sec } = toSeconds(own);
  const cid = toCid(outboundCid);
  const startedAt = toStart(row, readLocal);
  return {
    call_id: row.uniqueid,
    campaign,
    ...(row.lead_id && { lead_id: row.lead_id }),
    ...(agent && { agent, ...(team && { team }) }),
    ...(cid && { cid }),
    started_at: startedAt === undefined ? undefined : new Date(startedAt).toISOString(),
    ...toEnding({ campaign, code, status, isInDropLog, agentTalkSec: talk_sec, carrier }, overrides),
    talk_sec,
    wrap_sec,
    disposition_code: status?.code ?? code,
    // Our dispositions have one flag a code: a campaign that thinks otherwise says so on its calls.
    ...(status?.isOfCampaign &&
      statuses.general(code)?.sale !== status.sale && {
        is_conversion: status.sale,
      }),
  };
}

/** The name of a person; VICIdial's users for calls that nobody took are none. */
export function toAgent(user: string | null | undefined): string | undefined {
  const name = toText(user);
  return name && !/^(VDAD|VDCL)$/i.test(name) ? name : undefined;
}

/** The agent log's rows of the person whom the call log names; when it names nobody, those of the last one. */
function ownRows(user: string | null, rows: readonly AgentRow[]): readonly AgentRow[] {
  const name = (toAgent(user) ?? toAgent(rows.findLast((row) => toAgent(row.user))?.user))?.toLowerCase();
  return rows.filter((row) => toAgent(row.user)?.toLowerCase() === name);
}

/** Talk is what remains when the customer's side was not dead; the dead seconds, which are part of it, are wrap. */
function toSeconds(rows: readonly AgentRow[]): { talk_sec: number; wrap_sec: number } {
  let [talk, wrap] = [0, 0];
  for (const row of rows) {
    const inTalk = toCount(row.talk_sec);
    // VICIdial's own correction comes late or never: a row may have more dead seconds than talk.
    const dead = Math.min(toCount(row.dead_sec), inTalk);
    talk += inTalk - dead;
    wrap += toCount(row.dispo_sec) + dead;
  }
  return { talk_sec: talk, wrap_sec: wrap };
}

/** Seconds as they count. The columns are small integers without a sign: one that ran over, or below zero, stands near 65535. */
export const toCount = (seconds: number | null) => (seconds && seconds > 0 && seconds < 65_000 ? seconds : 0);

/** The number of `"name" <number>`: the name is the dialer's own code of the call. */
function toCid(outboundCid: string | undefined): string | undefined {
  const number = /<([^<>]*)>\s*$/.exec(outboundCid ?? '')?.[1] ?? outboundCid ?? '';
  if (!/^[+\d() .-]+$/.test(number) || !/[1-9]/.test(number)) return undefined;
  return number.replace(/[^\d+]/g, '');
}

const toText = (text: string | null | undefined) => text?.trim() || undefined;
