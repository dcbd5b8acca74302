/** The document that says what every route takes and answers. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { dateOf, dayMs } from '../../engine/time.ts';
import { filterParams } from '../../engine/window.ts';
import { version } from '../../version.ts';
import { docsPath } from '../guards/headers.ts';
import { alertWebhook } from './alert-webhook.ts';
import { serveDocsPage } from './docs-page.ts';

/** Collects the routes' schemas into `/api/openapi.json`, with a page to read and try it at `/api/docs`. */
export async function describeRoutes(app: FastifyInstance, now: () => number): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Dialtally',
        version,
        description:
          'Telesales reporting: call attempts and leads go in, exact reports come out. Instants are ISO 8601 in UTC.',
        license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
      },
      // Relative: whoever reads the document knows where it came from.
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'Made by "dialtally token create"' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'dialtally_session',
            description: 'Of a browser that signed in',
          },
        },
      },
      security: [{ token: [] }, { session: [] }],
      webhooks: { alert: alertWebhook },
      tags: [
        { name: 'Reports', description: 'Exact to the last call' },
        { name: 'Behind the figures', description: 'The calls or leads that a figure counts' },
        { name: 'Exports', description: 'The same rows as files' },
        { name: 'Around the reports', description: 'Who am I, and what can I filter by' },
        { name: 'Data in', description: 'Rows in, and what was refused of them' },
        { name: 'Alerts', description: 'Webhooks that are told of them (admin)' },
        { name: 'Tokens', description: 'Who may ask (admin)' },
        { name: 'Sessions', description: 'Browsers that are signed in' },
        { name: 'Settings', description: 'What the tenant judges by (admin)' },
      ],
    },
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject;
      return forPeople(document.openapiObject as unknown as Record<string, unknown>, now());
    },
  });
  const sendDocument = openDocument(app);
  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.url === `${docsPath}/json`) return sendDocument(request, reply);
  });
  await serveDocsPage(app);
  app.get('/api/openapi.json', { schema: { hide: true }, config: { permission: null } }, async (request, reply) =>
    sendDocument(request, reply),
  );
}

/** Answers with the API document, which is made and packed once: anybody may ask for it. */
function openDocument(app: FastifyInstance) {
  let made: { plain: Buffer; packed: Buffer; tag: string } | undefined;
  return (request: FastifyRequest, reply: FastifyReply) => {
    if (!made) {
      const plain = Buffer.from(JSON.stringify(app.swagger()));
      made = { plain, packed: gzipSync(plain), tag: `"${createHash('sha256').update(plain).digest('base64url')}"` };
    }
    const isPacked = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    reply.headers({ etag: made.tag, vary: 'accept-encoding' }).type('application/json; charset=utf-8');
    if (request.headers['if-none-match'] === made.tag) return reply.code(304).send();
    if (isPacked) reply.header('content-encoding', 'gzip');
    return reply.send(isPacked ? made.packed : made.plain);
  };
}

interface Parameter {
  name: string;
  example?: unknown;
}

/** Parameters as people try them: a window of the last 30 days is the example, so that the first try shows something. */
function forPeople(document: Record<string, unknown>, now: number): Record<string, unknown> {
  // Days of the zone that is the example beside them: today's calls are in the window there, whatever the hour.
  const day = (offset: number) =>
    dateOf(now + offset * dayMs, String(filterParams.timezone.example ?? 'UTC')).toString();
  const examples: Record<string, string> = { date_from: day(-29), date_to: day(0) };
  const paths = document.paths as Record<string, Record<string, { parameters?: Parameter[] }>>;
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  for (const parameter of operations.flatMap((operation) => operation.parameters ?? [])) {
    const example = examples[parameter.name];
    if (example) parameter.example = example;
  }
  return document;
}
