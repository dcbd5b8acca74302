import { fromIso, type Sql, sql, toIso } from '../sql.ts';
import type { Store } from '../store/store.ts';

/** An event that a webhook is still to be told of. */
export interface Pending {
  tenant_id: number;
  webhook_id: number;
  url: string;
  secret: string;
  event_id: string;
  kind: string;
  at: string;
  recorded_at: string;
  details: string;
  attempts: number;
  /** When it is tried next, in epoch milliseconds; 0 for the first time. */
  next_at: number;
}

/** How a try ended: the last three are the end of the delivery. */
export type Outcome = 'failed' | 'delivered' | 'gave_up' | 'gone';

/** One try to deliver an event. */
export interface Attempt {
  attempt: number;
  at: string;
  outcome: Outcome;
  status: number;
  reason: string;
  duration_ms: number;
  next_at: string | null;
}

/** An event's way to one webhook, as an admin sees it. */
export interface Delivery {
  event_id: string;
  event: string;
  at: string;
  state: 'pending' | 'delivered' | 'gave_up' | 'gone';
  attempts: Attempt[];
}

// A webhook hears of what it asked for since it was made, and of tests that are meant for it.
const isFor = sql`(has(hooks.kinds, events.kind) OR (events.kind = 'webhook.test' AND events.subject = toString(hooks.webhook_id)))
  AND events.recorded_at >= hooks.created_at`;

/** Everything that is still to be delivered, in the order of the events. */
export function readPending(store: Store): Promise<Pending[]> {
  return store.query<Pending>(
    sql`SELECT hooks.tenant_id AS tenant_id, hooks.webhook_id AS webhook_id, hooks.url AS url, hooks.secret AS secret,
        toString(events.event_id) AS event_id, events.kind AS kind, ${toIso(sql`events.at`)} AS at,
        ${toIso(sql`events.recorded_at`)} AS recorded_at, events.details AS details,
        tries.attempts AS attempts, toUnixTimestamp64Milli(tries.next_at) AS next_at
      FROM (SELECT * FROM webhooks FINAL WHERE isNull(deleted_at) AND isNull(gone_at)) AS hooks
      INNER JOIN alert_events AS events ON events.tenant_id = hooks.tenant_id
      LEFT JOIN (
        SELECT tried.tenant_id AS tenant_id, tried.webhook_id AS webhook_id, tried.event_id AS event_id,
          max(tried.attempt) AS attempts, ifNull(max(tried.next_at), toDateTime64(0, 3, 'UTC')) AS next_at,
          countIf(tried.outcome != 'failed') > 0 AS is_ended
        FROM webhook_attempts AS tried GROUP BY tenant_id, webhook_id, event_id
      ) AS tries ON tries.tenant_id = hooks.tenant_id AND tries.webhook_id = hooks.webhook_id AND tries.event_id = events.event_id
      WHERE ${isFor} AND NOT tries.is_ended
      ORDER BY events.tenant_id, events.seq`,
  );
}

/** Writes a try down. */
export function recordAttempt(
  store: Store,
  { tenant_id, webhook_id, event_id }: Pick<Pending, 'tenant_id' | 'webhook_id' | 'event_id'>,
  { at, next_at, ...attempt }: Attempt,
): Promise<void> {
  return store.insert('webhook_attempts', [
    {
      tenant_id,
      webhook_id,
      event_id,
      ...attempt,
      at: fromIso(at),
      next_at: fromIso(next_at),
    },
  ]);
}

/** What a webhook was told, or is still to be told, newest first. */
export async function listDeliveries(
  store: Store,
  asked: { tenantId: number; webhookId: number; limit: number },
): Promise<Delivery[]> {
  const rows = await store.query<Omit<Delivery, 'state'> & { is_gone: boolean }>(listStatement(asked));
  return rows.map(({ is_gone, attempts, ...row }) => {
    const last = attempts.at(-1)?.outcome ?? 'failed';
    // Nothing more is sent to a receiver that is gone.
    const open = is_gone ? 'gone' : 'pending';
    return { ...row, state: last === 'failed' ? open : last, attempts };
  });
}

function listStatement({ tenantId, webhookId, limit }: { tenantId: number; webhookId: number; limit: number }): Sql {
  const attempt = sql`tuple(tried.attempt, ${toIso(sql`tried.at`)}, toString(tried.outcome), tried.status, tried.reason,
    tried.duration_ms, ${toIso(sql`tried.next_at`)})::Tuple(attempt UInt32, at String, outcome String, status UInt16, reason String,
    duration_ms UInt32, next_at Nullable(String))`;
  return sql`SELECT toString(events.event_id) AS event_id, events.kind AS event, ${toIso(sql`events.at`)} AS at, tries.attempts AS attempts,
      isNotNull(hooks.gone_at) AS is_gone
    FROM (SELECT * FROM webhooks FINAL WHERE tenant_id = {tenant:UInt64} AND webhook_id = {webhook:UInt64}) AS hooks
    INNER JOIN (SELECT * FROM alert_events WHERE tenant_id = {tenant:UInt64}) AS events ON events.tenant_id = hooks.tenant_id
    LEFT JOIN (
      SELECT tried.event_id AS event_id, arraySort(one -> one.attempt, groupArray(${attempt})) AS attempts
      FROM webhook_attempts AS tried
      WHERE tried.tenant_id = {tenant:UInt64} AND tried.webhook_id = {webhook:UInt64} GROUP BY event_id
    ) AS tries ON tries.event_id = events.event_id
    WHERE ${isFor} ORDER BY events.seq DESC LIMIT {limit:UInt32}`.bind({ tenant: tenantId, webhook: webhookId, limit });
}
