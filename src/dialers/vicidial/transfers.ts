/** Transferred calls: which dial each leg goes on with, and how all of them count as one call. */
import type { NamedCall } from './calls.ts';

/** A row of the call log or of an in-group's log, as far as it tells which call it is of. */
export interface CallLeg {
  /** 0 when the row names none. */
  lead: number;
  /** What the channel is known by: a call that goes on in an in-group keeps it. Empty when the row does not say. */
  channel: string;
  /** Epoch milliseconds; NaN when the row does not say. */
  start: number;
  end: number;
}

/** How long after an agent let go of a call the next one may take it up. */
const patienceMs = 60_000;

/**
 * Which dial each row of an in-group goes on with, by the dial's index, or -1 for a call that the customer made: the dial of
 * the same channel, else the latest of the same lead that began before and ended, with what went on with it so far, at most
 * 60 s before (spec: a transferred call is one dial).
 */
export function findDials(dials: readonly CallLeg[], legs: readonly CallLeg[]): number[] {
  const ofChannel = new Map<string, number>();
  const ofLead = new Map<number, number[]>();
  const ends = dials.map(({ end }) => end);
  for (const [index, { lead, channel }] of dials.entries()) {
    if (channel !== '' && !ofChannel.has(channel)) ofChannel.set(channel, index);
    if (lead === 0) continue;
    const known = ofLead.get(lead);
    if (known) known.push(index);
    else ofLead.set(lead, [index]);
  }
  const found = legs.map(() => -1);
  const inOrder = [...legs.keys()].sort((one, other) => (legs[one]?.start ?? 0) - (legs[other]?.start ?? 0));
  for (const index of inOrder) {
    const { lead, channel, start, end } = legs[index]!;
    const same = channel === '' ? undefined : ofChannel.get(channel);
    const isSame = same !== undefined && (lead === 0 || dials[same]?.lead === 0 || dials[same]?.lead === lead);
    const dial = isSame
      ? same
      : (ofLead.get(lead) ?? [])
          .filter((one) => (dials[one]?.start ?? Number.NaN) <= start && start <= (ends[one] ?? 0) + patienceMs)
          .sort((one, other) => (dials[other]?.start ?? 0) - (dials[one]?.start ?? 0))[0];
    if (dial === undefined) continue;
    found[index] = dial;
    ends[dial] = Math.max(ends[dial] ?? 0, end);
  }
  return found;
}

/** Whom a transferred call counts for: the agent who dialed, or the one who closed it. */
export type Credit = 'dialer' | 'closer';

/**
 * A dial and what went on with it, in order, as one call: talk and wrap are the sum, disposition and conversion the last
 * one's. It was answered when anybody took it, else abandoned when the customer gave up in a queue.
 */
export function joinLegs(dial: NamedCall, legs: readonly NamedCall[], credit: Credit): NamedCall {
  const last = legs.at(-1);
  if (last === undefined) return dial;
  const parts = [dial, ...legs];
  const withAgent = parts.filter(({ agent }) => agent !== undefined);
  const owner = credit === 'closer' ? withAgent.at(-1) : withAgent[0];
  const { is_conversion: _, block_reason: why, outcome, agent: __, team: ___, ...rest } = dial;
  // A status may say that a person answered though nobody of ours was there. A layout without agents has their talk.
  const isTaken = parts.some((part) => part.outcome === 'answered' && (part.agent !== undefined || part.talk_sec > 0));
  const isAny = (one: NamedCall['outcome']) => parts.some((part) => part.outcome === one);
  const heaviest = isAny('abandoned') && !isTaken ? 'abandoned' : isAny('answered') ? 'answered' : outcome;
  return {
    ...rest,
    outcome: heaviest,
    ...(heaviest === outcome && why && { block_reason: why }),
    ...(owner?.agent && { agent: owner.agent, ...(owner.team && { team: owner.team }) }),
    talk_sec: parts.reduce((sum, { talk_sec }) => sum + talk_sec, 0),
    wrap_sec: parts.reduce((sum, { wrap_sec }) => sum + wrap_sec, 0),
    disposition_code: last.disposition_code,
    ...(last.is_conversion !== undefined && { is_conversion: last.is_conversion }),
  };
}
