import { QueryCanceled } from '../../errors.ts';

/** Work of many tenants, some of it at once. */
export interface FairQueue {
  /** Does work when its tenant's turn comes. Throws what `toBusy` makes when that takes too long, QueryCanceled when the signal aborts. */
  run<Result>(tenantId: number, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

/** Opens a queue in which tenants take turns, and none has all the places. */
export function openFairQueue(options: {
  atOnce: number;
  atOnceOfTenant: number;
  longestWaitMs: number;
  toBusy: () => Error;
}): FairQueue {
  const { atOnce, atOnceOfTenant, longestWaitMs, toBusy } = options;
  // In the order of their next turn.
  const waiting = new Map<number, (() => void)[]>();
  const working = new Map<number, number>();
  let works = 0;

  function admit(): void {
    for (const [tenantId, entries] of [...waiting]) {
      if (works >= atOnce) return;
      const busy = working.get(tenantId) ?? 0;
      if (busy >= atOnceOfTenant) continue;
      const enter = entries.shift();
      waiting.delete(tenantId);
      if (entries.length > 0) waiting.set(tenantId, entries);
      works++;
      working.set(tenantId, busy + 1);
      enter?.();
    }
  }

  function leave(tenantId: number): void {
    works--;
    const left = (working.get(tenantId) ?? 1) - 1;
    if (left > 0) working.set(tenantId, left);
    else working.delete(tenantId);
    admit();
  }

  function wait(tenantId: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const entries = waiting.get(tenantId) ?? [];
      const settle = (done: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
        done();
      };
      const enter = () => settle(resolve);
      const giveUp = (error: Error) => {
        entries.splice(entries.indexOf(enter), 1);
        if (entries.length === 0) waiting.delete(tenantId);
        settle(() => reject(error));
      };
      const cancel = () => giveUp(new QueryCanceled());
      const timer = setTimeout(() => giveUp(toBusy()), longestWaitMs);
      signal?.addEventListener('abort', cancel, { once: true });
      entries.push(enter);
      waiting.set(tenantId, entries);
      admit();
    });
  }

  return {
    async run(tenantId, work, signal) {
      if (signal?.aborted) throw new QueryCanceled();
      await wait(tenantId, signal);
      try {
        return await work();
      } finally {
        leave(tenantId);
      }
    },
  };
}
