/** Alerts as they are written down, found again and listed. */
import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { closed, isoInstant, named, uuidText, word } from '../shapes.ts';
import { type Sql, sql } from '../sql.ts';
import { alertEvents } from '../store/kept/monitor.ts';
import type { Store } from '../store/store.ts';
import { inTurn } from '../store/turns.ts';

/** What a webhook may be told of. */
export const alertKinds = [
  'abandon.breached',
  'abandon.recovered',
  'abandon.nearing',
  'caller_id.suspected_block',
] as const;
/** One of them. */
export type AlertKind = (typeof alertKinds)[number];

/** Kinds that nobody is told of: they close what another kind has opened. */
const closings = ['abandon.calm', 'caller_id.cleared'] as const;

/** Something that opened or closed: what webhooks are told, and the state of its subject until the next one. */
export interface AlertEvent {
  tenantId: number;
  kind: AlertKind | (typeof closings)[number] | 'webhook.test';
  /** The campaign or the caller ID that it is about. */
  subject: string;
  /** The minute or hour that it is about, in epoch milliseconds. */
  at: number;
  details: Record<string, unknown>;
}

/** An event's id: the same for the same event, however often it is found. */
export function eventIdOf({ tenantId, kind, subject, at }: AlertEvent): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([tenantId, kind, subject, at]))
    .digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

/** The last event of a subject: the instant it is about, and the version of the mark under which it was written. */
export interface LastEvent {
  subject: string;
  kind: AlertEvent['kind'];
  at: number;
  under_mark: number;
}

/** The last event of every subject of a tenant whose kind begins with `prefix`, in pieces; `which` narrows the rows `events`. */
export function lastEvents(
  store: Store,
  tenantId: number,
  prefix: 'abandon.' | 'caller_id.',
  { which = sql`1`, timeoutMs = 30_000 }: { which?: Sql | undefined; timeoutMs?: number } = {},
): AsyncIterable<LastEvent[]> {
  return store.stream<LastEvent>(toLastEvents(tenantId, prefix, which), { timeoutMs });
}

/** The campaigns of a tenant that have an open alert, as a SELECT of `campaign_id`. */
export function openCampaigns(tenantId: number): Sql {
  return sql`SELECT toUInt64(last.subject) AS campaign_id FROM (${toLastEvents(tenantId, 'abandon.', sql`1`)}) AS last WHERE last.kind != 'abandon.calm'`;
}

function toLastEvents(tenantId: number, prefix: string, which: Sql): Sql {
  return sql`SELECT events.subject AS subject, argMax(events.kind, events.seq) AS kind,
      argMax(events.under_mark, events.seq) AS under_mark,
      toUnixTimestamp64Milli(argMax(events.at, events.seq)) AS at
    FROM ${alertEvents.of(tenantId)} AS events
    WHERE startsWith(events.kind, {prefix:String}) AND ${which} GROUP BY subject`.bind({ prefix });
}

// Whoever measures holds a place of the clock's own lane meanwhile, and must not wait for another there.
const ofOwnLane = { lane: 'own' } as const;

/** Writes events down in their order, all of them or none. */
export async function recordEvents(
  store: Store,
  events: readonly AlertEvent[],
  { now, underMark }: { now: number; underMark: number },
): Promise<void> {
  if (events.length === 0) return;
  // One at a time: they are numbered in order.
  await inTurn(store, { what: 'events' }, async () => {
    const [last] = await store.query<{ seq: number }>(
      sql`SELECT max(events.seq) AS seq FROM ${alertEvents.ofEveryTenant} AS events`,
      ofOwnLane,
    );
    await alertEvents.add(
      store,
      events.map((event, index) => ({
        tenant_id: event.tenantId,
        seq: (last?.seq ?? 0) + 1 + index,
        under_mark: underMark,
        event_id: eventIdOf(event),
        kind: event.kind,
        subject: event.subject,
        at: event.at,
        recorded_at: now,
        details: event.details,
      })),
      ofOwnLane,
    );
  });
}

/** An alert as a tenant's admin sees it, as JSON and in the words of what is posted. */
export const alertSchema = closed({
  event_id: uuidText(),
  event: word(alertKinds),
  at: isoInstant(),
  recorded_at: isoInstant(),
  data: named(Type.Unknown()),
});
/** An alert, as a tenant's admin sees it. */
export type AlertRecord = Static<typeof alertSchema>;

/** A tenant's alerts, newest first. */
export async function listAlerts(store: Store, tenantId: number, limit: number): Promise<AlertRecord[]> {
  const rows = await store.query<Omit<AlertRecord, 'data'> & { data: string }>(
    sql`SELECT ${alertEvents.read('events', 'event_id')}, events.kind AS event,
        ${alertEvents.read('events', 'at', 'recorded_at')}, events.details AS data
      FROM ${alertEvents.of(tenantId)} AS events WHERE has({kinds:Array(String)}, events.kind)
      ORDER BY events.seq DESC LIMIT {limit:UInt32}`.bind({ kinds: [...alertKinds], limit }),
  );
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as Record<string, unknown> }));
}
