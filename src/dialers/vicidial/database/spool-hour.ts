/** Makes the calls of one hour of VICIdial's log. */
import { toRow } from '../../ids.ts';
import { later } from '../../local-time.ts';
import { fold } from '../../mysql/fold.ts';
import type { Spool } from '../../spool.ts';
import { countOne } from '../../tally.ts';
import { type LogRow, toAgent } from '../calls.ts';
import { runningStatuses } from '../outcome.ts';
import { toStart } from '../start.ts';
import type { Period } from './period.ts';
import type { DialRow } from './read-in-groups.ts';
import { pageSize } from './statements.ts';
import type { Syncing } from './syncing.ts';
import { toTransferredCall } from './transferred.ts';
import type { Undated } from './undated.ts';
import { checkZone, type ZoneDoubts } from './zone-check.ts';

const dayMs = 86_400_000;

/** The rows of an hour of the log, those without a date last. */
export async function* pagesOf(
  { reader, readLocal }: Syncing,
  period: Period,
  undated: Undated,
  zoneDoubts: ZoneDoubts,
): AsyncGenerator<DialRow[]> {
  for await (const page of reader.calls(period)) {
    for (const row of page) checkZone(readLocal, row, zoneDoubts);
    yield page;
  }
  const { end } = period;
  for (let page = await undated.take(end, pageSize); page.length > 0; page = await undated.take(end, pageSize)) {
    yield page;
  }
}

/**
 * Makes the calls of an hour of the log, and puts them into the spool as one part. Gives how many rows they are of: those of
 * calls that are still on are left for the next time.
 */
export async function spoolHour(syncing: Syncing, pages: AsyncIterable<DialRow[]>, spool: Spool): Promise<number> {
  const { reader, tally, ids, until, statuses, readLocal } = syncing;
  const { credit, overrides } = syncing.options;
  spool.begin();
  let rows = 0;
  for await (const found of pages) {
    const page = found.filter((row) => toStart(row, readLocal) !== undefined);
    tally.timeless += found.length - page.length;
    const legs = await syncing.inGroups.legsOf(page);
    const dials = page.map((row, at) => ({ row, legs: legs[at]! }));
    const ended = dials.filter((dial) => ![dial.row, ...dial.legs].some((row) => isRunning(row, until)));
    tally.read += page.length;
    tally.running += page.length - ended.length;
    for (const row of page) countOne(tally.statuses, fold(row.status ?? ''));
    const evidence = await reader.evidence(ended.map(({ row }) => row));
    const agentRowsOf = await reader.agentRows(ended.flatMap((dial) => dial.legs));
    const calls = ended.map((dial, at) => {
      const transfers = { legs: dial.legs, agentRowsOf, credit };
      return toTransferredCall(dial.row, evidence[at]!, transfers, { statuses, overrides, readLocal });
    });
    await ids.knowAllOf(calls);
    for (const [at, call] of calls.entries()) {
      const { row, legs: joined } = ended[at]!;
      tally.joined += joined.length;
      countOne(tally.outcomes, call.outcome);
      if (call.outcome === 'answered' && toAgent(row.user) && evidence[at]!.agentRows.length === 0)
        tally.withoutAgentRow++;
      await spool.add(toRow(call, ids.of));
    }
    rows += ended.length;
  }
  return rows;
}

/** One that has not ended within a day never will: it is taken for what the log says. */
function isRunning(row: Pick<LogRow, 'status' | 'call_date'>, until: string): boolean {
  return runningStatuses.has(fold(row.status ?? '')) && row.call_date > later(until, -dayMs);
}
