/** The headers that guard answers from caches and browsers, with the docs page as the one exception. */
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** What every answer says that is not the docs page: it is data, for nobody's cache and no browser to run. */
export const plainHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/**
 * What answers say that left over TLS. Over plain HTTP browsers ignore it, two of them with a warning, and the first would lock out
 * whoever later has no TLS there.
 */
const secureHeaders = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'cross-origin-opener-policy': 'same-origin',
  'origin-agent-cluster': '?1',
};

/** Where the docs page lives: it may be kept, and has a policy of its own. */
export const docsPath = '/api/docs';

/** Gives every answer the headers that keep browsers from doing more with it than is meant. */
export async function guardAnswers(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: false,
    hsts: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!request.routeOptions.url?.startsWith(docsPath)) reply.headers(plainHeaders);
    if (request.protocol === 'https') reply.headers(secureHeaders);
  });
}
