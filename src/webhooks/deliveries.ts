/** What webhooks are still to be told, and how each try went: as the store knows it. */
import { type Static, Type } from 'typebox';
import { amount, closed, isoInstant, orNull, uuidText, word } from '../shapes.ts';
import { type Sql, sql } from '../sql.ts';
import { areOneTenants } from '../store/door.ts';
import { alertEvents } from '../store/kept/monitor.ts';
import { webhookAttempts, webhooks } from '../store/kept/webhooks.ts';
import type { Store } from '../store/store.ts';
import { type Posted, postedSchema } from './posted.ts';

/** An event that a webhook is still to be told of. */
export interface Pending {
  tenant_id: number;
  webhook_id: number;
  url: string;
  secret: string;
  event_id: string;
  kind: Posted['event'];
  at: string;
  recorded_at: string;
  details: string;
  attempts: number;
}

const outcomes = ['delivered', 'failed', 'gave_up', 'gone'] as const;
/** How a try ended: all but `failed` are the end of the delivery. */
export type TryOutcome = (typeof outcomes)[number];

/** One try to deliver an event, as JSON. */
const trySchema = closed({
  attempt: Type.Integer({ minimum: 1 }),
  at: isoInstant(),
  outcome: word(outcomes),
  status: amount('What the receiver answered; 0: nothing'),
  reason: Type.String(),
  duration_ms: amount(),
  next_at: orNull(isoInstant('When it is tried again')),
});
/** One try to deliver an event. */
export type DeliveryTry = Static<typeof trySchema>;

/** An event's way to one webhook as an admin sees it, as JSON. */
export const deliverySchema = closed({
  event_id: uuidText(),
  event: postedSchema.properties.event,
  at: isoInstant('The minute or hour that it is about'),
  state: word(['pending', 'delivered', 'gave_up', 'gone']),
  attempts: Type.Array(trySchema),
});
/** An event's way to one webhook, as an admin sees it. */
export type Delivery = Static<typeof deliverySchema>;

const ofOneTenant = areOneTenants('hooks', 'events');

// A webhook hears of what it asked for since it was made, and of tests that are meant for it.
const isFor = sql`(has(hooks.kinds, events.kind) OR (events.kind = 'webhook.test' AND events.subject = toString(hooks.webhook_id)))
  AND events.recorded_at >= hooks.created_at`;

/** Of webhooks those that are sent something: none that was removed, or whose receiver is gone. */
const live = (hooks: Sql) =>
  sql`(SELECT * FROM ${hooks} AS hooks WHERE isNull(hooks.deleted_at) AND isNull(hooks.gone_at))`;

/** The tenants that have a webhook, with the number of their last event. */
export function readLastEvents(store: Store): Promise<{ tenantId: number; seq: number }[]> {
  return store.query(
    sql`SELECT events.tenant_id AS tenantId, max(events.seq) AS seq FROM ${alertEvents.ofTenantsIn(
      sql`SELECT hooks.tenant_id FROM ${live(webhooks.ofEveryTenant)} AS hooks`,
    )} AS events
      GROUP BY tenantId ORDER BY tenantId`,
  );
}

/** The webhooks of a tenant that are still to be told of something, and when the first of it is due; in epoch milliseconds. */
export function readOpen(store: Store, tenantId: number): Promise<{ webhookId: number; dueAt: number }[]> {
  return store.query(
    sql`SELECT pending.webhook_id AS webhookId, min(pending.next_at) AS dueAt
      FROM (${toPending(tenantId)}) AS pending GROUP BY webhookId ORDER BY webhookId`,
    { memoryBytes: mostBytes },
  );
}

/** Of a webhook, the first of what is due, in the order of the events. */
export async function readDue(
  store: Store,
  { tenantId, webhookId, now, most }: { tenantId: number; webhookId: number; now: number; most: number },
): Promise<Pending[]> {
  const due = await store.query<{ seq: number; event_id: string; attempts: number }>(
    sql`SELECT pending.seq AS seq, toString(pending.event_id) AS event_id, pending.attempts AS attempts
      FROM (${toPending(tenantId)}) AS pending
      WHERE pending.webhook_id = {webhook:UInt64} AND pending.next_at <= {now:Int64}
      ORDER BY seq LIMIT {most:UInt32}`.bind({ webhook: webhookId, now, most }),
    { memoryBytes: mostBytes },
  );
  if (due.length === 0) return [];
  const attempts = new Map(due.map((one) => [one.event_id, one.attempts]));
  // An event says much, and only these are read whole.
  const events = await store.query<Omit<Pending, 'attempts'>>(
    sql`SELECT ${webhooks.read('hooks', 'tenant_id', 'webhook_id', 'url', 'secret')},
        ${alertEvents.read('events', 'event_id', 'kind', 'at', 'recorded_at', 'details')}
      FROM ${alertEvents.of(tenantId)} AS events INNER JOIN ${live(webhooks.of(tenantId))} AS hooks ON ${ofOneTenant}
      WHERE events.seq IN ({seqs:Array(UInt64)}) AND hooks.webhook_id = {webhook:UInt64}
      ORDER BY events.seq`.bind({ webhook: webhookId, seqs: due.map(({ seq }) => seq) }),
  );
  return events.flatMap((event) => {
    const before = attempts.get(event.event_id);
    return before === undefined ? [] : [{ ...event, attempts: before }];
  });
}

// What may be held to find out what a tenant's webhooks are to be told.
const mostBytes = 1024 ** 3;

/** What is still to be delivered of a tenant: webhook, event, tries, and when it is tried next (0 for the first time). */
function toPending(tenantId: number): Sql {
  return sql`SELECT hooks.webhook_id AS webhook_id, events.seq AS seq, events.event_id AS event_id, tries.attempts AS attempts,
      toUnixTimestamp64Milli(tries.next_at) AS next_at
    FROM ${alertEvents.of(tenantId)} AS events
    INNER JOIN ${live(webhooks.of(tenantId))} AS hooks ON ${ofOneTenant}
    LEFT JOIN (
      SELECT tried.webhook_id AS webhook_id, tried.event_id AS event_id,
        max(tried.attempt) AS attempts, ifNull(max(tried.next_at), toDateTime64(0, 3, 'UTC')) AS next_at,
        countIf(tried.outcome != 'failed') > 0 AS is_ended
      FROM ${webhookAttempts.of(tenantId)} AS tried GROUP BY webhook_id, event_id
    ) AS tries ON tries.webhook_id = hooks.webhook_id AND tries.event_id = events.event_id
    WHERE ${isFor} AND NOT tries.is_ended`;
}

/** Writes a try down. */
export function recordTry(
  store: Store,
  { tenant_id, webhook_id, event_id }: Pick<Pending, 'tenant_id' | 'webhook_id' | 'event_id'>,
  attempt: DeliveryTry,
): Promise<void> {
  return webhookAttempts.add(store, [{ tenant_id, webhook_id, event_id, ...attempt }]);
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
  const attempt = sql`tuple(${webhookAttempts.read('tried', 'attempt', 'at', 'outcome', 'status', 'reason', 'duration_ms', 'next_at')})::Tuple(attempt UInt32, at String, outcome String, status UInt16, reason String,
    duration_ms UInt32, next_at Nullable(String))`;
  return sql`SELECT ${alertEvents.read('events', 'event_id')}, events.kind AS event, ${alertEvents.read('events', 'at')},
      tries.attempts AS attempts, isNotNull(hooks.gone_at) AS is_gone
    FROM ${webhooks.of(tenantId)} AS hooks INNER JOIN ${alertEvents.of(tenantId)} AS events ON ${ofOneTenant}
    LEFT JOIN (
      SELECT tried.event_id AS event_id, arraySort(one -> one.attempt, groupArray(${attempt})) AS attempts
      FROM ${webhookAttempts.of(tenantId)} AS tried WHERE tried.webhook_id = {webhook:UInt64} GROUP BY event_id
    ) AS tries ON tries.event_id = events.event_id
    WHERE hooks.webhook_id = {webhook:UInt64} AND ${isFor}
    ORDER BY events.seq DESC LIMIT {limit:UInt32}`.bind({ webhook: webhookId, limit });
}
