import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readText } from './body.ts';
import type { Context } from './context.ts';

const mostBytes = 1024 ** 2;

/** Reads the bodies of all routes that take no rows: JSON, within the limits of every body. */
export function readBodies(app: FastifyInstance, { config, intake }: Context): void {
  const toJson = app.getDefaultJsonParser('error', 'error');
  const read = async (request: FastifyRequest) => {
    const entry = intake.gate.enter(request.asking?.tenantId ?? 0);
    try {
      return await readText(request.raw, { limitBytes: mostBytes, slowestBytes: config.ingestSlowestBytes, entry });
    } finally {
      entry.leave();
    }
  };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('text/plain', read);
  app.addContentTypeParser('application/json', (request, _payload, done) => {
    read(request).then((text) => toJson(request, text, done), done);
  });
}
