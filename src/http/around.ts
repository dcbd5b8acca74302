import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { permissionsOf } from '../access/roles.ts';
import { findTenant, unnamedTenant } from '../access/tenants.ts';
import { listAgents, listCampaigns, listTeams } from '../engine/lists.ts';
import { type RawParams, readParams, words } from '../engine/params.ts';
import type { JsonSchema } from '../engine/schema.ts';
import type { Sql } from '../sql.ts';
import { type Context, principalOf, streamsOf } from './context.ts';
import { answers, toQuerySchema } from './openapi.ts';
import { sendRows } from './rows.ts';

const tags = ['Around the reports'];
const id: JsonSchema = { type: 'integer', minimum: 1 };
const text: JsonSchema = { type: 'string' };
const maybeId: JsonSchema = { type: ['integer', 'null'] };

/** A JSON schema for `{ data: [...] }` or `{ data: {...} }` with these properties. */
function data(properties: Record<string, JsonSchema>, isList = true): JsonSchema {
  const item = { type: 'object', required: Object.keys(properties), properties };
  return { type: 'object', required: ['data'], properties: { data: isList ? { type: 'array', items: item } : item } };
}

const agentParams = { q: words('Part of the name or the username', 200) };

/** What a filter bar needs: who am I, and which campaigns, teams, agents and reports are there for me. */
export function serveAround(app: FastifyInstance, context: Context): void {
  const send = (request: FastifyRequest, reply: FastifyReply, list: Sql) =>
    sendRows(context, request, reply, streamsOf(context, request)(list));

  app.get('/api/telesales/me', {
    schema: {
      tags,
      summary: 'Who this token is',
      response: answers(
        data(
          {
            tenant: {
              type: 'object',
              required: ['tenant_id', 'name', 'timezone'],
              properties: { tenant_id: id, name: text, timezone: text },
            },
            role: text,
            team_id: maybeId,
            agent_id: maybeId,
            may: { type: 'array', items: text },
          },
          false,
        ),
      ),
    },
    config: { permission: 'any' },
    handler: async (request) => {
      const principal = principalOf(request);
      const tenant = (await findTenant(context.store, principal.tenantId)) ?? unnamedTenant(principal.tenantId);
      return {
        data: {
          tenant,
          role: principal.role,
          team_id: principal.teamId ?? null,
          agent_id: principal.agentId ?? null,
          may: permissionsOf(principal),
        },
      };
    },
  });

  app.get('/api/telesales/campaigns', {
    schema: { tags, summary: 'Campaigns', response: answers(data({ campaign_id: id, name: text, status: text })) },
    config: { permission: 'reports' },
    handler: (request, reply) => send(request, reply, listCampaigns(principalOf(request))),
  });

  app.get('/api/telesales/teams', {
    schema: { tags, summary: 'Teams', response: answers(data({ team_id: id, name: text })) },
    config: { permission: 'reports' },
    handler: (request, reply) => send(request, reply, listTeams(principalOf(request))),
  });

  app.get('/api/telesales/agents', {
    schema: {
      tags,
      summary: 'Agents',
      querystring: toQuerySchema(agentParams),
      response: answers(data({ agent_id: id, name: text, username: text, team_id: maybeId })),
    },
    config: { permission: 'reports' },
    handler: async (request, reply) => {
      const { q } = readParams(agentParams, request.query as RawParams, { now: context.now() });
      return send(request, reply, listAgents(principalOf(request), q));
    },
  });
}
