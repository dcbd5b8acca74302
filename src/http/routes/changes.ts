/** Word of a tenant's new rows, as they come: a screen asks its questions again then. */
import type { Arrivals } from '../../ingest/arrivals.ts';
import { closed, isoInstant } from '../../shapes.ts';
import { sql } from '../../sql.ts';
import { changesAudit, settingsChanges } from '../../store/kept/access.ts';
import { lastArrivals } from '../../store/kept/ingest.ts';
import type { Store } from '../../store/store.ts';
import { plainAnswer } from '../answers/answer-kinds.ts';
import type { EventStreams } from '../answers/event-streams.ts';
import { defineRoute, type Route } from '../route.ts';

/** What word of new rows is made with. */
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

const changeSchema = closed({ at: isoInstant('When it was said, by the clock of the server') });

/** Opens the stream of one server: an event at once, and one whenever rows of the tenant came in, here or by another server. */
export function openChanges({ store, arrivals, streams, now }: ChangesServices): Changes {
  const tellers = new Map<number, Set<() => void>>();
  const tell = (tenantId: number) => {
    for (const teller of [...(tellers.get(tenantId) ?? [])]) teller();
  };
  const stopListening = arrivals.listen(tell);
  const looking = store.engine === 'server' ? lookElsewhere(store, tellers, tell) : undefined;

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
    looking?.begin();
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
          'Server-sent events: one at once, and one whenever rows of the tenant came in or were purged, or its settings changed; at most one a second. Each has only its instant as its data: what is shown is asked for again. Between them, a comment says every five seconds that the server is there.',
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
      looking?.close();
    },
  };
}

interface Looking {
  /** Begins to look for a tenant that somebody listens for now. */
  begin(): void;
  close(): void;
}

/** Looks whether other servers changed what reports of these tenants show. */
function lookElsewhere(
  store: Store,
  listening: ReadonlyMap<number, unknown>,
  onFound: (tenantId: number) => void,
): Looking {
  let seen = new Map<number, string>();
  const look = async () => {
    const tenants = [...listening.keys()];
    const asked = sql`SELECT arrayJoin({listening:Array(UInt64)})`.bind({ listening: tenants });
    const rows = await store.query<{ tenant_id: number; seen: string }>(
      sql`SELECT tenant_id, arrayStringConcat(arraySort(groupArray(concat(what, ' ', toString(at)))), ', ') AS seen FROM (
          SELECT 'calls' AS what, tenant_id, max(taken_in_at) AS at FROM ${lastArrivals.ofTenantsIn(asked)} AS came GROUP BY tenant_id
          UNION ALL SELECT 'purge' AS what, tenant_id, max(changed_at) AS at FROM ${changesAudit.ofTenantsIn(asked)} AS done
            WHERE action = 'purge.done' GROUP BY tenant_id
          UNION ALL SELECT 'settings' AS what, tenant_id, max(changed_at) AS at FROM ${settingsChanges.ofTenantsIn(asked)} AS changed
            GROUP BY tenant_id, what
        ) AS latest GROUP BY tenant_id`,
      { lane: 'own' },
    );
    const found = new Map(rows.map(({ tenant_id, seen: at }) => [tenant_id, at]));
    const before = seen;
    seen = new Map(tenants.map((tenantId) => [tenantId, found.get(tenantId) ?? '']));
    for (const [tenantId, at] of seen) if (before.has(tenantId) && before.get(tenantId) !== at) onFound(tenantId);
  };
  let isLooking = false;
  const lookOnce = async () => {
    if (isLooking || listening.size === 0) return;
    isLooking = true;
    // A store that is away is told by the questions that are asked of it.
    await look().catch(() => {});
    isLooking = false;
  };
  const timer = setInterval(lookOnce, lookEveryMs).unref();
  return { begin: () => void lookOnce(), close: () => clearInterval(timer) };
}
