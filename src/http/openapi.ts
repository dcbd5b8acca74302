import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import type { Params } from '../engine/params.ts';
import { paramsOf, type Report } from '../engine/report.ts';
import { toResponseSchema } from '../engine/schema.ts';
import { dateOf, dayMs } from '../engine/time.ts';
import { filterParams } from '../engine/window.ts';
import { version } from '../version.ts';
import { errorAnswers } from './answers/answers.ts';
import { exportParams, formatParams } from './answers/files.ts';
import { toQuerySchema } from './asked.ts';
import { docsPath } from './guards/headers.ts';
import { alertWebhook } from './routes/alert-webhook.ts';

const file = { schema: { type: 'string', format: 'binary' } };
const files = { 'text/csv': file, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': file };

/** What OpenAPI says of a report's own address. */
export function reportSchema(report: Report): FastifySchema {
  return {
    tags: ['Reports'],
    operationId: report.name,
    summary: report.title,
    description: report.about,
    querystring: toQuerySchema({ ...paramsOf(report), ...formatParams }),
    response: {
      ...errorAnswers(),
      200: {
        description: 'The answer',
        content: { 'application/json': { schema: toResponseSchema(report) }, ...files },
      },
    },
  };
}

/** What OpenAPI says of a report as a stream. */
export function streamSchema(report: Report): FastifySchema {
  // A stream is live: it ends now, and has no past.
  const { as_of: _end, history: _past, ...params } = paramsOf(report) as Params;
  return {
    tags: ['Reports'],
    operationId: `${report.name}-stream`,
    summary: `${report.title} as it changes`,
    description:
      'Server-sent events: the same object at once, and whenever a field other than the two ends of its window changes.',
    querystring: toQuerySchema(params),
    response: {
      ...errorAnswers(),
      200: {
        description: 'Events without end; each has the whole answer as its data',
        content: { 'text/event-stream': { schema: toResponseSchema(report) } },
      },
    },
  };
}

/** What OpenAPI says of a report's file. */
export function exportSchema(report: Report): FastifySchema {
  return {
    tags: ['Exports'],
    operationId: `${report.name}-export`,
    summary: `${report.title} as a file`,
    description: `${report.about} Exactly the rows of the JSON.`,
    querystring: toQuerySchema({ ...paramsOf(report), ...exportParams }),
    response: { ...errorAnswers(), 200: { description: 'The file', content: files } },
  };
}

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
        securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Made by "dialtally token create"' } },
      },
      security: [{ token: [] }],
      webhooks: { alert: alertWebhook },
      tags: [
        { name: 'Reports', description: 'Exact to the last call' },
        { name: 'Exports', description: 'The same rows as CSV or Excel' },
        { name: 'Around the reports', description: 'Who am I, and what can I filter by' },
        { name: 'Data in', description: 'Rows in, and what was refused of them' },
        { name: 'Alerts', description: 'Webhooks that are told of them (admin)' },
        { name: 'Tokens', description: 'Who may ask (admin)' },
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
  await app.register(swaggerUi, {
    routePrefix: docsPath,
    staticCSP: true,
    transformStaticCSP: toDocsPolicy,
    theme: { title: 'Dialtally API', css: [{ filename: 'dialtally.css', content: style }] },
    logo: { type: 'image/svg+xml', content: Buffer.from(logo), href: docsPath, target: '_self' },
    uiConfig: {
      onComplete: signInByLink,
      docExpansion: 'list',
      defaultModelsExpandDepth: -1,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      persistAuthorization: true,
    },
  });
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

/** What the docs page may do: run its own scripts, and ask this server. Its parts are laid out with inline styles. */
function toDocsPolicy(policy: string): string {
  const [scripts = "script-src 'self'"] = /script-src [^;]+/.exec(policy) ?? [];
  return `default-src 'none'; ${scripts.trim()}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

declare const ui: { preauthorizeApiKey(scheme: string, token: string): void };
declare function addEventListener(event: 'hashchange', listener: () => void): void;
declare const location: { hash: string; pathname: string };
declare const history: { replaceState(state: null, title: string, url: string): void };

/** Runs in the docs page: a link that ends in `#token=...` signs in, and the token leaves the address bar. */
function signInByLink(): void {
  // The link may be opened in a tab that shows the page already. Added again, it is still called once.
  addEventListener('hashchange', signInByLink);
  // The page has made a link of its own of it by now: `#/token%3D...`.
  const token = /^#\/?token(?:=|%3D)([\w-]+)$/.exec(location.hash)?.[1];
  if (!token) return;
  ui.preauthorizeApiKey('token', token);
  history.replaceState(null, '', location.pathname);
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

// The page's own head: our name instead of its maker's, and no field for other people's documents.
const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="150" height="40" viewBox="0 0 150 40">
<g fill="#10b981"><rect x="2" y="22" width="6" height="12" rx="1.5"/><rect x="11" y="14" width="6" height="20" rx="1.5"/><rect x="20" y="6" width="6" height="28" rx="1.5"/></g>
<text x="36" y="29" font-family="system-ui, sans-serif" font-size="24" font-weight="600" fill="#fff">Dialtally</text></svg>`;
const style = '.swagger-ui .topbar .download-url-wrapper { display: none } .swagger-ui .topbar { background: #0f172a }';
