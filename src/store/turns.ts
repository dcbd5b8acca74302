/** Lets changes of one thing happen one after another, such as settings or tokens, with tenants taking turns. */
import { FairQueue, type Waiting } from './fair-queue.ts';
import type { Store } from './store.ts';

/** What is changed, and for whom. */
export interface ChangeTurn extends Waiting {
  /** What only one may change at a time, such as `settings`; each has a line of its own. */
  what: string;
}

// More of one tenant than wait there by themselves at any time.
const waiting = 64;
const waitMs = 30_000;
const lines = new WeakMap<Store, Map<string, FairQueue<undefined>>>();

/**
 * Does work that changes something when nobody else in this process changes it: tenants in turn, and what one asked for in
 * its order. Throws StoreBusy when too much of the tenant waits or it waits too long, QueryCanceled when the signal aborts
 * before it begins.
 */
export async function inTurn<Result>(
  store: Store,
  { what, ...who }: ChangeTurn,
  work: () => Promise<Result>,
): Promise<Result> {
  const known = lines.get(store) ?? new Map<string, FairQueue<undefined>>();
  lines.set(store, known);
  const line = known.get(what) ?? new FairQueue([undefined], { share: 1, waiting, waitMs });
  known.set(what, line);
  const { giveBack } = await line.take(who);
  try {
    return await work();
  } finally {
    giveBack();
  }
}
