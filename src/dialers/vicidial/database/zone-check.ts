/** Guards against a wrong time zone for VICIdial's logs, by rows that have both an epoch and a wall clock. */
import { DialtallyError } from '../../../errors.ts';
import { hourOf, later, type ReadLocal } from '../../local-time.ts';
import type { LogRow } from '../calls.ts';
import type { LogReader } from './log-reader.ts';

/** Calls whose epoch and wall clock disagree by the zone, of those that have both. */
export interface ZoneDoubts {
  rows: number;
  of: number;
}

/** Counts what a row says of the zone: where it has both an epoch and a wall clock, they tell whether it is the right one. */
export function checkZone(readLocal: ReadLocal, row: LogRow, doubts: ZoneDoubts): void {
  const local = row.start_epoch ? readLocal(row.call_date) : undefined;
  if (local === undefined || !row.start_epoch) return;
  doubts.of++;
  // A call that waited may have up to a quarter of an hour between the two.
  if (Math.abs(row.start_epoch * 1000 - local) > 900_000) doubts.rows++;
}

/**
 * Looks at the first calls of a source and at those of its last week, before anything is written. Throws when the clock
 * of none of them fits the zone: leads would be dated wrongly, and calls be read of the wrong hours.
 */
export async function assertZoneFits(
  reader: LogReader,
  { zone, readLocal, from, until }: { zone: string; readLocal: ReadLocal; from: string; until: string },
): Promise<void> {
  const doubts: ZoneDoubts = { rows: 0, of: 0 };
  let odd: LogRow | undefined;
  for (const begin of [from, [from, later(until, -7 * 86_400_000)].sort()[1]!]) {
    const first = await reader.firstCallAt(begin);
    // A clock ahead of ours has calls after `until`: they tell most of all.
    const pages = reader.calls({ from: hourOf(first ?? until), end: later(until, 2 * 86_400_000) });
    const { value: rows = [] } = await pages.next();
    for (const row of rows) {
      const before = doubts.rows;
      checkZone(readLocal, row, doubts);
      if (doubts.rows > before) odd = row;
    }
  }
  if (!odd || doubts.rows < doubts.of) return;
  throw new DialtallyError(
    'SOURCE_ZONE_WRONG',
    422,
    `Are VICIdial's clocks really in ${zone}? Of ${doubts.of} calls that were looked at, none fits: one of ${odd.call_date} by its clock has the epoch of a zone ${toOffset(odd)}. Nothing was taken in. Name the right zone: --source-timezone America/New_York`,
  );
}

/** How far from UTC a row's clock was, by its epoch. */
function toOffset({ call_date, start_epoch }: LogRow): string {
  const ahead = Date.parse(`${call_date.replace(' ', 'T')}Z`) - (start_epoch ?? 0) * 1000;
  const quarters = Math.round(Math.abs(ahead) / 900_000);
  const [hours, minutes] = [Math.floor(quarters / 4), (quarters % 4) * 15];
  return `at UTC${ahead < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}
