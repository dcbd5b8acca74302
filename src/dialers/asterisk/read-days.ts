/** Reads the table day by day, so that a call is known with all of its rows. */
import { later } from '../local-time.ts';
import type { CdrRow } from './columns.ts';
import { type CdrGroup, type CdrLine, openGroups } from './groups.ts';
import type { CdrReader } from './source.ts';

const dayMs = 86_400_000;

/** Which part of the table is read, in the source's wall clock. */
export interface CdrPart {
  from: string;
  end: string;
  signal?: AbortSignal | undefined;
}

/**
 * Reads a part of the table day by day, with the day before it, and gives the groups of each day when the next one was read: no
 * call is longer than a day, so that all of its rows which are there are known. Two days of rows are held in memory.
 */
export async function* readDays(
  reader: CdrReader,
  { from, end, signal }: CdrPart,
  toLine: (row: CdrRow) => CdrLine,
): AsyncGenerator<CdrGroup[]> {
  const groups = openGroups();
  let day: string | undefined = later(dayOf(from), -dayMs);
  while (day !== undefined && day < end) {
    const next: string = later(day, dayMs);
    let rows = 0;
    for await (const page of reader.rows(day, next < end ? next : end)) {
      if (signal?.aborted) return;
      for (const row of page) groups.add(toLine(row));
      rows += page.length;
    }
    yield groups.takeBefore(day);
    // Weekends and years without a row are skipped at one step.
    const soonest: string | undefined = rows > 0 ? next : await reader.firstAt(next);
    day = soonest && dayOf(soonest);
  }
  yield groups.takeBefore(end);
}

const dayOf = (local: string) => `${local.slice(0, 10)} 00:00:00`;
