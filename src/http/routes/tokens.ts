import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Principal, roles } from '../../access/roles.ts';
import { madeTokenSchema, type TokenRecord, tokenSchema } from '../../access/tokens.ts';
import { count, duration, id, oneOf, type RawParams, readParams } from '../../engine/params.ts';
import { NotFound } from '../../errors.ts';
import { isBlamed, type ParamFault } from '../../faults.ts';
import { answersWith, sendingFaults, toData, toDataList } from '../answers/answers.ts';
import { toBodySchema, toQuerySchema } from '../asked.ts';
import { readBodyParams } from '../bodies/body-params.ts';
import { type Context, principalOf } from '../context.ts';

const tags = ['Tokens'];

const newToken = {
  role: { ...oneOf('What the token is for', roles), required: true as const },
  team_id: id('supervisor: only this team'),
  agent_id: id('agent: whose calls'),
  expires: duration('How long it lives, such as 90d or 12h; for ever when not given'),
};

/** How many tokens a list shows when nobody says otherwise. */
export const defaultTokens = 1000;

/** How much of a list of tokens is asked for. */
export const tokenListParams = {
  limit: count(`At most so many: first those that are good (default ${defaultTokens})`, 1, 10_000),
};

/** Tokens of the asker's tenant: list, create, revoke. For admins. */
export function serveTokens(app: FastifyInstance, context: Context): void {
  const { tokens, stamp, changeLog } = context;
  const reading = () => ({ now: context.now() });
  app.get('/api/telesales/tokens', {
    schema: {
      tags,
      operationId: 'tokens',
      summary: 'Tokens of the tenant, in the order of their ids',
      description: 'Those that are good, and the newest of those that ended.',
      querystring: toQuerySchema(tokenListParams),
      response: answersWith(toDataList(tokenSchema)),
    },
    config: { permission: 'tokens' },
    handler: async (request) => {
      const { limit = defaultTokens } = readParams(tokenListParams, request.query as RawParams, reading());
      return { data: await tokens.list(principalOf(request).tenantId, limit, request.gone) };
    },
  });
  app.post('/api/telesales/tokens', {
    schema: {
      tags,
      operationId: 'make-token',
      summary: 'Make a token; it is told here, once',
      body: toBodySchema(newToken),
      response: answersWith(toData(madeTokenSchema), [...sendingFaults, 409], 201),
    },
    config: { permission: 'tokens' },
    handler: async (request, reply) => {
      const { role, team_id, agent_id, expires } = readBodyParams(newToken, request.body, reading(), checkToken);
      const who = principalOf(request);
      const created = await tokens.create({
        tenantId: who.tenantId,
        role: role ?? 'read_only',
        teamId: team_id,
        agentId: agent_id,
        expiresAt: expires === undefined ? undefined : stamp() + expires,
      });
      const { tenant_id: tenantId, created_at: _, revoked_at: __, ...details } = created.record;
      await changeLog.add(who, { tenantId, action: 'token.created', details });
      return reply.code(201).send({ data: { ...created.record, token: created.token } });
    },
  });
  app.delete('/api/telesales/tokens/:id', {
    schema: {
      tags,
      operationId: 'end-token',
      summary: 'End a token, at once',
      response: answersWith(toData(tokenSchema)),
    },
    config: { permission: 'tokens' },
    handler: async (request) => {
      const who = principalOf(request);
      return { data: await endToken(context, who, who.tenantId, readTokenId(request)) };
    },
  });
}

/** Ends a token of a tenant (of any with 0), and writes down who did. */
export async function endToken(
  { tokens, changeLog }: Context,
  who: Principal,
  tenantId: number,
  tokenId: number,
): Promise<TokenRecord> {
  const ended = await tokens.revoke(tenantId, tokenId);
  await changeLog.add(who, { tenantId: ended.tenant_id, action: 'token.ended', details: { token_id: tokenId } });
  return ended;
}

/** The token that a path names. Throws NotFound for what can't be one. */
export function readTokenId({ params }: FastifyRequest): number {
  const { id } = params as { id: string };
  if (!/^\d{1,15}$/.test(id)) throw new NotFound(`There is no token ${JSON.stringify(id)}.`);
  return Number(id);
}

function checkToken(
  {
    role,
    team_id,
    agent_id,
  }: { role?: string | undefined; team_id?: number | undefined; agent_id?: number | undefined },
  faults: ParamFault[],
): void {
  if (team_id !== undefined && role !== 'supervisor')
    faults.push({ id: 'only_with', field: 'team_id', other: 'role', value: 'supervisor' });
  if (agent_id !== undefined && role !== 'agent')
    faults.push({ id: 'only_with', field: 'agent_id', other: 'role', value: 'agent' });
  if (role === 'agent' && agent_id === undefined && !isBlamed(faults, 'agent_id'))
    faults.push({ id: 'required_with', field: 'agent_id', other: 'role', value: 'agent' });
}
