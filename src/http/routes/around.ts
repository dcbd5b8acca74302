import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { askerRoles, permissionNames, permissionsOf } from '../../access/roles.ts';
import { findTenant, tenantSchema, unnamedTenant } from '../../access/tenants.ts';
import { listAgents, listCampaigns, listTeams } from '../../engine/lists.ts';
import { type RawParams, readParams, words } from '../../engine/params.ts';
import { closed, orNull, word } from '../../shapes.ts';
import type { Sql } from '../../sql.ts';
import { campaignStatuses } from '../../tables.ts';
import { answersWith, toData, toDataList } from '../answers/answers.ts';
import { sendRows } from '../answers/rows.ts';
import { toQuerySchema } from '../asked.ts';
import { type Context, principalOf, streamsOf } from '../context.ts';

const tags = ['Around the reports'];
const id = () => Type.Integer({ minimum: 1 });
const meSchema = closed({
  tenant: tenantSchema,
  role: word(askerRoles),
  team_id: orNull(Type.Integer()),
  agent_id: orNull(Type.Integer()),
  may: Type.Array(word(permissionNames)),
});
const campaignSchema = closed({ campaign_id: id(), name: Type.String(), status: word(campaignStatuses) });
const teamSchema = closed({ team_id: id(), name: Type.String() });
const agentSchema = closed({
  agent_id: id(),
  name: Type.String(),
  username: Type.String(),
  team_id: orNull(Type.Integer()),
});

const agentParams = { q: words('Part of the name or the username', 200) };

/** What a filter bar needs: who am I, and which campaigns, teams and agents are there for me. */
export function serveAround(app: FastifyInstance, context: Context): void {
  const send = (request: FastifyRequest, reply: FastifyReply, list: Sql) =>
    sendRows(context, request, reply, streamsOf(context, request)(list));

  app.get('/api/telesales/me', {
    schema: { tags, operationId: 'me', summary: 'Who this token is', response: answersWith(toData(meSchema)) },
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
    schema: { tags, operationId: 'campaigns', summary: 'Campaigns', response: answersWith(toDataList(campaignSchema)) },
    config: { permission: 'reports' },
    handler: (request, reply) => send(request, reply, listCampaigns(principalOf(request))),
  });

  app.get('/api/telesales/teams', {
    schema: { tags, operationId: 'teams', summary: 'Teams', response: answersWith(toDataList(teamSchema)) },
    config: { permission: 'reports' },
    handler: (request, reply) => send(request, reply, listTeams(principalOf(request))),
  });

  app.get('/api/telesales/agents', {
    schema: {
      tags,
      operationId: 'agents',
      summary: 'Agents',
      querystring: toQuerySchema(agentParams),
      response: answersWith(toDataList(agentSchema)),
    },
    config: { permission: 'reports' },
    handler: async (request, reply) => {
      const { q } = readParams(agentParams, request.query as RawParams, { now: context.now() });
      return send(request, reply, listAgents(principalOf(request), q));
    },
  });
}
