/** Alive, ready, and how it goes: for load balancers, Prometheus and the command line on this machine. */
import { type TSchema, Type } from 'typebox';
import type { Config } from '../../config.ts';
import { Forbidden, StoreUnavailable } from '../../errors.ts';
import { openGathering } from '../../ingest/gathering.ts';
import { closed, word } from '../../shapes.ts';
import { sql } from '../../sql.ts';
import type { Room } from '../../store/room.ts';
import type { Store } from '../../store/store.ts';
import { asJson, dataAnswer, plainAnswer } from '../answers/answer-kinds.ts';
import { bearerOf, isFromHere, isSame } from '../guards/auth.ts';
import type { Metrics } from '../prometheus.ts';
import { defineRoute, type Route } from '../route.ts';

const aliveSchema = closed({ status: Type.Literal('ok') });
const readySchema = closed({ ...aliveSchema.properties, engine: word(['embedded', 'server']) });

/** What health is read from. */
export interface HealthServices {
  store: Store;
  room: Room;
  metrics: Metrics;
  config: Pick<Config, 'metricsToken'>;
}

/** Whether the server lives, whether it is ready, and its metrics. */
export function healthRoutes({ store, room, metrics, config }: HealthServices): Route[] {
  // Whoever looks whether the server lives must not be told that it is asked too often.
  const uncounted = { method: 'GET', permission: null, isCounted: false } as const;
  const healthAnswer = (schema: TSchema) => plainAnswer(asJson(schema));
  // However many ask, one looks.
  const looking = openGathering(async (asked: undefined[]) => {
    await store.query(sql`SELECT 1`, { lane: 'own', timeoutMs: 5000 }).catch((error) => {
      throw new StoreUnavailable(undefined, { cause: error });
    });
    await room.assertFree();
    return asked;
  });
  return [
    defineRoute({
      ...uncounted,
      path: '/healthz',
      answer: healthAnswer(aliveSchema),
      faults: [],
      handler: () => ({ status: 'ok' }),
    }),
    defineRoute({
      ...uncounted,
      path: '/readyz',
      answer: healthAnswer(readySchema),
      faults: [503],
      handler: async () => {
        await looking.add(undefined);
        return { status: 'ok', engine: store.engine };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/metrics',
      permission: null,
      answer: plainAnswer(),
      faults: [403, 429],
      handler: async ({ request, reply }) => {
        const token = bearerOf(request) ?? '';
        if (!isFromHere(request) && !(config.metricsToken && isSame(token, config.metricsToken))) {
          throw new Forbidden('Metrics are shown on this machine, or with METRICS_TOKEN.');
        }
        return reply.type(metrics.contentType).send(await metrics.read());
      },
    }),
    // It costs no query: whoever asks wants to know whether this server is there, and takes its key.
    defineRoute({
      method: 'GET',
      path: '/api/operator',
      permission: 'operate',
      answer: dataAnswer(aliveSchema),
      handler: () => ({ status: 'ok' }),
    }),
  ];
}
