import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { Forbidden, StoreUnavailable } from '../errors.ts';
import { sql } from '../sql.ts';
import { isSame } from './auth.ts';
import type { Context } from './context.ts';

/** Alive, ready, and how it goes: for load balancers and Prometheus. */
export function serveHealth(app: FastifyInstance, { store, config }: Context): void {
  const open = { schema: { hide: true }, config: { permission: null } };
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'dialtally_http_request_duration_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });

  app.get('/healthz', open, async () => ({ status: 'ok' }));
  app.get('/readyz', open, async () => {
    await store.query(sql`SELECT 1`, { timeoutMs: 5000 }).catch((error) => {
      throw new StoreUnavailable(undefined, { cause: error });
    });
    return { status: 'ok', engine: store.engine };
  });
  app.get('/metrics', open, async (request, reply) => {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const isLocal =
      /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '') && !request.headers['x-forwarded-for'];
    if (!isLocal && !(config.metricsToken && isSame(token, config.metricsToken))) {
      throw new Forbidden('Metrics are shown on this machine, or with METRICS_TOKEN.');
    }
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
