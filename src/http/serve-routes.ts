/** The one place that tells Fastify of routes. */
import type { FastifyInstance } from 'fastify';
import type { Route, RouteServices } from './route.ts';

/** Serves routes, in their order. */
export async function serveRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  services: RouteServices,
): Promise<void> {
  for (const route of routes) {
    if (!route.coming) serve(app, route, services);
    else {
      await app.register(async (scoped) => {
        scoped.removeAllContentTypeParsers();
        scoped.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
        serve(scoped, route, services);
      });
    }
  }
}

function serve(
  app: FastifyInstance,
  { method, path, terms, schema, coming, respond }: Route,
  services: RouteServices,
): void {
  app.route({
    method,
    url: path,
    schema,
    config: terms,
    ...(coming?.limitBytes !== undefined && { bodyLimit: coming.limitBytes }),
    // Nobody waits for the end of a HEAD's empty stream.
    ...(terms.isEndless && { exposeHeadRoute: false }),
    handler: (request, reply) => respond(request, reply, services),
  });
}
