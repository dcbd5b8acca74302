/** Tokens: of the asker's tenant, for admins; of any tenant, for whoever holds the server's local key. */
import type { ChangeLog } from '../../access/change-log.ts';
import type { Principal } from '../../access/roles.ts';
import { madeTokenSchema, type TokenRecord, type Tokens, toDetails, tokenSchema } from '../../access/tokens.ts';
import { count, duration } from '../../engine/params.ts';
import { NotFound } from '../../errors.ts';
import { dataAnswer, listAnswer } from '../answers/answer-kinds.ts';
import { sendingFaults } from '../answers/answers.ts';
import { bodyOf, queryOf } from '../asked/input.ts';
import { checkPrincipal, newPrincipal } from '../asked/new-principal.ts';
import { defineRoute, type Route } from '../route.ts';

const path = '/api/telesales/tokens';
const tags = ['Tokens'];

const newToken = {
  ...newPrincipal,
  expires: duration('How long it lives, such as 90d or 12h; for ever when not given'),
};

const usualLimit = 1000;
const listParams = {
  limit: count(`At most so many: first those that are good (default ${usualLimit})`, 1, 10_000),
};

/** What tokens are made and ended with. */
export interface TokenServices {
  tokens: Tokens;
  changeLog: ChangeLog;
  stamp: () => number;
}

/** List, make and end tokens. */
export function tokenRoutes(services: TokenServices): Route[] {
  const { tokens, changeLog, stamp } = services;
  return [
    defineRoute({
      method: 'GET',
      path,
      permission: 'tokens',
      about: {
        tags,
        operationId: 'tokens',
        summary: 'Tokens of the tenant, in the order of their ids',
        description: 'Those that are good, and the newest of those that ended.',
      },
      query: queryOf(listParams),
      answer: listAnswer(tokenSchema),
      handler: ({ query: { limit = usualLimit }, asker }) => tokens.list(asker.tenantId, limit, asker.gone),
    }),
    defineRoute({
      method: 'POST',
      path,
      permission: 'tokens',
      about: { tags, operationId: 'make-token', summary: 'Make a token; it is told here, once' },
      body: bodyOf(newToken, checkPrincipal),
      answer: dataAnswer(madeTokenSchema, 201),
      faults: [...sendingFaults, 409],
      handler: async ({ body: { role, team_id, agent_id, expires }, asker }) => {
        const created = await tokens.create({
          tenantId: asker.tenantId,
          role,
          teamId: team_id,
          agentId: agent_id,
          expiresAt: expires === undefined ? undefined : stamp() + expires,
        });
        const { tenantId } = asker;
        await changeLog.add(asker.principal, { tenantId, action: 'token.created', details: toDetails(created.record) });
        return { ...created.record, token: created.token };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: `${path}/:id`,
      permission: 'tokens',
      about: { tags, operationId: 'end-token', summary: 'End a token, at once' },
      answer: dataAnswer(tokenSchema),
      handler: ({ path: { id }, asker: { principal, tenantId } }) =>
        endToken(services, principal, tenantId, readTokenId(id)),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/operator/tokens',
      permission: 'operate',
      query: queryOf(listParams),
      answer: listAnswer(tokenSchema),
      handler: ({ query: { limit = usualLimit } }) => tokens.list(everyTenant, limit),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/api/operator/tokens/:id',
      permission: 'operate',
      answer: dataAnswer(tokenSchema),
      handler: ({ path: { id }, asker }) => endToken(services, asker.principal, everyTenant, readTokenId(id)),
    }),
  ];
}

const everyTenant = 0;

/** Ends a token, and writes down who did. */
async function endToken(
  { tokens, changeLog }: TokenServices,
  who: Principal,
  tenantId: number,
  tokenId: number,
): Promise<TokenRecord> {
  const ended = await tokens.revoke(tenantId, tokenId);
  await changeLog.add(who, { tenantId: ended.tenant_id, action: 'token.ended', details: { token_id: tokenId } });
  return ended;
}

function readTokenId(id: string): number {
  if (!/^\d{1,15}$/.test(id)) throw new NotFound(`There is no token ${JSON.stringify(id)}.`);
  return Number(id);
}
