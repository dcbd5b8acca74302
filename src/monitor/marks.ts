/** Up to when the minute clock has measured: how that is kept in the store and moved. */
import { sql } from '../sql.ts';
import { monitorMarks } from '../store/kept/monitor.ts';
import type { Store } from '../store/store.ts';

/** What is measured step by step. */
export type MarkName = 'minute' | 'hour';

/** Up to where something has been measured: an instant in epoch milliseconds, and how often it has been moved. */
export interface Mark {
  at: number;
  version: number;
}

/** Reads a mark; undefined when nothing was measured ever. */
export async function readMark(store: Store, name: MarkName): Promise<Mark | undefined> {
  const [found] = await store.query<Mark>(
    sql`SELECT toUnixTimestamp64Milli(marks.at) AS at, marks.version AS version FROM ${monitorMarks.all} AS marks
      WHERE marks.name = {name:String}`.bind({ name }),
  );
  return found;
}

/** Moves a mark, backwards too: the clock may have been set back. */
export async function moveMark(store: Store, name: MarkName, before: Mark | undefined, at: number): Promise<Mark> {
  const mark = { at, version: (before?.version ?? 0) + 1 };
  await monitorMarks.add(store, [{ name, ...mark }]);
  return mark;
}
