/** The shape of what a webhook's receiver gets. */
import { type Static, Type } from 'typebox';
import { alertKinds, alertSchema } from '../monitor/events.ts';
import { closed, word } from '../shapes.ts';

/** What is posted to a webhook, as JSON: an alert, or a test of it. */
export const postedSchema = closed({
  event_id: alertSchema.properties.event_id,
  event: word([...alertKinds, 'webhook.test']),
  tenant_id: Type.Integer({ minimum: 1 }),
  at: alertSchema.properties.at,
  recorded_at: alertSchema.properties.recorded_at,
  data: alertSchema.properties.data,
});
/** What is posted to a webhook. */
export type Posted = Static<typeof postedSchema>;
