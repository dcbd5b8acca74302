/** The cookie that holds a browser's session: out of reach of scripts, and of no use to other people's pages. */
import cookies from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../../access/roles.ts';
import type { Tokens } from '../../access/tokens.ts';

/** Reads the cookies of every request. */
export const readCookies = (app: FastifyInstance) => app.register(cookies);

/** The session that a browser shows, good or not. */
export const sessionOf = (request: FastifyRequest): string | undefined => request.cookies[nameFor(request)];

/** Who is signed in at a browser, if anybody is. */
export async function signedIn(
  request: FastifyRequest,
  { tokens, now }: { tokens: Tokens; now: () => number },
): Promise<Principal | undefined> {
  const found = await tokens.findLate(sessionOf(request) ?? '', now());
  return found?.kind === 'session' ? found : undefined;
}

/** Lets a browser keep a session until it ends. */
export function keepSession(reply: FastifyReply, session: string, expiresAt: Date): void {
  reply.setCookie(nameFor(reply.request), session, { ...termsFor(reply.request), expires: expiresAt });
}

/** Makes a browser forget its session. */
export function forgetSession(reply: FastifyReply): void {
  reply.clearCookie(nameFor(reply.request), termsFor(reply.request));
}

/**
 * Browsers keep cookies by host, whatever the port: two servers of one machine would overwrite each other's. The prefix lets none
 * in that another host of the domain has set.
 */
function nameFor(request: FastifyRequest): string {
  const name = request.port ? `dialtally_session_${request.port}` : 'dialtally_session';
  return isOverTls(request) ? `__Host-${name}` : name;
}

const isOverTls = ({ protocol }: FastifyRequest) => protocol === 'https';

const termsFor = (request: FastifyRequest) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: isOverTls(request) }) as const;

const changesNothing = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a page of this server asks, or nobody's: a browser sends cookies along, whoever made it ask. `SameSite` keeps those of
 * other sites out, but pages of another port or subdomain are of the same site.
 */
export function isOwnPage({ method, headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || (site === 'none' && changesNothing.has(method));
  if (headers.origin === undefined) return changesNothing.has(method);
  return URL.canParse(headers.origin) && new URL(headers.origin).host === host;
}
