/** Word of a tenant's new rows, as they come: a screen asks its questions again then. */

import type { Arrivals } from '../../ingest/arrivals.ts';
import { closed, isoInstant } from '../../shapes.ts';
import { sql } from '../../sql.ts';
import { lastArrivals } from '../../store/kept/ingest.ts';
import type { Store } from '../../store/store.ts';
import { plainAnswer } from '../answers/answer-kinds.ts';
import type { EventStreams } from '../answers/event-streams.ts';
import { defineRoute, type Route } from '../route.ts';

/** What tells of new rows. */
export interface ChangesServices {
  store: Store;
  arrivals: Arrivals;
  streams: EventStreams;
  now: () => number;
}

/** The stream that tells of new rows. */
export interface Changes {
  route: Route;
  /** Ends all looking. */
  close(): void;
}

// Rows come by the hundred a second: a screen is told of those of a second together.
const atMostEveryMs = 1000;
// What other servers on the same store take in is found by looking.
const lookEveryMs = 2000;

const changeSchema = closed({ at: isoInstant('When the server knew of the rows, or of the asker') });

/** Opens the stream of one server: an event at once, and one whenever rows of the tenant came in, here or by another server. */
export function openChanges({ store, arrivals, streams, now }: ChangesServices): Changes {
  const tellers = new Map<number, Set<() => void>>();
  const tell = (tenantId: number) => {
    for (const teller of [...(tellers.get(tenantId) ?? [])]) teller();
  };
  const stopListening = arrivals.listen(tell);
  const stopLooking = store.engine === 'server' ? lookElsewhere(store, tellers, tell) : () => {};

  /** Calls back at once, and then for new rows of a tenant, not more often than people look. Gives what ends that. */
  function listen(tenantId: number, onChange: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    let toldAt = performance.now();
    const teller = () => {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          toldAt = performance.now();
          onChange();
        },
        Math.max(0, toldAt + atMostEveryMs - performance.now()),
      ).unref();
    };
    const its = tellers.get(tenantId) ?? new Set();
    tellers.set(tenantId, its.add(teller));
    onChange();
    return () => {
      clearTimeout(timer);
      its.delete(teller);
      if (its.size === 0 && tellers.get(tenantId) === its) tellers.delete(tenantId);
    };
  }

  return {
    route: defineRoute({
      method: 'GET',
      path: '/api/telesales/changes',
      permission: 'reports',
      isEndless: true,
      about: {
        tags: ['Around the reports'],
        operationId: 'changes',
        summary: 'Word of new rows, as they come',
        description:
          'Server-sent events: one at once, and one whenever rows of the tenant came in, at most one a second. Each has only its instant as its data; what changed is asked for again.',
      },
      answer: plainAnswer({
        description: 'Events without end',
        content: { 'text/event-stream': { schema: changeSchema } },
      }),
      handler: ({ asker, reply }) =>
        streams.answer(asker, reply, ({ onText }) =>
          listen(asker.tenantId, () => onText(JSON.stringify({ at: new Date(now()).toISOString() }))),
        ),
    }),
    close() {
      stopListening();
      stopLooking();
    },
  };
}

/** Looks whether other servers took calls in, for the tenants that somebody listens for. Gives what ends that. */
function lookElsewhere(store: Store, listening: ReadonlyMap<number, unknown>, onFound: (tenantId: number) => void) {
  let seen = new Map<number, string>();
  const look = async () => {
    if (listening.size === 0) return;
    const rows = await store.query<{ tenant_id: number; taken_in_at: string }>(
      sql`SELECT ${lastArrivals.read('rows', 'tenant_id', 'taken_in_at')} FROM ${lastArrivals.ofEveryTenant} AS rows
        WHERE has({tenants:Array(UInt64)}, rows.tenant_id) ORDER BY rows.taken_in_at DESC LIMIT 1 BY rows.tenant_id`.bind(
        {
          tenants: [...listening.keys()],
        },
      ),
      { lane: 'own' },
    );
    const before = seen;
    seen = new Map(rows.map(({ tenant_id, taken_in_at }) => [tenant_id, taken_in_at]));
    for (const [tenantId, at] of seen) if (before.has(tenantId) && before.get(tenantId) !== at) onFound(tenantId);
  };
  let isLooking = false;
  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    // A store that is away is told by the questions that are asked of it.
    await look().catch(() => {});
    isLooking = false;
  }, lookEveryMs).unref();
  return () => clearInterval(timer);
}
