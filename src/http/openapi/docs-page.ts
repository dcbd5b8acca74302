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
      onComplete: signInByLink,
      docExpansion: 'list',
      defaultModelsExpandDepth: -1,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      persistAuthorization: true,
    },
  });
  app.get('/', { schema: { hide: true }, config: { permission: null } }, async (_request, reply) =>
    reply.redirect(docsPath),
  );
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

// The page's own head: our name instead of its maker's, and no field for other people's documents.
const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="150" height="40" viewBox="0 0 150 40">
<g fill="#10b981"><rect x="2" y="22" width="6" height="12" rx="1.5"/><rect x="11" y="14" width="6" height="20" rx="1.5"/><rect x="20" y="6" width="6" height="28" rx="1.5"/></g>
<text x="36" y="29" font-family="system-ui, sans-serif" font-size="24" font-weight="600" fill="#fff">Dialtally</text></svg>`;
const style = '.swagger-ui .topbar .download-url-wrapper { display: none } .swagger-ui .topbar { background: #0f172a }';
