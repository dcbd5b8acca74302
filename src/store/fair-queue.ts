/** A line in which tenants wait for a few places, so that no one of them keeps the others out. */
import { QueryCanceled, StoreBusy } from '../errors.ts';

/** Who waits for a place. */
export interface Waiting {
  /** Whose work it is; the server's own when not given. */
  tenantId?: number | undefined;
  /** Leaves the line when it is aborted. */
  signal?: AbortSignal | undefined;
}

/** A place that somebody has until it is given back. */
export interface Lease<Place> {
  place: Place;
  /** To be called once. */
  giveBack(): void;
}

/** How places are shared. */
export interface FairQueueOptions {
  /** The most places that one tenant has at once. */
  share: number;
  /** How long a tenant's work may wait; what waits longer is told so. */
  waitMs?: number;
  /** How much of one tenant may wait. */
  waiting?: number;
}

interface Waiter<Place> {
  take(lease: Lease<Place>): void;
}

interface Party<Place> {
  held: number;
  /** When it was served last, counted in turns; 0: not yet. */
  servedAt: number;
  waiters: Set<Waiter<Place>>;
}

/** The work of nobody in particular: tenants count from 1. */
const own = 0;

/**
 * A few places for many: tenants are served in turn, whoever came first within each; none has more than its share, and
 * none can fill the line for the others. The server's own work is one more party, which has no limits but waits its turn.
 */
export class FairQueue<Place> {
  readonly #free: Place[];
  readonly #options: Required<FairQueueOptions>;
  readonly #parties = new Map<number, Party<Place>>();
  #turns = 0;

  constructor(places: readonly Place[], options: FairQueueOptions) {
    this.#free = [...places];
    this.#options = { waitMs: Number.POSITIVE_INFINITY, waiting: Number.POSITIVE_INFINITY, ...options };
  }

  /** Waits for a place. Throws StoreBusy when the line is too long or too slow, QueryCanceled when the signal aborts. */
  async take({ tenantId = own, signal }: Waiting): Promise<Lease<Place>> {
    if (signal?.aborted) throw new QueryCanceled();
    const party = this.#parties.get(tenantId) ?? { held: 0, servedAt: 0, waiters: new Set() };
    if (tenantId !== own && party.waiters.size >= this.#options.waiting) throw new StoreBusy();
    this.#parties.set(tenantId, party);
    const lease = new Promise<Lease<Place>>((resolve, reject) => {
      const leave = (error: Error) => {
        settle();
        party.waiters.delete(waiter);
        this.#forgetIdle(tenantId, party);
        reject(error);
      };
      const onAbort = () => leave(new QueryCanceled());
      const { waitMs } = this.#options;
      const timer =
        tenantId !== own && Number.isFinite(waitMs)
          ? setTimeout(() => leave(new StoreBusy()), waitMs).unref()
          : undefined;
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter<Place> = {
        take: (found) => {
          settle();
          resolve(found);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      party.waiters.add(waiter);
    });
    this.#serve();
    return lease;
  }

  #serve(): void {
    while (this.#free.length > 0) {
      const next = this.#next();
      if (!next) return;
      const [tenantId, party, waiter] = next;
      const place = this.#free.pop() as Place;
      party.waiters.delete(waiter);
      party.held++;
      party.servedAt = ++this.#turns;
      waiter.take({
        place,
        giveBack: () => {
          party.held--;
          this.#forgetIdle(tenantId, party);
          this.#free.push(place);
          this.#serve();
        },
      });
    }
  }

  /** The first in line of whoever was served the longest ago, or not yet. */
  #next(): [number, Party<Place>, Waiter<Place>] | undefined {
    let next: [number, Party<Place>, Waiter<Place>] | undefined;
    for (const [tenantId, party] of this.#parties) {
      const [first] = party.waiters;
      if (!first || (tenantId !== own && party.held >= this.#options.share)) continue;
      if (!next || party.servedAt < next[1].servedAt) next = [tenantId, party, first];
    }
    return next;
  }

  #forgetIdle(tenantId: number, party: Party<Place>): void {
    if (party.held === 0 && party.waiters.size === 0) this.#parties.delete(tenantId);
  }
}
