/** Webhooks as admins make, list and remove them, with the secrets that sign what is sent. */
import { randomBytes } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { DialtallyError, NotFound } from '../errors.ts';
import { type AlertKind, alertKinds } from '../monitor/events.ts';
import { closed, isoInstant, orNull, word } from '../shapes.ts';
import { sql } from '../sql.ts';
import { webhooks } from '../store/kept/webhooks.ts';
import type { Store } from '../store/store.ts';
import { inTurn } from '../store/turns.ts';

/** A webhook as an admin sees it, as JSON: everything but its secret. */
export const webhookSchema = closed({
  webhook_id: Type.Integer(),
  url: Type.String(),
  events: Type.Array(word(alertKinds)),
  created_at: isoInstant(),
  gone_at: orNull(isoInstant('When its receiver answered 410: nothing more is sent')),
});
/** A webhook, as an admin sees it. */
export type WebhookRecord = Static<typeof webhookSchema>;

/** A webhook that was just made, as JSON. */
export const madeWebhookSchema = closed({ ...webhookSchema.properties, secret: Type.String() });

/** The webhooks of all tenants. */
export interface Webhooks {
  /** A tenant's webhooks, the oldest first. */
  list(tenantId: number): Promise<WebhookRecord[]>;
  /** Makes a webhook. Its secret is given here, once. Throws TOO_MANY_WEBHOOKS. */
  create(
    tenantId: number,
    webhook: { url: string; events?: readonly AlertKind[] | undefined },
  ): Promise<Static<typeof madeWebhookSchema>>;
  /** A tenant's webhook. Throws NotFound. */
  find(tenantId: number, webhookId: number): Promise<WebhookRecord>;
  /** Ends a webhook: nothing more is sent. Throws NotFound. */
  remove(tenantId: number, webhookId: number): Promise<WebhookRecord>;
  /** Writes down that its receiver is gone for good. */
  setGone(tenantId: number, webhookId: number): Promise<void>;
}

interface Stored {
  webhook_id: number;
  url: string;
  kinds: AlertKind[];
  secret: string;
  created_at: string;
  gone_at: string | null;
  deleted_at: string | null;
}

const mostWebhooks = 20;

/** Opens the webhooks. */
export function openWebhooks(store: Store, stamp: () => number): Webhooks {
  // Those that were removed are not read: there may be any number of them.
  const read = (tenantId: number) =>
    store.query<Stored>(
      sql`SELECT ${webhooks.read('hooks', 'webhook_id', 'url', 'kinds', 'secret', 'created_at', 'gone_at', 'deleted_at')}
        FROM ${webhooks.of(tenantId)} AS hooks WHERE isNull(hooks.deleted_at) ORDER BY hooks.webhook_id`,
      { lane: 'own', tenantId },
    );
  const readLastId = async (tenantId: number) => {
    const [last] = await store.query<{ id: number }>(
      sql`SELECT max(hooks.webhook_id) AS id FROM ${webhooks.versions.of(tenantId)} AS hooks`,
      { lane: 'own', tenantId },
    );
    return last?.id ?? 0;
  };
  const write = (tenantId: number, row: Stored, version: number) =>
    webhooks.add(store, [{ tenant_id: tenantId, ...row, version }], { lane: 'own', tenantId });
  const findRow = async (tenantId: number, webhookId: number) => {
    const row = (await read(tenantId)).find(({ webhook_id }) => webhook_id === webhookId);
    if (!row) throw new NotFound(`There is no webhook ${webhookId}.`);
    return row;
  };
  // One change at a time: ids are given in order.
  const change = (tenantId: number, webhookId: number, changed: (at: string) => Partial<Stored>) =>
    inTurn(store, { what: 'webhooks', tenantId }, async () => {
      const row = await findRow(tenantId, webhookId);
      const at = stamp();
      const after = { ...row, ...changed(new Date(at).toISOString()) };
      await write(tenantId, after, at);
      return toRecord(after);
    });

  return {
    list: async (tenantId) => (await read(tenantId)).map(toRecord),
    find: async (tenantId, webhookId) => toRecord(await findRow(tenantId, webhookId)),
    create: (tenantId, { url, events }) =>
      inTurn(store, { what: 'webhooks', tenantId }, async () => {
        if ((await read(tenantId)).length >= mostWebhooks) {
          throw new DialtallyError(
            'TOO_MANY_WEBHOOKS',
            409,
            `A tenant may have ${mostWebhooks} webhooks. Remove one that is not needed.`,
          );
        }
        const at = stamp();
        const row: Stored = {
          webhook_id: (await readLastId(tenantId)) + 1,
          url,
          kinds: [...new Set(events ?? alertKinds)],
          secret: `whsec_${randomBytes(32).toString('base64url')}`,
          created_at: new Date(at).toISOString(),
          gone_at: null,
          deleted_at: null,
        };
        await write(tenantId, row, at);
        return { ...toRecord(row), secret: row.secret };
      }),
    remove: (tenantId, webhookId) => change(tenantId, webhookId, (at) => ({ deleted_at: at })),
    async setGone(tenantId, webhookId) {
      await change(tenantId, webhookId, (at) => ({ gone_at: at })).catch((error: unknown) => {
        // Removed in the meantime: nothing is sent to it anyhow.
        if (!(error instanceof NotFound)) throw error;
      });
    },
  };
}

function toRecord({ webhook_id, url, kinds, created_at, gone_at }: Stored): WebhookRecord {
  return { webhook_id, url, events: kinds, created_at, gone_at };
}
