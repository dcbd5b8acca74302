/** Whom a tenant wants told of its alerts, and whether they were told. For admins. */
import { Type } from 'typebox';
import { count, type Param, type ParamValues, someOf } from '../../engine/params.ts';
import { NotFound, WebhookGone } from '../../errors.ts';
import { isBlamed, type ParamFault } from '../../faults.ts';
import { type AlertKind, alertKinds, alertSchema, eventIdOf, listAlerts, recordEvents } from '../../monitor/events.ts';
import { closed, uuidText } from '../../shapes.ts';
import type { Store } from '../../store/store.ts';
import { type AddressRule, addressOf } from '../../webhooks/addresses.ts';
import { deliverySchema, listDeliveries } from '../../webhooks/deliveries.ts';
import { madeWebhookSchema, type Webhooks, webhookSchema } from '../../webhooks/registry.ts';
import type { Sender } from '../../webhooks/sender.ts';
import { dataAnswer, listAnswer } from '../answers/answer-kinds.ts';
import { askingFaults, sendingFaults } from '../answers/answers.ts';
import { readBodyParams } from '../asked/body-params.ts';
import { type Input, queryOf } from '../asked/input.ts';
import { toBodySchema } from '../asked/params-schema.ts';
import { defineRoute, type Route } from '../route.ts';

const tags = ['Alerts'];
const path = '/api/telesales/webhooks';

const limitParams = { limit: count('At most so many, newest first (default 100)', 1, 1000) };

const eventsParam: Param<readonly AlertKind[]> = {
  ...someOf('Which alerts it is told of; all of them when not given', alertKinds),
  placeholder: 'events',
};

const urlParam = (rule: AddressRule): Param<string> & { required: true } => ({
  kind: 'address',
  about: 'Where alerts are posted to: an https (or http) address on the public Internet',
  schema: Type.String({ format: 'uri', maxLength: 2000 }),
  values: 'string',
  placeholder: 'url',
  example: 'https://example.com/dialtally',
  required: true,
  read: (given) => {
    const url = URL.canParse(given) && given.length <= 2000 ? new URL(given) : undefined;
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
      return { fault: { id: 'not_a_webhook' } };
    const address = addressOf(url);
    return address !== undefined && !rule.allows(address)
      ? { fault: { id: 'not_public', address } }
      : { value: url.href };
  },
});

/** A webhook that is asked for, at an address that the rule allows. */
function newWebhook(rule: AddressRule) {
  const params = { url: urlParam(rule), events: eventsParam };
  return {
    schema: toBodySchema(params),
    read(body, context) {
      // A list that is given and empty is no wish to hear of everything.
      const { events: wished } = (body ?? {}) as { events?: unknown };
      const isEmpty = Array.isArray(wished) && wished.length === 0;
      const check = (_values: unknown, faults: ParamFault[]) => {
        if (isEmpty && !isBlamed(faults, 'events'))
          faults.push({ id: 'not_some_of', field: 'events', words: alertKinds });
      };
      return readBodyParams(params, body, context, check);
    },
  } satisfies Input<unknown, ParamValues<typeof params>>;
}

/** What webhooks are registered and tried with. */
export interface WebhookServices {
  store: Store;
  webhooks: Webhooks;
  addressRule: AddressRule;
  sender: Sender;
  stamp: () => number;
}

/** List, make, end and try webhooks; what they were told; and all alerts. */
export function webhookRoutes({ store, webhooks, addressRule, sender, stamp }: WebhookServices): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path,
      permission: 'webhooks',
      about: { tags, operationId: 'webhooks', summary: 'Webhooks of the tenant' },
      answer: listAnswer(webhookSchema),
      handler: ({ asker }) => webhooks.list(asker.tenantId),
    }),
    defineRoute({
      method: 'POST',
      path,
      permission: 'webhooks',
      about: {
        tags,
        operationId: 'make-webhook',
        summary: 'Have alerts posted to an address; its secret is told here, once',
      },
      body: newWebhook(addressRule),
      answer: dataAnswer(madeWebhookSchema, 201),
      faults: [...sendingFaults, 409],
      handler: ({ body, asker }) => webhooks.create(asker.tenantId, body),
    }),
    defineRoute({
      method: 'DELETE',
      path: `${path}/:id`,
      permission: 'webhooks',
      about: { tags, operationId: 'end-webhook', summary: 'End a webhook, at once' },
      answer: dataAnswer(webhookSchema),
      handler: ({ path: { id }, asker }) => webhooks.remove(asker.tenantId, readId(id)),
    }),
    defineRoute({
      method: 'POST',
      path: `${path}/:id/test`,
      permission: 'webhooks',
      about: {
        tags,
        operationId: 'test-webhook',
        summary: 'Send it a test event',
        description: 'Signed and tried again as any other; its deliveries show what became of it.',
      },
      answer: dataAnswer(closed({ event_id: uuidText() })),
      faults: [...askingFaults, 409],
      handler: async ({ path: { id }, asker: { tenantId } }) => {
        const found = await webhooks.find(tenantId, readId(id));
        if (found.gone_at !== null) throw new WebhookGone(found.webhook_id);
        const at = stamp();
        const subject = String(found.webhook_id);
        const details = { webhook_id: found.webhook_id };
        const event = { tenantId, kind: 'webhook.test' as const, subject, at, details };
        await recordEvents(store, [event], { now: at, underMark: 0 });
        sender.wake();
        return { event_id: eventIdOf(event) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${path}/:id/deliveries`,
      permission: 'webhooks',
      about: { tags, operationId: 'webhook-deliveries', summary: 'What it was told, or is still to be told' },
      query: queryOf(limitParams),
      answer: listAnswer(deliverySchema),
      handler: async ({ path: { id }, query: { limit = 100 }, asker: { store, tenantId } }) => {
        const { webhook_id: webhookId } = await webhooks.find(tenantId, readId(id));
        return listDeliveries(store, { tenantId, webhookId, limit });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/telesales/alerts',
      permission: 'webhooks',
      about: { tags, operationId: 'alerts', summary: 'Alerts of the tenant, told to somebody or not' },
      query: queryOf(limitParams),
      answer: listAnswer(alertSchema),
      handler: ({ query: { limit = 100 }, asker: { store, tenantId } }) => listAlerts(store, tenantId, limit),
    }),
  ];
}

function readId(id: string): number {
  if (!/^[1-9]\d{0,14}$/.test(id)) throw new NotFound(`There is no webhook ${JSON.stringify(id)}.`);
  return Number(id);
}
