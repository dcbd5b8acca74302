/** From VICIdial's statuses, logs and the carrier's word to one of our outcomes: the rules, in their order. */
import { fold } from '../mysql/fold.ts';
import { type CarrierWord, isPickedUp, ofCause, readCarrier } from './carrier.ts';
import type { Status } from './statuses.ts';

/** How a call attempt ended, with the rule that stopped it when it was never dialed. */
export interface Ending {
  outcome: 'answered' | 'abandoned' | 'no_answer' | 'busy' | 'failed' | 'rejected' | 'machine' | 'blocked';
  block_reason?: 'dnc' | 'other';
}

/** Everything that is known about how an attempt ended. */
export interface Evidence {
  campaign: string;
  /** The status as the log has it. */
  code: string;
  /** Its definition, when there is one. */
  status: Status | undefined;
  /** The drop log has a row of it. */
  isInDropLog: boolean;
  /** Seconds that an agent talked, by the agent log. */
  agentTalkSec: number;
  carrier: CarrierWord | undefined;
}

/** What a tenant decided about statuses: by `STATUS`, or by `CAMPAIGN/STATUS`. */
export type Overrides = ReadonlyMap<string, Ending['outcome']>;

/** The key of an override. */
export const toOverrideKey = (code: string, campaign?: string) =>
  campaign === undefined ? fold(code) : `${fold(campaign)}/${fold(code)}`;

/** The key of an override that people wrote as STATUS or CAMPAIGN/STATUS; undefined when it is neither. */
export function readOverrideKey(written: string): string | undefined {
  const [, campaign, code] = /^(?:([^/]+)\/)?([^/]+)$/.exec(written.trim()) ?? [];
  return code && toOverrideKey(code, campaign);
}

/**
 * Statuses of VICIdial's own that mean something else than their flags say. PDROP is mostly a carrier's false answer, and
 * LRERR a fault of the dialer's own channel, though both are flagged as answered by a human. AA and AFAX are machines,
 * though neither is flagged as one.
 */
const misflagged: Record<string, Ending['outcome']> = {
  pdrop: 'failed',
  lrerr: 'failed',
  aa: 'machine',
  afax: 'machine',
};

/** What the system's statuses without a telling flag mean, when the carrier does not say more. */
const unflagged: Record<string, Ending['outcome']> = {
  na: 'no_answer',
  n: 'no_answer',
  b: 'busy',
  ab: 'busy',
  dc: 'failed',
  adc: 'failed',
  adct: 'failed',
  dair: 'failed',
  eri: 'failed',
  lsmerg: 'failed',
  queue: 'failed',
  incall: 'failed',
  new: 'failed',
  pu: 'machine',
  pm: 'machine',
};

/** Statuses by which somebody says that nobody was reached: talk seconds beside them are an agent listening to the line. */
const notReached = new Set(['na', 'n', 'b', 'ab', 'dc', 'adc', 'adct']);

/** Statuses of calls that are still on. */
export const runningStatuses = new Set(['new', 'queue', 'incall']);

/** How an attempt ended: the first rule that holds. docs/vicidial.md gives the reason of each. */
export function toEnding(evidence: Evidence, overrides: Overrides): Ending {
  const { status, carrier, agentTalkSec } = evidence;
  const code = fold(evidence.code);
  const decided = overrides.get(toOverrideKey(code, evidence.campaign)) ?? overrides.get(toOverrideKey(code));
  if (decided) return decided === 'blocked' ? { outcome: 'blocked', block_reason: 'other' } : { outcome: decided };
  if (evidence.isInDropLog || code === 'drop' || code === 'xdrop') return { outcome: 'abandoned' };
  const meant = misflagged[code];
  if (meant) return { outcome: meant };
  if (status?.answering_machine) return { outcome: 'machine' };
  if (status?.human_answered) return { outcome: 'answered' };
  if (status?.dnc && agentTalkSec === 0 && !carrier) return { outcome: 'blocked', block_reason: 'dnc' };
  if (agentTalkSec > 0 && !notReached.has(code)) return { outcome: 'answered' };
  return { outcome: readHangupStatus(code) ?? readCarrier(carrier) ?? unflagged[code] ?? toPlain(carrier) };
}

/** HUC and a number: the cause by which the carrier hung up. */
function readHangupStatus(code: string): Ending['outcome'] | undefined {
  const cause = /^huc(\d{1,3})$/.exec(code)?.[1];
  return cause === undefined ? undefined : (ofCause(Number(cause)) ?? 'failed');
}

// Picked up, but by nobody that VICIdial calls a human: the one outcome that says so is the machine's.
const toPlain = (carrier: CarrierWord | undefined) => (isPickedUp(carrier) ? 'machine' : 'no_answer');
