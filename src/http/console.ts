/** The console: its page at the addresses that it knows, and the files that the page is made of. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where a page of the console may be: the page itself reads the rest of its address. */
export const consolePaths = ['/', '/sign-in', '/start', '/wall', '/reports/:report'] as const;

/** What a page of the console may do: run its own scripts, and ask this server. Its parts are laid out with inline styles. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const built = fileURLToPath(new URL('../web/', import.meta.url));
const uncounted = { schema: { hide: true }, config: { permission: null, isCounted: false } } as const;

/** Serves the console as it was built beside the program; where it was not, the way leads to the API's page. */
export async function serveConsole(app: FastifyInstance, elsewhere: string): Promise<void> {
  if (!existsSync(`${built}index.html`)) {
    app.get('/', uncounted, async (_request, reply) => reply.redirect(elsewhere));
    return;
  }
  await app.register(files, { root: built, serve: false, preCompressed: true, cacheControl: false, index: false });
  for (const path of consolePaths) {
    app.get(path, uncounted, async (_request, reply) =>
      reply.headers({ 'content-security-policy': policy, 'cache-control': 'no-cache' }).sendFile('index.html'),
    );
  }
  // Their names tell what is in them.
  app.get('/assets/*', uncounted, async (request, reply) =>
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .sendFile(`assets/${(request.params as { '*': string })['*']}`),
  );
}
