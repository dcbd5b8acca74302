import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { count, type Param, type RawParams, readParams } from '../../engine/params.ts';
import { NotFound, WebhookGone } from '../../errors.ts';
import { isBlamed, type ParamFault } from '../../faults.ts';
import { type AlertKind, alertKinds, alertSchema, eventIdOf, listAlerts, recordEvents } from '../../monitor/events.ts';
import { closed, uuidText, word } from '../../shapes.ts';
import { type AddressRule, addressOf } from '../../webhooks/addresses.ts';
import { deliverySchema, listDeliveries } from '../../webhooks/deliveries.ts';
import { madeWebhookSchema, webhookSchema } from '../../webhooks/registry.ts';
import { answersWith, askingFaults, sendingFaults, toData, toDataList } from '../answers/answers.ts';
import { toBodySchema, toQuerySchema } from '../asked.ts';
import { readBodyParams } from '../bodies/body-params.ts';
import { type Context, principalOf, storeOf } from '../context.ts';

const tags = ['Alerts'];
const path = '/api/telesales/webhooks';

const limitParams = { limit: count('At most so many, newest first (default 100)', 1, 1000) };

const eventsParam: Param<readonly AlertKind[]> = {
  kind: 'choices',
  about: 'Which alerts it is told of; all of them when not given',
  schema: Type.Array(word(alertKinds)),
  values: `some of ${alertKinds.join(', ')}`,
  placeholder: 'events',
  choices: alertKinds,
  isList: true,
  read: (given) => {
    const kinds = given.split(',').map((part) => alertKinds.find((kind) => kind === part.trim()));
    return kinds.every((kind) => kind !== undefined)
      ? { value: kinds }
      : { fault: { id: 'not_some_of', words: alertKinds } };
  },
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

/** Whom a tenant wants told of its alerts, and whether they were told. For admins. */
export function serveWebhooks(app: FastifyInstance, context: Context): void {
  const { store, webhooks, sender, now } = context;
  const config = { permission: 'webhooks' as const };
  const newWebhook = { url: urlParam(context.addressRule), events: eventsParam };
  const reading = () => ({ now: now() });

  app.get(path, {
    schema: {
      tags,
      operationId: 'webhooks',
      summary: 'Webhooks of the tenant',
      response: answersWith(toDataList(webhookSchema)),
    },
    config,
    handler: async (request) => ({ data: await webhooks.list(principalOf(request).tenantId) }),
  });
  app.post(path, {
    schema: {
      tags,
      operationId: 'make-webhook',
      summary: 'Have alerts posted to an address; its secret is told here, once',
      body: toBodySchema(newWebhook),
      response: answersWith(toData(madeWebhookSchema), [...sendingFaults, 409], 201),
    },
    config,
    handler: async (request, reply) => {
      // A list that is given and empty is no wish to hear of everything.
      const { events: wished } = (request.body ?? {}) as { events?: unknown };
      const isEmpty = Array.isArray(wished) && wished.length === 0;
      const check = (_values: unknown, faults: ParamFault[]) => {
        if (isEmpty && !isBlamed(faults, 'events'))
          faults.push({ id: 'not_some_of', field: 'events', words: alertKinds });
      };
      const { url = '', events } = readBodyParams(newWebhook, request.body, reading(), check);
      return reply.code(201).send({ data: await webhooks.create(principalOf(request).tenantId, { url, events }) });
    },
  });
  app.delete(`${path}/:id`, {
    schema: {
      tags,
      operationId: 'end-webhook',
      summary: 'End a webhook, at once',
      response: answersWith(toData(webhookSchema)),
    },
    config,
    handler: async (request) => ({ data: await webhooks.remove(principalOf(request).tenantId, readId(request)) }),
  });
  app.post(`${path}/:id/test`, {
    schema: {
      tags,
      operationId: 'test-webhook',
      summary: 'Send it a test event',
      description: 'Signed and tried again as any other; its deliveries show what became of it.',
      response: answersWith(toData(closed({ event_id: uuidText() })), [...askingFaults, 409]),
    },
    config,
    handler: async (request) => {
      const { tenantId } = principalOf(request);
      const found = await webhooks.find(tenantId, readId(request));
      if (found.gone_at !== null) throw new WebhookGone(found.webhook_id);
      const at = context.stamp();
      const subject = String(found.webhook_id);
      const event = { tenantId, kind: 'webhook.test' as const, subject, at, details: { webhook_id: found.webhook_id } };
      await recordEvents(store, [event], { now: at, underMark: 0 });
      sender.wake();
      return { data: { event_id: eventIdOf(event) } };
    },
  });
  app.get(`${path}/:id/deliveries`, {
    schema: {
      tags,
      operationId: 'webhook-deliveries',
      summary: 'What it was told, or is still to be told',
      querystring: toQuerySchema(limitParams),
      response: answersWith(toDataList(deliverySchema)),
    },
    config,
    handler: async (request) => {
      const { tenantId } = principalOf(request);
      const { limit = 100 } = readParams(limitParams, request.query as RawParams, reading());
      const { webhook_id: webhookId } = await webhooks.find(tenantId, readId(request));
      return { data: await listDeliveries(storeOf(context, request), { tenantId, webhookId, limit }) };
    },
  });
  app.get('/api/telesales/alerts', {
    schema: {
      tags,
      operationId: 'alerts',
      summary: 'Alerts of the tenant, told to somebody or not',
      querystring: toQuerySchema(limitParams),
      response: answersWith(toDataList(alertSchema)),
    },
    config,
    handler: async (request) => {
      const { limit = 100 } = readParams(limitParams, request.query as RawParams, reading());
      return { data: await listAlerts(storeOf(context, request), principalOf(request).tenantId, limit) };
    },
  });
}

function readId(request: FastifyRequest): number {
  const { id } = request.params as { id: string };
  if (!/^[1-9]\d{0,14}$/.test(id)) throw new NotFound(`There is no webhook ${JSON.stringify(id)}.`);
  return Number(id);
}
