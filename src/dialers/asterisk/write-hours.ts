/** Brings in the hours of call records that have changed, and takes out calls that are parts of others by now. */
import { createHash } from 'node:crypto';
import type { Mapping } from '../../mapping/language/mapping.ts';
import { later, type ReadLocal } from '../local-time.ts';
import type { Target } from '../target.ts';
import type { CdrGroup, CdrLine } from './groups.ts';
import type { CdrState } from './state.ts';
import { addMapped, type CdrTally } from './tally.ts';

/** What the writing of lines works with. */
export interface Writing {
  target: Target;
  mapping: Mapping;
  state: CdrState;
  tally: CdrTally;
  readLocal: ReadLocal;
  /** After how many rows they are ingested, and the state kept. */
  rowsAtOnce: number;
  /** Rows of hours from then on may still change: what an hour was is remembered. */
  mayChangeFrom: string;
  /** Called before anything is written; may throw. */
  beforeFirst(): void;
}

/** Writes hours whose rows are not as they were ingested before. */
export interface HourWriter {
  /** Takes an hour's groups, in the order of hours. */
  write(hour: string, groups: readonly CdrGroup[]): Promise<void>;
  /** Ingests what is waiting, and keeps the state: nothing before `reached` is read again, but for what may still change. */
  settle(reached: string): Promise<void>;
}

const [hourMs, dayMs] = [3_600_000, 86_400_000];

/** Opens the writing of hours. */
export function openHourWriter(writing: Writing): HourWriter {
  const { target, mapping, state, tally, readLocal, rowsAtOnce, mayChangeFrom } = writing;
  let waiting: CdrLine[] = [];
  let fresh: Record<string, string> = {};
  let isBegun = false;

  const save = () => target.saveState(JSON.stringify(state));

  /**
   * Sends what is waiting. Rows that came late may have made the calls of an hour others than they were: of the calls that any of
   * these rows were before, those that did not come again are removed. So none counts twice, whatever its id and start are now.
   */
  const send = async () => {
    if (waiting.length === 0) return;
    if (!isBegun) writing.beforeFirst();
    isBegun = true;
    const lines = waiting;
    // Kept first: another sync of the same source is told here.
    await save();
    // Whoever sent them, another sync or a file: no call is to be in twice.
    const ids = [...new Set(lines.flatMap(({ id }) => (id === '' ? [] : [id])))];
    const period = periodOf(lines, readLocal);
    const before = ids.length > 0 ? await target.findCalls(ids, period) : [];
    const found = await target.ingestMapped(
      mapping,
      lines.map(({ line }) => line),
    );
    addMapped(tally, found, (line) => `call ${lines[line - 1]?.id ?? `of line ${line}`}`);
    // Of rows that are refused now, what they were before stands.
    const isTold = found.first_refused.length === found.refused;
    const told = isTold ? found.first_refused.map(({ line }) => line) : await target.refusedLines(found.import_id);
    const refused = new Set(told.map((line) => lines[line - 1]?.id));
    const replaced = before.filter(({ call_id: id }) => !refused.has(id));
    if (replaced.length > 0) tally.replaced += await target.dropCalls(replaced, period);
    waiting = [];
  };

  const settle = async (reached: string) => {
    await send();
    state.settled = reached < mayChangeFrom ? reached : mayChangeFrom;
    const hours = Object.entries({ ...state.hours, ...fresh }).filter(([known]) => known >= mayChangeFrom);
    state.hours = Object.fromEntries(hours);
    fresh = {};
    await save();
  };

  return {
    settle,
    async write(hour, groups) {
      // In an order of their own, whatever the database's.
      const own = groups
        .map(({ rows }) => rows.toSorted(compareLines))
        .sort((one, other) => compareLines(one[0]!, other[0]!));
      const hash = createHash('sha256').update(JSON.stringify(mapping));
      for (const { line } of own.flat()) hash.update(line);
      const digest = hash.digest('base64url').slice(0, 22);
      const rows = own.reduce((sum, { length }) => sum + length, 0);
      if (hour >= mayChangeFrom && state.hours[hour] === digest) {
        tally.unchanged += rows;
        return;
      }
      if (waiting.length > 0 && waiting.length + rows > rowsAtOnce) await settle(hour);
      tally.written += rows;
      fresh[hour] = digest;
      for (const group of own) {
        // Of an hour that is too large by itself, each group goes as a whole.
        if (waiting.length > 0 && waiting.length + group.length > rowsAtOnce) await send();
        for (const row of group) waiting.push(row);
      }
      if (rows >= rowsAtOnce) await settle(later(hour, hourMs));
    },
  };
}

function compareLines(one: CdrLine, other: CdrLine): number {
  return one.at < other.at || (one.at === other.at && one.line < other.line) ? -1 : 1;
}

/** Where calls of these rows may begin: a channel is made before its row begins, and clocks are put. */
function periodOf(lines: readonly CdrLine[], readLocal: ReadLocal): { from: number; to: number } {
  const times = lines.map(({ at }) => readLocal(at) ?? 0);
  const [from, to] = times.reduce(([first, last], at) => [Math.min(first, at), Math.max(last, at)], [Infinity, 0]);
  return { from: Math.max(0, from - 2 * dayMs), to: to + 2 * dayMs };
}
