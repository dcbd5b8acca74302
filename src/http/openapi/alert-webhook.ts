/** Alerts as they are posted to webhooks: the one request that this server makes, and what it expects. */
import { Type } from 'typebox';
import { uuidText } from '../../shapes.ts';
import { postedSchema } from '../../webhooks/posted.ts';

const header = (name: string, schema: object, description: string) => ({
  name,
  in: 'header' as const,
  required: true,
  description,
  schema,
});

/** What OpenAPI says of the alerts that are posted to webhooks. */
export const alertWebhook = {
  post: {
    tags: ['Alerts'],
    operationId: 'posted-alert',
    summary: 'An alert as a webhook is told of it',
    description:
      'Tried again for a day until it is answered with 2xx, or with 410. The same event may come more than once.',
    security: [],
    parameters: [
      header('Dialtally-Event', uuidText(), 'The id of the event: the same for the same event, however often it comes'),
      header(
        'Dialtally-Signature',
        Type.String({ pattern: '^t=\\d+,v1=[0-9a-f]{64}$' }),
        't=<seconds>,v1=<hex of HMAC-SHA256 over "<seconds>.<body>" with the secret of the webhook>',
      ),
    ],
    requestBody: { required: true, content: { 'application/json': { schema: postedSchema } } },
    responses: { 204: { description: 'Taken' }, 410: { description: 'Gone: nothing more is sent' } },
  },
};
