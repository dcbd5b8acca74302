/** Which lines of an export belong to one call: transfers to in-groups, and lines that say a call again. */
import type { ReadLocal } from '../../local-time.ts';
import { fold } from '../../mysql/fold.ts';
import type { NamedCall } from '../calls.ts';
import { type CallLeg, findDials } from '../transfers.ts';
import { type ExportLine, isOfInGroup } from './line.ts';

/** A line of an in-group that goes on with a dial, and what else the file says of the same. */
interface JoinedLeg {
  line: ExportLine;
  again: ExportLine[];
}

/** Which lines of an export are of one call. Lines are counted from 0. */
export interface Parts {
  /** A call that the customer made. */
  isInbound(at: number): boolean;
  /** A line that goes into the call of another line. */
  isJoined(at: number): boolean;
  /** How many lines say a call again. */
  again: number;
  /** What goes into the call of a line: in-groups that went on with it, and lines that say it again. */
  of(at: number): { legs: JoinedLeg[]; again: ExportLine[] };
}

/**
 * Finds out which lines are of one call. An extended layout joins the agents' log, so that a call stands there once for each of
 * its rows: the same call with another wrap-up time. Memory grows with the calls of the file, by some hundred bytes each.
 */
export async function findParts(lines: AsyncIterable<ExportLine | undefined>, readLocal: ReadLocal): Promise<Parts> {
  const firsts = new Map<string, number>();
  const again = new Map<number, ExportLine[]>();
  const dials: { at: number; leg: CallLeg }[] = [];
  const inGroup: { at: number; leg: CallLeg; line: ExportLine }[] = [];
  const joined = new Set<number>();
  let at = -1;
  for await (const line of lines) {
    at++;
    // A row that can't be placed is told as it is, whatever its other columns say.
    if (!line || line.fault !== undefined || readLocal(line.call_date) === undefined) continue;
    const isInGroup = isOfInGroup(line);
    const key = toKey(line, isInGroup);
    const first = firsts.get(key);
    if (key !== '' && first !== undefined) {
      again.set(first, [...(again.get(first) ?? []), own(line)]);
      joined.add(at);
      continue;
    }
    firsts.set(own(key), at);
    if (isInGroup) inGroup.push({ at, leg: toLeg(line, readLocal), line: own(line) });
    else dials.push({ at, leg: toLeg(line, readLocal) });
  }
  const legs = new Map<number, JoinedLeg[]>();
  const inbound = new Set<number>();
  const found = findDials(
    dials.map(({ leg }) => leg),
    inGroup.map(({ leg }) => leg),
  );
  const order = [...inGroup.keys()].sort((one, other) => inGroup[one]!.leg.start - inGroup[other]!.leg.start);
  for (const index of order) {
    const { at: own, line } = inGroup[index]!;
    const dial = dials[found[index] ?? -1];
    if (!dial) {
      inbound.add(own);
      continue;
    }
    joined.add(own);
    legs.set(dial.at, [...(legs.get(dial.at) ?? []), { line, again: again.get(own) ?? [] }]);
  }
  return {
    again: [...again.values()].reduce((sum, lines) => sum + lines.length, 0),
    isInbound: (line) => inbound.has(line),
    isJoined: (line) => joined.has(line),
    of: (line) => ({ legs: legs.get(line) ?? [], again: again.get(line) ?? [] }),
  };
}

/** The same call with the wrap-up times of all lines that say it. */
export function addUp(call: NamedCall, again: readonly ExportLine[]): NamedCall {
  const wrap = again.reduce((sum, { wrapup_time: text = '' }) => sum + (/^\d{1,9}$/.test(text) ? Number(text) : 0), 0);
  return wrap === 0 ? call : { ...call, wrap_sec: call.wrap_sec + wrap };
}

/** An agent who took up a call again by themselves: both lines were joined with the same rows of the agents' log. */
export function withoutShared(leg: NamedCall, { uniqueid, user = '' }: ExportLine, dial: ExportLine): NamedCall {
  const isShared = uniqueid && uniqueid === dial.uniqueid && fold(user) === fold(dial.user ?? '');
  return isShared ? { ...leg, wrap_sec: 0 } : leg;
}

/** The lead that a line names, or 0. */
export const toLead = ({ lead_id = '' }: ExportLine): number => (/^\d{1,15}$/.test(lead_id) ? Number(lead_id) : 0);

/** VICIdial's own id of the call where the export has one; else its lead and its second, which no second call shares. */
export function toCallId(line: ExportLine): string {
  const { uniqueid, caller_code, call_date, alt_dial } = line;
  if (uniqueid) return uniqueid;
  if (caller_code) return caller_code;
  const second = (call_date ?? '').replace(/\D/g, '');
  const lead = toLead(line);
  if (!lead || !second) return '';
  return [lead, second, ...(alt_dial && !/^(NONE|MAIN)$/i.test(alt_dial) ? [alt_dial] : [])].join('-');
}

/** What two lines have in common that say the same call. A channel may pass through several in-groups. */
function toKey(line: ExportLine, isInGroup: boolean): string {
  const id = toCallId(line);
  if (!isInGroup || id === '') return id;
  return ['in', id, line.call_date, fold(line.campaign_id ?? '')].join(' ');
}

function toLeg(line: ExportLine, readLocal: ReadLocal): CallLeg {
  const { uniqueid = '', caller_code = '', called_count = '', length_in_sec = '', call_date } = line;
  const start = readLocal(call_date) ?? Number.NaN;
  const length = /^\d{1,5}$/.test(length_in_sec) ? Number(length_in_sec) : 0;
  // ALTERNATE_1 has no id of the call, but its in-groups have the code that a transfer gave to the dial as well.
  const channel = uniqueid || caller_code || (called_count.includes('.') ? called_count : '');
  return { lead: toLead(line), channel: own(channel), start, end: start + length * 1000 };
}

/** Of its own: a text that is cut from a larger one would hold on to all of it. */
const own = <Value extends string | ExportLine>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;
