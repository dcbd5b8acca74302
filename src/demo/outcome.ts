/** Rolls the dice for one attempt: whether somebody answers, what comes of it, and how long it takes. */
import type { Agent, Floor } from './agents.ts';
import { type Day, MINUTE } from './calendar.ts';
import type { CallerId, Pool } from './caller-ids.ts';
import { abandonment } from './campaigns.ts';
import { type Code, medianTalkSec, UNREGISTERED } from './dispositions.ts';
import type { Lead } from './leads.ts';
import { chanceOf, type Weighted } from './random.ts';

/** What comes out of one attempt. */
export interface DialOutcome {
  outcome: 'answered' | 'abandoned' | 'no_answer' | 'busy' | 'failed' | 'rejected' | 'machine' | 'blocked';
  disposition: Code | null;
  ringSec: number;
  talkSec: number;
  holdSec: number;
  wrapSec: number;
}

/** The circumstances of one attempt. */
interface Circumstances {
  lead: Lead;
  agent: Agent;
  callerId: CallerId;
  day: Day;
  timeOfDay: number;
  /** How often the lead was dialed before. */
  tries: number;
  /** The lead asked to be called at this time. */
  isPromised: boolean;
}

/** The floor, its numbers and the seed behind them. */
export interface Centre {
  seed: number;
  floor: Floor;
  pool: Pool;
}

/** How likely a person picks up a first call on an average day. */
const ANSWERING = 0.475;
/** How people pick up by half hours from eight on. */
const HOURLY = [0.78, 0.88, 1, 1.08, 1.14, 1.14, 1.06, 1, 0.8, 0.76, 0.84, 0.92, 1, 1.05, 1.08, 1.06, 1.02, 0.96];
/** What each earlier try leaves of the chance that the lead answers, and that it buys. */
const WEAR = { answering: 0.86, buying: 0.8 };
const BUYING = 0.105;

const UNANSWERED: Record<Exclude<DialOutcome['outcome'], 'answered' | 'abandoned' | 'blocked'>, Code | null> = {
  no_answer: 'no_answer',
  busy: 'busy',
  machine: 'voicemail',
  rejected: 'no_answer',
  failed: 'unreachable',
};

const UNSOLD: Weighted<Code | null> = [
  ['not_interested', 50],
  ['callback', 18],
  ['follow_up', 12],
  ['already_customer', 8],
  ['wrong_number', 4],
  ['do_not_call', 2.5],
  [null, 2],
  [UNREGISTERED, 0.3],
];
const HUNG_UP: Weighted<Code | null> = [
  ['not_interested', 62],
  ['callback', 20],
  ['wrong_number', 8],
  ['do_not_call', 5],
  [null, 5],
];

/** Decides an attempt. */
export function decide(at: Circumstances, centre: Centre): DialOutcome {
  const { lead, callerId, day, timeOfDay } = at;
  const { random } = lead;
  const isBlocked = centre.pool.phaseOf(callerId, day) === 'blocked';
  if (random.chance(isBlocked ? 0.012 : answering(at, centre.seed))) {
    if (random.chance(abandonment(lead.campaign, day, timeOfDay, centre.seed)))
      return silent('abandoned', null, random.integer(6, 22));
    return conversation(at, centre.floor);
  }
  const outcome = random.pick<keyof typeof UNANSWERED>([
    ['no_answer', 60],
    ['busy', 13],
    ['machine', 13],
    ['rejected', isBlocked ? 45 : 6.5 * callerId.rejecting],
    ['failed', isBlocked ? 25 : 6],
  ]);
  const disposition = random.chance(0.98) ? UNANSWERED[outcome] : null;
  return silent(outcome, disposition, outcome === 'no_answer' ? random.integer(24, 38) : random.integer(3, 20));
}

function answering({ lead, callerId, day, timeOfDay, tries, isPromised }: Circumstances, seed: number): number {
  const { campaign, source } = lead;
  const mood = 0.94 + 0.12 * chanceOf(seed, 61, day);
  const hourly = HOURLY[Math.floor(timeOfDay / (30 * MINUTE)) - 16] ?? 1;
  const worn = isPromised ? 1.5 : WEAR.answering ** tries;
  return Math.min(0.9, ANSWERING * hourly * mood * worn * source.answering * campaign.answering * callerId.answering);
}

function conversation({ lead, agent, callerId, day, tries, isPromised }: Circumstances, floor: Floor): DialOutcome {
  const { random, source, campaign } = lead;
  const ringSec = Math.round(random.skewed(9, 0.4));
  const wrapSec = Math.min(600, Math.round(random.skewed(agent.wrapSec, 0.45)));
  if (random.chance(callerId.hangingUp)) {
    const disposition = random.pick(HUNG_UP);
    return {
      outcome: 'answered',
      disposition,
      ringSec,
      talkSec: random.integer(2, 26),
      holdSec: 0,
      wrapSec: wrapSec >> 1,
    };
  }
  const worn = isPromised ? 1.9 : WEAR.buying ** tries;
  const buying = BUYING * worn * source.buying * campaign.buying * floor.skillOf(agent, day);
  const disposition = random.chance(Math.min(0.6, buying)) ? 'sale' : random.pick(UNSOLD);
  const talkSec = Math.ceil(Math.min(2700, random.skewed(medianTalkSec(disposition) * agent.talkativeness, 0.55)));
  const holdSec = talkSec > 90 && random.chance(0.14) ? Math.round(random.skewed(28, 0.6)) : 0;
  return {
    outcome: 'answered',
    disposition,
    ringSec,
    talkSec,
    holdSec,
    wrapSec: disposition === 'sale' ? wrapSec * 2 : wrapSec,
  };
}

function silent(outcome: DialOutcome['outcome'], disposition: Code | null, ringSec: number): DialOutcome {
  return { outcome, disposition, ringSec, talkSec: 0, holdSec: 0, wrapSec: 0 };
}

/** An attempt that a rule stopped. */
export const BLOCKED = silent('blocked', null, 0);
