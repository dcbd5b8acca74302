/** Which calls in an in-group are dials that went on there, and which were made by customers. */
import { later, type ReadLocal } from '../../local-time.ts';
import { fold } from '../../mysql/fold.ts';
import { toStart } from '../start.ts';
import { type CallLeg, findDials } from '../transfers.ts';
import type { Period } from './period.ts';
import type { InGroupReader, InGroupRow, Placed, WantedRows } from './read-in-groups.ts';

/** What a source's in-groups have to do with its dials, whatever hour either is of. */
export interface InGroupJoin {
  /** The rows of in-groups that went on with each of some dials which lie close together, in order. */
  legsOf(dials: readonly Placed[]): Promise<InGroupRow[][]>;
  /** How many rows of in-groups of a period went on with no dial: customers made these calls. */
  countInbound(period: Period): Promise<number>;
}

// Longer than any call: what lies further apart is not one.
const dayMs = 86_400_000;

/** Opens the joining of in-groups and dials. A lead's rows are read a day around, since its other dials decide, too. */
export function openInGroupJoin(reader: InGroupReader, readLocal: ReadLocal): InGroupJoin {
  const toLegs = (rows: readonly Placed[]) => rows.map((row) => toLeg(row, readLocal));
  /** Rows of in-groups in order, each with its dial or -1. */
  const find = (dials: readonly Placed[], rows: readonly InGroupRow[]) => {
    const legs = toLegs(rows);
    const found = findDials(toLegs(dials), legs);
    return rows
      .map((row, at) => ({ row, dial: found[at]!, start: legs[at]!.start }))
      .sort((one, other) => one.start - other.start || one.row.closecallid - other.row.closecallid);
  };
  return {
    async legsOf(dials) {
      const own: InGroupRow[][] = dials.map(() => []);
      if (dials.length === 0) return own;
      const period = dayAround(dials);
      const some = await reader.legsOf(wantedOf(dials), period);
      if (some.length === 0) return own;
      const known = new Set(dials.map(toKey));
      const others = (await reader.dialsOf(wantedOf(some), period)).filter((dial) => !known.has(toKey(dial)));
      // A row without a lead may hold the end of another dial open, which then has what comes next.
      const legs = others.length === 0 ? some : await reader.legsOf(wantedOf([...dials, ...others]), period);
      for (const { row, dial } of find([...dials, ...others], legs)) {
        // The agent log knows the call by its lead, also where the in-group's row has none.
        own[dial]?.push({ ...row, lead_id: row.lead_id || dials[dial]!.lead_id });
      }
      return own;
    },
    async countInbound(period) {
      let inbound = 0;
      for await (const page of reader.pages(period)) {
        if (page.length === 0) continue;
        const dials = await reader.dialsOf(wantedOf(page), dayAround(page));
        // Rows that are not of the page may hold a dial's end open.
        const legs = dials.length === 0 ? [] : await reader.legsOf(wantedOf(dials), dayAround(page));
        const joined = new Set(find(dials, legs).flatMap(({ row, dial }) => (dial === -1 ? [] : row.closecallid)));
        inbound += page.filter(({ closecallid }) => !joined.has(closecallid)).length;
      }
      return inbound;
    },
  };
}

function toLeg(row: Placed, readLocal: ReadLocal): CallLeg {
  const start = toStart(row, readLocal) ?? Number.NaN;
  const ends = [Number(row.end_epoch) * 1000, start + Number(row.length_in_sec) * 1000];
  return {
    lead: row.lead_id ?? 0,
    channel: fold(row.uniqueid ?? ''),
    start,
    // Rows that were never closed have an end of 0, and broken ones an end of years later.
    end: ends.find((end) => end >= start && end <= start + dayMs) ?? start,
  };
}

/** Whose rows tell which are of one call: a row that names no lead is known by its channel. */
function wantedOf(rows: readonly Placed[]): WantedRows {
  return {
    leads: [...new Set(rows.flatMap(({ lead_id }) => lead_id || []))],
    channels: [...new Set(rows.flatMap(({ uniqueid }) => uniqueid || []))],
  };
}

function dayAround(rows: readonly Placed[]): Period {
  const dates = rows.map(({ call_date }) => call_date).sort();
  return { from: later(dates[0]!, -dayMs), end: later(dates.at(-1)!, dayMs) };
}

const toKey = ({ uniqueid, lead_id }: Placed) => `${fold(uniqueid)} ${lead_id ?? 0}`;
