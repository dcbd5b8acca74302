/** What becomes of one lead of the demo: every attempt to reach it, from the first call until nobody tries again. */
import type { Agent } from './agents.ts';
import { ALLOWED, callingTime, closingOf, type Day, HOUR, MINUTE, pastLunch, workingDay } from './calendar.ts';
import type { CallerId } from './caller-ids.ts';
import { isDialing } from './campaigns.ts';
import type { Lead } from './leads.ts';
import { BLOCKED, type Centre, type DialOutcome, decide } from './outcome.ts';
import type { Random } from './random.ts';

/** One attempt to reach a lead, before the agent's day is laid out. */
export interface DialAttempt {
  result: DialOutcome;
  lead: Lead;
  day: Day;
  timeOfDay: number;
  /** None when the person who picked up found nobody on the line. */
  agent: Agent | null;
  callerId: CallerId | null;
  block_reason: 'pdpl' | 'dnc' | 'cap' | null;
}

/** The days after which nobody calls a lead any more. */
export const LIFE_DAYS = 30;
const MOST_CALLS = 7;

interface Plan {
  day: Day;
  timeOfDay: number;
  /** Who promised to call back at that very time. */
  promisedBy: Agent | null;
}

/** All attempts of a lead's life, in order; they depend on nothing but the seed and the lead. */
export function lifeOf(lead: Lead, centre: Centre): DialAttempt[] {
  const { random, campaign } = lead;
  const attempts: DialAttempt[] = [];
  let plan = firstPlan(lead);
  let tries = 0;
  while (plan !== null && tries < MOST_CALLS && plan.day <= lead.day + LIFE_DAYS && isDialing(campaign, plan.day)) {
    const { day, timeOfDay, promisedBy } = plan;
    const agent = agentFor(plan, lead, centre);
    if (random.chance(0.016)) {
      attempts.push(stopped('pdpl', lead, day, forbiddenTime(lead, day), agent, null));
      plan = later(day + 1, random);
      continue;
    }
    const callerId = centre.pool.draw(day, random);
    if (random.chance(0.0008)) {
      attempts.push(stopped('cap', lead, day, timeOfDay, agent, callerId));
      plan = later(day + 1, random);
      continue;
    }
    const isPromised = promisedBy !== null;
    const result = decide({ lead, agent, callerId, day, timeOfDay, tries, isPromised }, centre);
    const onLine = result.outcome === 'abandoned' ? null : agent;
    attempts.push({ result, lead, day, timeOfDay, agent: onLine, callerId, block_reason: null });
    tries += 1;

    if (result.disposition === 'do_not_call' && random.chance(0.3)) {
      const again = later(day + random.integer(1, 6), random);
      const another = agentFor(again, lead, centre);
      if (again.day <= lead.day + LIFE_DAYS && isDialing(campaign, again.day))
        attempts.push(stopped('dnc', lead, again.day, again.timeOfDay, another, null));
    }
    plan = nextPlan(result, plan, agent, random);
  }
  return attempts;
}

function stopped(
  block_reason: DialAttempt['block_reason'],
  lead: Lead,
  day: Day,
  timeOfDay: number,
  agent: Agent,
  callerId: CallerId | null,
): DialAttempt {
  return { result: BLOCKED, lead, day, timeOfDay, agent, callerId, block_reason };
}

function firstPlan({ firstCall, isHot, timeOfDay, random }: Lead): Plan | null {
  if (firstCall === null) return null;
  const soon = pastLunch(timeOfDay + Math.floor(random.skewed(12, 0.7) * MINUTE), random);
  if (isHot && soon < closingOf(firstCall)) return { day: firstCall, timeOfDay: soon, promisedBy: null };
  return later(isHot ? firstCall + 1 : firstCall, random);
}

/** Who calls: the one who promised, else anybody on shift, the quick ones more often. */
function agentFor({ promisedBy, day, timeOfDay }: Plan, { campaign, random }: Lead, { floor }: Centre): Agent {
  if (promisedBy !== null && floor.isAtWork(promisedBy, day, timeOfDay)) return promisedBy;
  const seats = floor.onShift(campaign, day, timeOfDay);
  for (;;) {
    const agent = seats[random.integer(0, seats.length - 1)]!;
    if (random.chance(agent.pace)) return agent;
  }
}

/** What follows an attempt; null when the lead is done with. */
function nextPlan(
  { outcome, disposition }: DialOutcome,
  { day, timeOfDay }: Plan,
  agent: Agent,
  random: Random,
): Plan | null {
  if (outcome === 'answered') {
    if (disposition === 'callback') return promise(day, timeOfDay, agent, random);
    if (disposition === 'follow_up') return promise(day + random.integer(2, 5), timeOfDay, agent, random);
    return disposition === null || random.chance(0.03) ? later(day + random.integer(2, 6), random) : null;
  }
  if (outcome === 'failed') return random.chance(0.4) ? later(day + 2, random) : null;
  if (outcome === 'rejected' || outcome === 'machine') return later(day + random.integer(1, 4), random);
  // Nobody there, the line busy, or an abandoned call: often tried again on the same day.
  const wait = (outcome === 'busy' ? 0.4 : 1.5) * HOUR * (1 + 2 * random.next());
  const again = pastLunch(timeOfDay + Math.floor(wait), random);
  if (random.chance(0.4) && again < closingOf(day)) return { day, timeOfDay: again, promisedBy: null };
  return random.chance(0.93) ? later(day + random.integer(1, 3), random) : null;
}

function later(due: Day, random: Random): Plan {
  const day = workingDay(due, random);
  return { day, timeOfDay: callingTime(day, random), promisedBy: null };
}

/** A time agreed with the lead: on the hour or the half hour, kept within minutes. */
function promise(day: Day, timeOfDay: number, agent: Agent, random: Random): Plan {
  const isSameDay = timeOfDay + 3 * HOUR < closingOf(day) && random.chance(0.3);
  const due = isSameDay ? day : workingDay(day + random.integer(1, 3), random);
  const wanted = isSameDay ? timeOfDay + random.integer(2, 5) * 30 * MINUTE : callingTime(due, random);
  const agreed = Math.round(wanted / (30 * MINUTE)) * 30 * MINUTE;
  const kept = Math.min(agreed, closingOf(due) - 30 * MINUTE) + Math.floor(random.next() * 5 * MINUTE);
  return { day: due, timeOfDay: kept, promisedBy: agent };
}

/** A time outside the allowed hours, after the lead came in. */
function forbiddenTime({ day, random }: Lead, on: Day): number {
  const isEarly = on > day && random.chance(0.2);
  return isEarly
    ? ALLOWED.from - 1 - Math.floor(random.next() * 35 * MINUTE)
    : ALLOWED.to + Math.floor(random.next() ** 2 * 100 * MINUTE);
}
