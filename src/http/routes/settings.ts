import type { FastifyInstance } from 'fastify';
import { settingChangeSchema } from '../../access/settings.ts';
import { count, moment, type RawParams, readParams } from '../../engine/params.ts';
import { settingsSchema, someSettingsSchema } from '../../engine/settings.ts';
import { answersWith, sendingFaults, toData, toDataList } from '../answers/answers.ts';
import { toQuerySchema } from '../asked.ts';
import { type Context, principalOf } from '../context.ts';
import { toSpan } from './audit.ts';

const tags = ['Settings'];
const path = '/api/telesales/settings';

const changesParams = {
  from: moment('Only changes from then on: an instant, or a date in UTC'),
  to: moment('Only changes before; a date includes that whole day'),
  limit: count('At most so many (default 100)', 1, 1000),
};

/** What a tenant judges by: read, change, and who changed what. For admins. */
export function serveSettings(app: FastifyInstance, { settings, now }: Context): void {
  const config = { permission: 'settings' as const };
  app.get(path, {
    schema: {
      tags,
      operationId: 'settings',
      summary: 'What the tenant judges by',
      response: answersWith(toData(settingsSchema), [401, 403, 422, 429, 503]),
    },
    config,
    handler: async (request) => ({ data: await settings.of(principalOf(request).tenantId) }),
  });
  app.put(path, {
    schema: {
      tags,
      operationId: 'change-settings',
      summary: 'Change some of it, or all',
      description: 'What is left out stays. All of the changes are made, or none. Reports judge by them at once.',
      body: someSettingsSchema,
      response: answersWith(toData(settingsSchema), sendingFaults),
    },
    config,
    handler: async (request) => ({ data: await settings.set(principalOf(request), request.body) }),
  });
  app.get(`${path}/changes`, {
    schema: {
      tags,
      operationId: 'settings-changes',
      summary: 'Who changed which setting, and when',
      description: 'Newest first. Nothing is ever removed from it.',
      querystring: toQuerySchema(changesParams),
      response: answersWith(toDataList(settingChangeSchema)),
    },
    config,
    handler: async (request) => {
      const asked = readParams(
        changesParams,
        request.query as RawParams,
        { now: now() },
        (values, faults) => void toSpan(values, faults),
      );
      const { from, to } = toSpan(asked, []);
      const limit = asked.limit ?? 100;
      return {
        data: await settings.changes(principalOf(request).tenantId, { from, to, limit, signal: request.gone }),
      };
    },
  });
}
