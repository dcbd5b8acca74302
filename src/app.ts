/** Wires a server: its services, what guards them, its routes. */
import type { FastifyBaseLogger, FastifyInstance, FastifyServerOptions } from 'fastify';
import type { Tokens } from './access/tokens.ts';
import { routesOf } from './app/routes.ts';
import { openServices, type ServicesOptions } from './app/services.ts';
import { genericLayouts } from './export/generic-layout.ts';
import { openEventStreams } from './http/answers/event-streams.ts';
import { openAskers } from './http/asker.ts';
import { serveConsole } from './http/console.ts';
import { docsPath } from './http/guards/headers.ts';
import { openChanges } from './http/routes/changes.ts';
import { openLiveRate } from './http/routes/stream.ts';
import { serveRoutes } from './http/serve-routes.ts';
import { guardRoutes, openHttp } from './http/server.ts';

/** What an application is made of. */
export interface AppOptions extends Pick<ServicesOptions, 'config' | 'store' | 'localKey'> {
  /** How files are laid out; the generic layouts unless customers have their own. */
  layouts?: ServicesOptions['layouts'];
  now?: () => number;
  logger?: FastifyServerOptions['logger'];
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Starts the minute clock and the sending of alerts; they end with the application. */
    startMonitor(): void;
  }
}

/** Everything wired, nothing listening. The store's tables are there already. */
export async function buildApp({
  config,
  store,
  localKey,
  layouts = genericLayouts,
  now = Date.now,
  logger = false,
}: AppOptions): Promise<FastifyInstance> {
  const app = openHttp(config, logger);
  const services = await openServices({ config, store, localKey, layouts, now, log: app.log });
  await guardRoutes(app, services);
  const streams = openEventStreams(config);
  const endless = [openLiveRate({ ...services, streams }), openChanges({ ...services, streams })];
  const routes = routesOf(
    services,
    endless.map(({ route }) => route),
  );
  await serveRoutes(app, routes, { now, askerOf: openAskers(services) });

  await serveConsole(app, { ...services, elsewhere: docsPath });

  // Other servers on the same store make and end tokens too; alone, there are revocations that could not be written yet.
  const stopLooking = lookForTokens(services.tokens, app.log, store.engine === 'server' ? 500 : 2000);
  app.decorate('startMonitor', () => {
    services.monitor.start();
    services.sender.start();
  });
  app.addHook('preClose', async () => {
    streams.close();
    for (const each of endless) each.close();
  });
  app.addHook('onClose', async () => {
    stopLooking();
    await Promise.all([services.exportLog.settled(), services.close()]);
  });
  await app.ready();
  return app;
}

function lookForTokens(tokens: Tokens, log: FastifyBaseLogger, everyMs: number): () => void {
  let isLooking = false;
  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    await tokens.refresh().catch((error: unknown) => log.warn({ err: error }, 'tokens were not refreshed'));
    isLooking = false;
  }, everyMs).unref();
  return () => clearInterval(timer);
}
