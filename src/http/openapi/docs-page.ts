/** The page to read and try the API at, and the way to it. */
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { docsPath } from '../guards/headers.ts';

/** Serves the page, which shows the document. */
export async function serveDocsPage(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: docsPath,
    staticCSP: true,
    transformStaticCSP: toDocsPolicy,
    theme: { title: 'Dialtally API', css: [{ filename: 'dialtally.css', content: style }] },
    logo: { type: 'image/svg+xml', content: Buffer.from(logo), href: docsPath, target: '_self' },
    uiConfig: {
      docExpansion: 'list',
      defaultModelsExpandDepth: -1,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      persistAuthorization: true,
    },
  });
}

/** What the docs page may do: run its own scripts, and ask this server. Its parts are laid out with inline styles. */
function toDocsPolicy(policy: string): string {
  const [scripts = "script-src 'self'"] = /script-src [^;]+/.exec(policy) ?? [];
  return `default-src 'none'; ${scripts.trim()}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

// The page's own head: our name instead of its maker's, and no field for other people's documents.
const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="150" height="40" viewBox="0 0 150 40">
<g fill="#10b981"><rect x="2" y="22" width="6" height="12" rx="1.5"/><rect x="11" y="14" width="6" height="20" rx="1.5"/><rect x="20" y="6" width="6" height="28" rx="1.5"/></g>
<text x="36" y="29" font-family="system-ui, sans-serif" font-size="24" font-weight="600" fill="#fff">Dialtally</text></svg>`;
const style = '.swagger-ui .topbar .download-url-wrapper { display: none } .swagger-ui .topbar { background: #0f172a }';
