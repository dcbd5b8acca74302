/** When calls were last taken in, by campaign: written down behind the work that takes them in, and read for whoever asks. */
import { sql } from '../sql.ts';
import { lastArrivals } from '../store/kept/ingest.ts';
import type { Store } from '../store/store.ts';

/** Word of when calls were taken in. */
export interface LastArrivals {
  /** Calls of these campaigns are stored. Returns at once, and fails nobody's work. */
  note(tenantId: number, campaignIds: readonly number[]): void;
  /** When calls of a tenant, or of one of its campaigns, were last taken in, as ISO 8601; null when nobody noted it. */
  last(store: Store, tenantId: number, campaignId: number | undefined): Promise<string | null>;
  /** Waits until all that was noted is written, or could not be. */
  close(): Promise<void>;
}

interface LastArrival {
  tenant_id: number;
  campaign_id: number;
  taken_in_at: number;
}

// Calls that come one by one are noted together: each write takes its turn and its room on the disk.
const pauseMs = 1000;

/** Opens what notes it. What is noted is written at once, and what comes within a second of that behind it, in one write. */
export function openLastArrivals(store: Store, now: () => number = Date.now): LastArrivals {
  let waiting = new Map<string, LastArrival>();
  let writing: Promise<void> | undefined;
  let pause: NodeJS.Timeout | undefined;

  async function write(): Promise<void> {
    const rows = waiting;
    waiting = new Map();
    try {
      await lastArrivals.add(store, [...rows.values()]);
    } catch {
      // The calls are stored all the same: this is written with what comes next.
      for (const [key, row] of rows) if (!waiting.has(key)) waiting.set(key, row);
    }
  }

  /** Writes what waits. Of two who ask at once, both wait for all of it. */
  async function flush(): Promise<void> {
    await writing;
    if (waiting.size > 0) {
      writing ??= write().finally(() => {
        writing = undefined;
      });
    }
    await writing;
  }

  function begin(): void {
    if (pause || waiting.size === 0) return;
    void flush();
    pause = setTimeout(() => {
      pause = undefined;
      begin();
    }, pauseMs).unref();
  }

  return {
    note(tenantId, campaignIds) {
      const at = now();
      for (const campaignId of campaignIds) {
        const key = `${tenantId} ${campaignId}`;
        const before = waiting.get(key)?.taken_in_at ?? 0;
        waiting.set(key, { tenant_id: tenantId, campaign_id: campaignId, taken_in_at: Math.max(at, before) });
      }
      begin();
    },
    async last(reader, tenantId, campaignId) {
      await flush();
      const isAsked =
        campaignId === undefined ? sql`1` : sql`rows.campaign_id = {campaign:UInt64}`.bind({ campaign: campaignId });
      const found = await reader.query<{ taken_in_at: string }>(
        sql`SELECT ${lastArrivals.read('rows', 'taken_in_at')} FROM ${lastArrivals.of(tenantId)} AS rows WHERE ${isAsked}
          ORDER BY rows.taken_in_at DESC LIMIT 1`,
      );
      return found[0]?.taken_in_at ?? null;
    },
    async close() {
      clearTimeout(pause);
      await flush();
    },
  };
}
