import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { assertMay, type Principal } from '../access/roles.ts';
import { InvalidParams, Unauthenticated } from '../errors.ts';
import type { Context } from './context.ts';

/** The header with which the local key names the tenant it acts for. */
export const tenantHeader = 'dialtally-tenant';

/** Finds out who asks before any route runs; a route's `config.permission` says what it takes. */
export function authenticate(app: FastifyInstance, context: Context): void {
  app.decorateRequest('asking', undefined);
  app.addHook('onRequest', async (request) => {
    const { permission = null } = request.routeOptions.config;
    if (permission === null) return;
    request.asking = toPrincipal(request, context);
    if (permission === 'any') return;
    assertMay(request.asking, permission);
    // The local key belongs to no tenant: rows and tokens of tenant 0 would be nobody's, or everybody's.
    if (permission !== 'operate') assertTenant(request.asking.tenantId);
  });
}

/** Throws InvalidParams unless a tenant is named. Gives it. */
export function assertTenant(tenantId: number): number {
  if (tenantId === 0) throw new InvalidParams({ tenant: ['Name the tenant: --tenant N, a whole number from 1.'] });
  return tenantId;
}

/** The bearer token that a request shows, good or not. */
export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

function toPrincipal(request: FastifyRequest, { tokens, now, localKey }: Context): Principal {
  const token = bearerOf(request);
  if (!token) throw new Unauthenticated();
  if (isSame(token, localKey)) {
    const tenant = Number(request.headers[tenantHeader] ?? 0);
    return { role: 'operator', tenantId: Number.isSafeInteger(tenant) && tenant > 0 ? tenant : 0 };
  }
  const principal = tokens.find(token, now());
  if (!principal) throw new Unauthenticated('The token is unknown, expired or revoked.');
  return principal;
}

/** Compares in a time that does not depend on where two texts differ. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
