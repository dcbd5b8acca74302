/** The tables about webhooks: where alerts are sent, and every attempt to deliver one. */
import { defineKept } from '../kept.ts';
import {
  lastWins,
  storedCount,
  storedId,
  storedInstant,
  storedList,
  storedOptional,
  storedText,
  storedUuid,
} from '../stored-kinds.ts';

/** Who is told of a tenant's alerts. */
export const webhooks = defineKept({
  table: 'webhooks',
  whose: 'tenant',
  key: ['tenant_id', 'webhook_id'],
  version: 'version',
  columns: {
    tenant_id: storedId,
    webhook_id: storedId,
    url: storedText,
    kinds: storedList(storedText),
    secret: storedText,
    created_at: storedInstant,
    gone_at: storedOptional(storedInstant),
    deleted_at: storedOptional(storedInstant),
    version: lastWins,
  },
});

/** Every try to tell a webhook of an event. */
export const webhookAttempts = defineKept({
  table: 'webhook_attempts',
  whose: 'tenant',
  key: ['tenant_id', 'webhook_id', 'event_id', 'attempt'],
  columns: {
    tenant_id: storedId,
    webhook_id: storedId,
    event_id: storedUuid,
    attempt: storedCount,
    at: storedInstant,
    outcome: storedText,
    status: storedCount,
    reason: storedText,
    duration_ms: storedCount,
    next_at: storedOptional(storedInstant),
  },
});
