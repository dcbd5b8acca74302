import { join } from 'node:path';
import { type LogRow, type NamedCall, toAgent, toCall } from './calls.ts';
import { hourOf, later } from './local-time.ts';
import { runningStatuses } from './outcome.ts';
import { pageSize } from './read.ts';
import { openSpool, type Spool } from './spool.ts';
import { fold } from './statuses.ts';
import type { Syncing } from './sync.ts';
import { addTaken, count } from './tally.ts';
import { checkZone, type ZoneDoubts } from './zone-check.ts';

const [hourMs, dayMs] = [3_600_000, 86_400_000];

/** What was found out beside the rows. */
interface CallsResult {
  from: string;
  zoneDoubts: ZoneDoubts;
}

/**
 * Reads the log hour by hour from where it is settled, and writes every hour that is not as it was taken in before. After
 * each file the state is kept: whatever stops the sync, the next one goes on there.
 */
export async function syncCalls(syncing: Syncing): Promise<CallsResult> {
  const { reader, state, options, until, tally } = syncing;
  const mayChangeFrom = hourOf(later(until, -options.rereadDays * dayMs));
  if (state.settled === '') state.begun = toBegin(options.since);
  const first = state.settled === '' ? state.begun : [state.settled, mayChangeFrom].sort()[0]!;
  const start = await reader.firstCallAt([first, state.begun].sort()[1]!);
  const zoneDoubts = { rows: 0, of: 0 };
  if (!start || start >= until) return { from: '', zoneDoubts };
  const from = hourOf(start);
  const spool = await openSpool(join(options.directory, 'calls.ndjson'));
  let fresh: Record<string, string> = {};
  let hour: string | undefined = from;
  /** Takes in what is waiting. Then nothing before `reached` is read again, but for what may still change. */
  const settle = async (reached: string) => {
    if (spool.rows > 0) {
      await spool.flush();
      addTaken(tally, await syncing.target.takeIn('calls', spool.path));
      await spool.empty();
    }
    state.settled = reached < mayChangeFrom ? reached : mayChangeFrom;
    const hours = Object.entries({ ...state.hours, ...fresh }).filter(([known]) => known >= mayChangeFrom);
    state.hours = Object.fromEntries(hours);
    fresh = {};
    await syncing.target.saveState(JSON.stringify(state));
  };
  try {
    while (hour && hour < until && !options.signal?.aborted) {
      const next: string = later(hour, hourMs);
      const rows = await readHour(syncing, { from: hour, end: next < until ? next : until }, spool, zoneDoubts);
      const digest = spool.digest();
      if (hour >= mayChangeFrom && state.hours[hour] === digest) {
        await spool.drop();
        tally.unchanged += rows;
      } else {
        tally.written += rows;
        fresh[hour] = digest;
      }
      // Nights and weekends are skipped at one step.
      const soonest: string | undefined = rows > 0 ? next : await reader.firstCallAt(next);
      hour = soonest && hourOf(soonest);
      if (spool.rows >= options.rowsAtOnce) await settle(next);
      options.onProgress?.(`calls of ${(hour ?? until).slice(0, 10)}  ${tally.read} rows read`);
    }
    await settle(hour && hour < until ? hour : hourOf(until));
  } finally {
    await spool.close();
  }
  return { from, zoneDoubts };
}

/** Where a first sync begins. */
export const toBegin = (since: string | undefined) => hourOf(since ?? '1971-01-01 00:00:00');

/** Reads an hour of the log into the spool as one part. Gives its rows, less those of calls that are still on. */
async function readHour(
  syncing: Syncing,
  { from, end }: { from: string; end: string },
  spool: Spool,
  zoneDoubts: ZoneDoubts,
): Promise<number> {
  const { reader, tally, ids, until, statuses, readLocal } = syncing;
  const { overrides } = syncing.options;
  spool.begin();
  let rows = 0;
  let cursor = { date: from, id: '' };
  for (;;) {
    const page = await reader.calls(cursor, end);
    const ended = page.filter((row) => !isRunning(row, until));
    tally.read += page.length;
    tally.running += page.length - ended.length;
    for (const row of page) count(tally.statuses, fold(row.status ?? ''));
    const evidence = await reader.evidence(ended);
    const calls = ended.map((row, index) => toCall(row, evidence[index]!, { statuses, overrides, readLocal }));
    await ids.knowAllOf(calls);
    for (const [index, call] of calls.entries()) {
      const row = ended[index]!;
      count(tally.outcomes, call.outcome);
      if (call.outcome === 'answered' && toAgent(row.user) && evidence[index]!.agentRows.length === 0)
        tally.withoutAgentRow++;
      checkZone(syncing.readLocal, row, zoneDoubts);
      await spool.add(toRow(call, ids.of));
    }
    rows += ended.length;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return rows;
    cursor = { date: last.call_date, id: last.uniqueid };
  }
}

/** One that has not ended within a day never will: it is taken for what the log says. */
function isRunning(row: LogRow, until: string): boolean {
  return runningStatuses.has(fold(row.status ?? '')) && row.call_date > later(until, -dayMs);
}

/** A call as a row of our table. */
export function toRow(
  { campaign, agent, team, ...call }: NamedCall,
  idOf: (kind: 'campaign' | 'agent' | 'team', name: string | undefined) => number | undefined,
) {
  return {
    ...call,
    campaign_id: idOf('campaign', campaign),
    ...(agent && { agent_id: idOf('agent', agent) }),
    ...(team && { team_id: idOf('team', team) }),
  };
}
