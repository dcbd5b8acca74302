import type { FastifyInstance, FastifyRequest } from 'fastify';
import { changeActions } from '../access/change-log.ts';
import { count, moment, type RawParams, readParams } from '../engine/params.ts';
import type { JsonSchema } from '../engine/schema.ts';
import { earliestMs, latestMs } from '../engine/time.ts';
import { toWindow } from '../engine/window.ts';
import type { FieldErrors } from '../errors.ts';
import { type Context, principalOf } from './context.ts';
import { answers, toQuerySchema } from './openapi.ts';

const auditParams = {
  from: moment('Only exports from then on: an instant, or a date in UTC'),
  to: moment('Only exports before; a date includes that whole day'),
  limit: count('At most so many (default 100)', 1, 1000),
};

const text: JsonSchema = { type: 'string' };
const moments: JsonSchema = { type: 'string', format: 'date-time' };
const properties: Record<string, JsonSchema> = {
  export_id: { type: 'string', format: 'uuid' },
  token_id: {
    type: ['integer', 'null'],
    description: 'Whose token; null: the command line on the server\u2019s machine',
  },
  role: text,
  report: text,
  format: { type: 'string', enum: ['csv', 'xlsx'] },
  campaign_id: { type: ['integer', 'null'] },
  team_id: { type: ['integer', 'null'], description: 'The filter, or the team that the token is held to' },
  agent_ids: { type: 'array', items: { type: 'integer' }, description: 'The filter, or the token\u2019s agent' },
  timezone: text,
  window_from: { type: ['string', 'null'], format: 'date-time' },
  window_to: { type: ['string', 'null'], format: 'date-time' },
  params: { type: 'object', additionalProperties: text, description: 'The report\u2019s own parameters' },
  rows: { type: 'integer', description: 'Rows that were read for the file' },
  bytes: { type: 'integer', description: 'Size of the file, as far as it was made' },
  outcome: { type: 'string', enum: ['complete', 'failed'], description: 'complete: the last byte was sent' },
  started_at: moments,
  ended_at: moments,
};

const changeParams = {
  ...auditParams,
  from: moment('Only changes from then on: an instant, or a date in UTC'),
  to: moment('Only changes before; a date includes that whole day'),
};
const change: Record<string, JsonSchema> = {
  action: { type: 'string', enum: [...changeActions] },
  token_id: {
    type: ['integer', 'null'],
    description: 'Whose token did it; null: the command line on the server\u2019s machine',
  },
  role: text,
  changed_at: moments,
  details: { type: 'object', description: 'What became of what, by the action' },
};

/** Who took which rows out, and who changed what: for admins. */
export function serveAudit(app: FastifyInstance, context: Context): void {
  const readAsked = (params: typeof auditParams, request: FastifyRequest) => {
    const reading = { now: context.now() };
    const asked = readParams(
      params,
      request.query as RawParams,
      reading,
      (values, errors) => void toSpan(values, errors),
    );
    return { ...toSpan(asked, {}), limit: asked.limit ?? 100, signal: request.gone };
  };
  app.get('/api/telesales/audit/exports', {
    schema: {
      tags: ['Exports'],
      operationId: 'exports-audit',
      summary: 'Who took which rows out',
      description: 'Every CSV and Excel file that was asked for, newest first (admin).',
      querystring: toQuerySchema(auditParams),
      response: answers({
        type: 'object',
        required: ['data'],
        properties: {
          data: { type: 'array', items: { type: 'object', required: Object.keys(properties), properties } },
        },
      }),
    },
    config: { permission: 'audit' },
    handler: async (request) => ({
      data: await context.exportLog.list(principalOf(request).tenantId, readAsked(auditParams, request)),
    }),
  });
  app.get('/api/telesales/audit/changes', {
    schema: {
      tags: ['Settings'],
      operationId: 'changes-audit',
      summary: 'Who changed what',
      description:
        'Tokens made and ended, settings changed, rows purged, tenants named, backups restored: newest first (admin).',
      querystring: toQuerySchema(changeParams),
      response: answers({
        type: 'object',
        required: ['data'],
        properties: {
          data: { type: 'array', items: { type: 'object', required: Object.keys(change), properties: change } },
        },
      }),
    },
    config: { permission: 'audit' },
    handler: async (request) => ({
      data: await context.changeLog.list(principalOf(request).tenantId, readAsked(changeParams, request)),
    }),
  });
  app.addHook('onClose', () => context.exportLog.settled());
}

type Asked = { from?: Parameters<typeof toWindow>[0]; to?: Parameters<typeof toWindow>[1] };

/** The window that `from` and `to` mean in UTC; ever, where one is missing. Faults go to `errors`. */
export function toSpan({ from, to }: Asked, errors: FieldErrors): { from: number; to: number } {
  const ever = { from: earliestMs, to: latestMs };
  const [first, last] = [from ?? toMoment(ever.from), to ?? toMoment(ever.to)];
  return toWindow(first, last, 'UTC', errors, { maxDays: Number.POSITIVE_INFINITY, fields: ['from', 'to'] }) ?? ever;
}

const toMoment = (ms: number) => ({ kind: 'instant', ms }) as const;
