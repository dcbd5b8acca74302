import type { FastifyInstance } from 'fastify';
import { count, moment, type RawParams, readParams } from '../engine/params.ts';
import type { JsonSchema } from '../engine/schema.ts';
import { type SettingName, settingFields, settingNames, toSettingValues } from '../engine/setting-fields.ts';
import { defaultSettings } from '../engine/settings.ts';
import { toSpan } from './audit.ts';
import { type Context, principalOf } from './context.ts';
import { answers, toQuerySchema } from './openapi.ts';

const tags = ['Settings'];
const path = '/api/telesales/settings';

const changesParams = {
  from: moment('Only changes from then on: an instant, or a date in UTC'),
  to: moment('Only changes before; a date includes that whole day'),
  limit: count('At most so many (default 100)', 1, 1000),
};

const change: Record<string, JsonSchema> = {
  name: { type: 'string', enum: settingNames },
  old_value: { type: 'number' },
  new_value: { type: 'number' },
  token_id: {
    type: ['integer', 'null'],
    description: 'Whose token; null: the command line on the server\u2019s machine',
  },
  role: { type: 'string' },
  changed_at: { type: 'string', format: 'date-time' },
};

/** What a tenant judges by: read, change, and who changed what. For admins. */
export function serveSettings(app: FastifyInstance, { settings, now }: Context): void {
  const config = { permission: 'settings' as const };
  app.get(path, {
    schema: {
      tags,
      summary: 'What the tenant judges by',
      response: answers(toData(toSettingsSchema({ isWhole: true })), [401, 403, 422, 429, 503]),
    },
    config,
    handler: async (request) => ({ data: await settings.of(principalOf(request).tenantId) }),
  });
  app.put(path, {
    schema: {
      tags,
      summary: 'Change some of it, or all',
      description: 'What is left out stays. All of the changes are made, or none. Reports judge by them at once.',
      body: toSettingsSchema({ isWhole: false }),
      response: answers(toData(toSettingsSchema({ isWhole: true })), [400, 401, 403, 408, 413, 415, 422, 429, 503]),
    },
    config,
    handler: async (request) => ({ data: await settings.set(principalOf(request), request.body) }),
  });
  app.get(`${path}/changes`, {
    schema: {
      tags,
      summary: 'Who changed which setting, and when',
      description: 'Newest first. Nothing is ever removed from it.',
      querystring: toQuerySchema(changesParams),
      response: answers(
        toData({ type: 'array', items: { type: 'object', required: Object.keys(change), properties: change } }),
      ),
    },
    config,
    handler: async (request) => {
      const asked = readParams(
        changesParams,
        request.query as RawParams,
        { now: now() },
        (values, errors) => void toSpan(values, errors),
      );
      const { from, to } = toSpan(asked, {});
      const limit = asked.limit ?? 100;
      return {
        data: await settings.changes(principalOf(request).tenantId, { from, to, limit, signal: request.gone }),
      };
    },
  });
}

const toData = (data: JsonSchema): JsonSchema => ({ type: 'object', required: ['data'], properties: { data } });

/** `Settings` as JSON: all of it as an answer, any part of it as a body. */
function toSettingsSchema({ isWhole }: { isWhole: boolean }): JsonSchema {
  const defaults = toSettingValues(defaultSettings);
  const toObject = (properties: Record<string, JsonSchema>): JsonSchema => ({
    type: 'object',
    ...(isWhole && { additionalProperties: false, required: Object.keys(properties) }),
    properties,
  });
  const toField = (name: SettingName): JsonSchema => {
    const { about, kind, minimum, maximum } = settingFields[name];
    const [type, decimals] = kind === 'count' ? ['integer', ''] : ['number', ' (at most 2 decimals)'];
    return { type, minimum, maximum, default: defaults[name], description: about + decimals };
  };
  const { health, ...others } = defaultSettings;
  const fields = (names: readonly string[], prefix: string) =>
    Object.fromEntries(names.map((name) => [name, toField(`${prefix}${name}` as SettingName)]));
  return toObject({
    ...fields(Object.keys(others), ''),
    health: toObject(fields(Object.keys(health), 'health.')),
  });
}
