/** Rows out for good: a window of calls, or a lead that is to be forgotten. */
import type { ChangeLog } from '../../access/change-log.ts';
import { id, moment, oneOf } from '../../engine/params.ts';
import { toWindow } from '../../engine/window.ts';
import { InvalidParams } from '../../errors.ts';
import { isBlamed, type ParamFault } from '../../faults.ts';
import type { Arrivals } from '../../ingest/arrivals.ts';
import { FairQueue } from '../../store/fair-queue.ts';
import { type Purged, purgeCalls, purgedSchema, purgeLead } from '../../store/purge.ts';
import { type Store, storeFor } from '../../store/store.ts';
import { dataAnswer } from '../answers/answer-kinds.ts';
import { bodyOf } from '../asked/input.ts';
import { defineRoute, type Route } from '../route.ts';

const purgeParams = {
  table: oneOf('The table', ['calls']),
  from: moment('Start'),
  to: moment('End'),
  campaign: id('Only this campaign'),
  lead: id('This lead'),
};

/** What a purge works with. */
export interface PurgeServices {
  store: Store;
  changeLog: ChangeLog;
  arrivals: Pick<Arrivals, 'tell'>;
}

/** The purge, which is written down. */
export function purgeRoutes({ store, changeLog, arrivals }: PurgeServices): Route[] {
  // Each rewrites what it removes from, and lists it first.
  const purges = new FairQueue([undefined, undefined], { share: 1, waiting: 8 });
  return [
    defineRoute({
      method: 'POST',
      path: '/api/telesales/purge',
      permission: 'purge',
      body: bodyOf(purgeParams, checkPurge),
      answer: dataAnswer(purgedSchema),
      handler: async ({ body, asker: { principal, tenantId, gone } }) => {
        const { giveBack } = await purges.take({ tenantId, signal: gone });
        const removed = await purge(storeFor(store, { lane: 'files', tenantId }), tenantId, body).finally(giveBack);
        arrivals.tell(tenantId, 'calls');
        const details = { ...toPurgeDetails(body), ...removed };
        await changeLog.add(principal, { tenantId, action: 'purge.done', details });
        return removed;
      },
    }),
  ];
}

async function purge(store: Store, tenantId: number, asked: AskedPurge): Promise<Purged> {
  if (asked.lead !== undefined) return purgeLead(store, { tenantId, leadId: asked.lead });
  const window = purgeWindow(asked, []);
  if (!window) throw new InvalidParams([{ id: 'required', field: 'from' }]);
  return purgeCalls(store, { tenantId, ...window, campaignId: asked.campaign });
}

/** What was to go, as it is written down. Which lead it was is not: it is to be forgotten. */
function toPurgeDetails(asked: AskedPurge): Record<string, unknown> {
  if (asked.lead !== undefined) return { of: 'lead' };
  const { from, to } = purgeWindow(asked, []) ?? { from: 0, to: 0 };
  const iso = (ms: number) => new Date(ms).toISOString();
  return { of: 'window', from: iso(from), to: iso(to), campaign_id: asked.campaign ?? null };
}

interface AskedPurge {
  table?: string | undefined;
  from?: Parameters<typeof toWindow>[0];
  to?: Parameters<typeof toWindow>[1];
  campaign?: number | undefined;
  lead?: number | undefined;
}

function checkPurge(asked: AskedPurge, faults: ParamFault[]): void {
  if (asked.lead !== undefined) {
    if (asked.table || asked.from || asked.to) faults.push({ id: 'lead_not_alone', field: 'lead' });
    return;
  }
  if (!asked.table && !isBlamed(faults, 'table')) faults.push({ id: 'nothing_to_purge', field: 'table' });
  for (const field of ['from', 'to'] as const) {
    if (!asked[field] && !isBlamed(faults, field)) faults.push({ id: 'required', field });
  }
  purgeWindow(asked, faults);
}

function purgeWindow(asked: AskedPurge, faults: ParamFault[]) {
  return toWindow(asked.from, asked.to, 'UTC', faults, { maxDays: Number.POSITIVE_INFINITY, fields: ['from', 'to'] });
}
