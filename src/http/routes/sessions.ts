/** Signing in: a token or a one-time link becomes the session of a browser, which ends when it signs out, or with its token. */
import { Type } from 'typebox';
import type { ChangeLog } from '../../access/change-log.ts';
import type { Principal, Role } from '../../access/roles.ts';
import { type Tokens, toDetails, tokenSchema } from '../../access/tokens.ts';
import { Forbidden, Unauthenticated } from '../../errors.ts';
import { closed } from '../../shapes.ts';
import type { Store } from '../../store/store.ts';
import { dataAnswer } from '../answers/answer-kinds.ts';
import { meSchema, toMe } from '../answers/me.ts';
import { bodyOf } from '../asked/input.ts';
import { checkPrincipal, newPrincipal } from '../asked/new-principal.ts';
import { forgetSession, keepSession, signedIn } from '../guards/session-cookie.ts';
import { defineRoute, type Route } from '../route.ts';

const tags = ['Sessions'];
const sessionPath = '/api/telesales/session';
/** How long a browser stays signed in: a wall screen for a month. */
const sessionMs = 30 * 86_400_000;
/** How long a link may be used. */
const linkMs = 10 * 60_000;

/** What sessions are made and ended with. */
export interface SessionServices {
  store: Store;
  tokens: Tokens;
  changeLog: ChangeLog;
  stamp: () => number;
  now: () => number;
}

const linkSchema = closed({
  ...tokenSchema.properties,
  path: Type.String({ description: 'Where it leads on this server: opened in a browser, it signs in' }),
});

/** Sign in, sign out, and make links that sign somebody in. */
export function sessionRoutes({ store, tokens, changeLog, stamp, now }: SessionServices): Route[] {
  async function endSession(session: Principal): Promise<void> {
    const { tenantId, tokenId = 0 } = session;
    await tokens.revoke(tenantId, tokenId);
    await changeLog.add(session, { tenantId, action: 'session.ended', details: { token_id: tokenId } });
  }

  return [
    defineRoute({
      method: 'GET',
      path: sessionPath,
      permission: null,
      about: {
        tags,
        operationId: 'session',
        summary: 'Whether this browser is signed in',
        description: 'An answer to everybody, so that a page can find out without an error.',
      },
      answer: dataAnswer(closed({ is_signed_in: Type.Boolean() })),
      faults: [429, 503],
      handler: async ({ request }) => ({ is_signed_in: (await signedIn(request, { tokens, now })) !== undefined }),
    }),
    defineRoute({
      method: 'POST',
      path: sessionPath,
      permission: 'any',
      signsIn: true,
      about: {
        tags,
        operationId: 'sign-in',
        summary: 'Sign a browser in',
        description:
          'With a token, or with what a sign-in link ends in, as bearer. The session comes as a cookie, for 30 days, in place of the one that the browser may have.',
      },
      answer: dataAnswer(meSchema, 201),
      handler: async ({ asker: { principal, tenantId }, request, reply }) => {
        const { role, teamId, agentId, tokenId, kind } = principal;
        if (tokenId === undefined)
          throw new Forbidden('The local key signs no browser in: make a link with "dialtally sign-in".');
        if (kind === 'session')
          throw new Forbidden('A session signs nobody in. Send a token, or what a sign-in link ends in, as bearer.');
        const before = await signedIn(request, { tokens, now });
        if (kind === 'link' && !(await tokens.spend(tokenId)))
          throw new Unauthenticated('The link was used already. Ask for another one.');
        const expiresAt = stamp() + sessionMs;
        const { token, record } = await tokens.create({
          tenantId,
          role: role as Role,
          teamId,
          agentId,
          kind: 'session',
          ofTokenId: kind === 'link' ? undefined : tokenId,
          expiresAt,
        });
        const { token_id } = record;
        await changeLog.add(principal, { tenantId, action: 'session.begun', details: { token_id, by: kind } });
        keepSession(reply, token, new Date(expiresAt));
        if (before) await endSession(before);
        return toMe(store, principal);
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: sessionPath,
      permission: 'any',
      about: { tags, operationId: 'sign-out', summary: 'Sign this browser out: its session ends, at once' },
      answer: dataAnswer(closed({ has_ended: Type.Literal(true) })),
      handler: async ({ asker: { principal }, reply }) => {
        if (principal.kind !== 'session')
          throw new Forbidden('This token is no session: an admin ends it with "dialtally token revoke".');
        await endSession(principal);
        forgetSession(reply);
        return { has_ended: true };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/telesales/sign-in-links',
      permission: 'tokens',
      about: {
        tags,
        operationId: 'make-sign-in-link',
        summary: 'Make a link that signs a browser in, once, within ten minutes',
      },
      body: bodyOf(newPrincipal, checkPrincipal),
      answer: dataAnswer(linkSchema, 201),

      handler: async ({ body: { role, team_id, agent_id }, asker: { principal, tenantId } }) => {
        const made = await tokens.create({
          tenantId,
          role,
          teamId: team_id,
          agentId: agent_id,
          kind: 'link',
          expiresAt: stamp() + linkMs,
        });
        await changeLog.add(principal, { tenantId, action: 'link.made', details: toDetails(made.record) });
        // Behind the #, it is sent to no server and stands in no log.
        return { ...made.record, path: `/sign-in#${made.token}` };
      },
    }),
  ];
}
