/** Whose token it is that asks, and whether it may. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { assertMay, type Principal } from '../../access/roles.ts';
import { kindOfToken, type Tokens } from '../../access/tokens.ts';
import { type DialtallyError, Forbidden, InvalidParams, Unauthenticated } from '../../errors.ts';
import { nothingAt } from '../answers/error-reply.ts';
import { hasTooManyParameters } from '../asked/query-string.ts';
import type { Connections } from './connections.ts';
import type { Rates } from './rates.ts';
import { isOwnPage, sessionOf } from './session-cookie.ts';

declare module 'fastify' {
  interface FastifyRequest {
    asking: Principal | undefined;
  }
}

/** The header with which the local key names the tenant it acts for. */
export const tenantHeader = 'dialtally-tenant';

/** What finds out who asks, and counts and bounds it. */
export interface AuthServices {
  tokens: Tokens;
  /** The key of whoever runs the server on this machine. */
  localKey: string;
  now: () => number;
  rates: Rates;
  connections: Connections;
}

/** Finds out who asks before any route runs; a route's `config.permission` says what it takes. */
export function authenticate(app: FastifyInstance, services: AuthServices): void {
  const { rates, connections } = services;
  app.decorateRequest('asking', undefined);
  app.addHook('onRequest', async (request, reply) => {
    const { permission = null, isCounted = true } = request.routeOptions.config;
    const asking = permission === null ? undefined : await toPrincipal(request, services);
    if (asking) {
      request.asking = asking;
      const { tenantId: tenant_id, tokenId: token_id = null, role } = asking;
      request.log = reply.log = request.log.child({ tenant_id, token_id, role });
    }
    if (isCounted) rates.count(request, reply);
    if (hasTooManyParameters(request.url))
      throw new InvalidParams([{ id: 'too_many_params', field: 'query', most: 1000 }]);
    // Nothing is read of what goes nowhere.
    if (request.is404) throw nothingAt(request);
    if (permission === null) return;
    if (!asking) throw toRefusal(request, services);
    connections.admit(request.raw, reply.raw, asking.role === 'operator' ? undefined : asking.tenantId);
    if (permission === 'any') return;
    for (const one of [permission].flat()) assertMay(asking, one);
    // The local key belongs to no tenant: rows and tokens of tenant 0 would be nobody's, or everybody's.
    if (permission !== 'operate') assertTenant(asking.tenantId);
  });
}

/** Throws InvalidParams unless a tenant is named. Gives it. */
export function assertTenant(tenantId: number): number {
  if (tenantId === 0) throw new InvalidParams([{ id: 'no_tenant', field: 'tenant' }]);
  return tenantId;
}

/** The bearer token that a request shows, good or not. */
export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** The token that a request shows, good or not: as its bearer, or else as the session of a browser. */
export const tokenOf = (request: FastifyRequest): string | undefined => bearerOf(request) ?? sessionOf(request);

async function toPrincipal(
  request: FastifyRequest,
  { tokens, now, localKey }: AuthServices,
): Promise<Principal | undefined> {
  const bearer = bearerOf(request);
  if (bearer && isSame(bearer, localKey) && isFromHere(request)) {
    const tenant = Number(request.headers[tenantHeader] ?? 0);
    return { role: 'operator', tenantId: Number.isSafeInteger(tenant) && tenant > 0 ? tenant : 0 };
  }
  const found = await tokens.findLate(tokenOf(request) ?? '', now());
  if (!found || !isCarriedAsMeant(found, request)) return undefined;
  if (found.kind === 'session' && !isOwnPage(request))
    throw new Forbidden('A page of another origin asks with this browser\u2019s session. Only the console may.');
  return found;
}

/** Whether a token comes the way that its kind does: none can be used as another. */
function isCarriedAsMeant({ kind }: Principal, request: FastifyRequest): boolean {
  const isBearer = bearerOf(request) !== undefined;
  if (kind === 'link') return isBearer && request.routeOptions.config.signsIn === true;
  return isBearer === (kind !== 'session');
}

function toRefusal(request: FastifyRequest, { tokens, rates }: AuthServices): DialtallyError {
  const [bearer, session] = [bearerOf(request), sessionOf(request)];
  if (!bearer) return session ? new Unauthenticated('The session has ended. Sign in again.') : new Unauthenticated();
  // Whoever shows a token that has just ended is not guessing, nor are the browsers of an office whose sessions ended together.
  if (!tokens.isKnown(bearer)) rates.countGuess(request, bearer);
  return new Unauthenticated(
    kindOfToken(bearer) === 'link'
      ? 'A sign-in link is good once, for ten minutes, and to sign in alone. Make another one with "dialtally sign-in", or ask an admin for it.'
      : 'The token is unknown, expired or revoked.',
  );
}

const forwardedHeader = /^(forwarded|via|x-forwarded(-.+)?|x-real-ip|x-client-ip|x-original-.+|true-client-ip|cf-.+)$/;

/** Whether this machine asks for itself: a proxy on it asks for others, and says so in a header, if only an empty one. */
export function isFromHere({ headers, raw: { socket } }: FastifyRequest): boolean {
  const { remoteAddress = '', localAddress } = socket;
  const isOwn = /^(127\.|::1$|::ffff:127\.)/.test(remoteAddress) || remoteAddress === localAddress;
  return isOwn && !Object.keys(headers).some((name) => forwardedHeader.test(name));
}

/** Compares in a time that does not depend on where two texts differ. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
