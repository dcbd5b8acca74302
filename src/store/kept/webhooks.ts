import { defineKept } from '../kept.ts';
import { count, id, instant, lastWins, list, optional, text, uuid } from '../kinds.ts';

/** Who is told of a tenant's alerts. */
export const webhooks = defineKept({
  table: 'webhooks',
  whose: 'tenant',
  key: ['tenant_id', 'webhook_id'],
  version: 'version',
  columns: {
    tenant_id: id,
    webhook_id: id,
    url: text,
    kinds: list(text),
    secret: text,
    created_at: instant,
    gone_at: optional(instant),
    deleted_at: optional(instant),
    version: lastWins,
  },
});

/** Every try to tell a webhook of an event. */
export const webhookAttempts = defineKept({
  table: 'webhook_attempts',
  whose: 'tenant',
  key: ['tenant_id', 'webhook_id', 'event_id', 'attempt'],
  columns: {
    tenant_id: id,
    webhook_id: id,
    event_id: uuid,
    attempt: count,
    at: instant,
    outcome: text,
    status: count,
    reason: text,
    duration_ms: count,
    next_at: optional(instant),
  },
});
