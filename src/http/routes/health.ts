import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type TSchema, Type } from 'typebox';
import { Forbidden, StoreUnavailable } from '../../errors.ts';
import { openGathering } from '../../ingest/gathering.ts';
import { closed, word } from '../../shapes.ts';
import { sql } from '../../sql.ts';
import { answersWith, type ErrorStatus, errorAnswers } from '../answers/answers.ts';
import type { Context } from '../context.ts';
import { bearerOf, isFromHere, isSame } from '../guards/auth.ts';

const aliveSchema = closed({ status: Type.Literal('ok') });
const readySchema = closed({ ...aliveSchema.properties, engine: word(['embedded', 'server']) });

/** Alive, ready, and how it goes: for load balancers and Prometheus. */
export function serveHealth(app: FastifyInstance, context: Context): void {
  const { store, config, room } = context;
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

  registerMonitor(registry, context);

  // Whoever looks whether the server lives must not be told that it is asked too often.
  const uncounted = { permission: null, isCounted: false as const };
  const toHealth = (schema: TSchema, codes: readonly ErrorStatus[]) => ({
    schema: { hide: true, response: answersWith(schema, codes) },
    config: uncounted,
  });
  app.get('/healthz', toHealth(aliveSchema, []), async () => ({ status: 'ok' }));
  // However many ask, one looks.
  const looking = openGathering(async (asked: undefined[]) => {
    await store.query(sql`SELECT 1`, { lane: 'own', timeoutMs: 5000 }).catch((error) => {
      throw new StoreUnavailable(undefined, { cause: error });
    });
    await room.assertFree();
    return asked;
  });
  app.get('/readyz', toHealth(readySchema, [503]), async () => {
    await looking.add(undefined);
    return { status: 'ok', engine: store.engine };
  });
  const metrics = { schema: { hide: true, response: errorAnswers([403, 429]) }, config: { permission: null } };
  app.get('/metrics', metrics, async (request, reply) => {
    const token = bearerOf(request) ?? '';
    if (!isFromHere(request) && !(config.metricsToken && isSame(token, config.metricsToken))) {
      throw new Forbidden('Metrics are shown on this machine, or with METRICS_TOKEN.');
    }
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

/** The minute clock and the deliveries, as they count themselves. */
function registerMonitor(registry: Registry, { monitor, sender }: Context): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `dialtally_monitor_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge(
    'measured_to_seconds',
    'The last minute that this server measured, as Unix time',
    () => monitor.counts.measuredTo / 1000,
  );
  gauge('minutes_total', 'Minutes that this server measured', () => monitor.counts.minutes);
  gauge('minutes_made_up_total', 'Minutes of them that were measured late', () => monitor.counts.minutesMadeUp);
  gauge('breaches_total', 'Minutes over a limit that were written to the ledger', () => monitor.counts.breaches);
  gauge('events_total', 'Alerts that opened or closed', () => monitor.counts.events);
  gauge('failures_total', 'Tries to measure that failed', () => monitor.counts.failures);
  gauge(
    'lagging_tenants',
    'Tenants whose minutes take too long or fail: measured beside the others',
    () => monitor.counts.lagging,
  );
  gauge('clock_steps_total', 'Times that the clock went back', () => monitor.counts.clockSteps);
  new Gauge({
    name: 'dialtally_webhook_attempts_total',
    help: 'Tries to deliver an alert, by how they ended',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      for (const [outcome, tries] of Object.entries(sender.counts)) this.set({ outcome }, tries);
    },
  });
}
