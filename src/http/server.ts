/** Fastify as all routes need it: who may ask and how often, how bodies are read, how answers and errors go out. */
import compress from '@fastify/compress';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import type { Config } from '../config.ts';
import type { WayIn } from '../ingest/way-in.ts';
import type { Room } from '../store/room.ts';
import { refuseBroken, refuseUnheard, replyWithError, replyWithErrors } from './answers/error-reply.ts';
import { limitAnswers, watchAnswers } from './answers/open-answers.ts';
import { spoolLarge } from './answers/rows.ts';
import type { Spools } from './answers/spool.ts';
import { parseQueryString } from './asked/query-string.ts';
import { readBodies } from './bodies/json-body.ts';
import { type AuthServices, authenticate } from './guards/auth.ts';
import { boundConnections, headTimes } from './guards/connections.ts';
import { guardAnswers } from './guards/headers.ts';
import { keepRoom } from './guards/keep-room.ts';
import { openRates } from './guards/rates.ts';
import { readCookies } from './guards/session-cookie.ts';
import { describeRoutes } from './openapi/document.ts';
import type { Metrics } from './prometheus.ts';

/** Opens a server without any route. */
export function openHttp(
  { trustedProxies }: Pick<Config, 'trustedProxies'>,
  logger: NonNullable<FastifyServerOptions['logger']>,
): FastifyInstance {
  const app = fastify({
    logger,
    http: headTimes,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    routerOptions: { querystringParser: parseQueryString, ignoreTrailingSlash: true },
    forceCloseConnections: 'idle',
    clientErrorHandler: refuseBroken,
    frameworkErrors: (error, request, reply) => void replyWithError(error, request, reply),
  });
  // Schemas describe; `engine/params` reads, so that the command line and HTTP say the same.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  replyWithErrors(app);
  refuseUnheard(app.server);
  return app;
}

/** What stands before and behind all routes. */
export interface GuardServices extends Pick<AuthServices, 'tokens' | 'localKey' | 'now'> {
  config: Config;
  spools: Spools;
  room: Room;
  wayIn: Pick<WayIn, 'gate'>;
  metrics: Metrics;
}

/** Puts in place what holds for every route, in the order in which a request meets it. */
export async function guardRoutes(app: FastifyInstance, services: GuardServices): Promise<void> {
  const { config, now, metrics } = services;
  await guardAnswers(app);
  watchAnswers(app, services);
  spoolLarge(app, services);
  await app.register(compress, {
    threshold: 2048,
    encodings: ['gzip', 'deflate', 'identity'],
    // Bodies are unpacked where they are read, within their limits.
    globalDecompression: false,
  });
  await readCookies(app);
  const connections = boundConnections(app.server, config.connectionLimit);
  authenticate(app, { ...services, rates: openRates(config), connections });
  app.addHook('preClose', async () => connections.stop());
  limitAnswers(app, services);
  keepRoom(app, services);
  readBodies(app, { gate: services.wayIn.gate, slowestBytes: config.ingestSlowestBytes });
  await describeRoutes(app, now);
  // The parts of the docs page are not counted.
  app.addHook('onResponse', async (request, reply) => metrics.count(request, reply));
}
