/** The console: its page at the addresses that it knows, and the files that the page is made of. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { Tokens } from '../access/tokens.ts';
import { errorAnswers } from './answers/answers.ts';
import { nothingAt } from './answers/error-reply.ts';
import { signedIn } from './guards/session-cookie.ts';

/** Where a page of the console may be: the page itself reads the rest of its address. */
const consolePaths = ['/', '/sign-in', '/start', '/wall', '/reports/:report'] as const;

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
const terms = {
  schema: { hide: true, response: errorAnswers([404, 429, 503]) },
  config: { permission: null },
} as const;
// A page is made of dozens: they cost what reading them costs.
const uncounted = { ...terms, config: { ...terms.config, isCounted: false } } as const;

/** What the console is served with. */
export interface ConsoleServices {
  tokens: Tokens;
  now: () => number;
  /** Where the way leads when no console was built. */
  elsewhere: string;
}

/** Serves the console as it was built beside the program. Who is not signed in is led to the page where one can. */
export async function serveConsole(app: FastifyInstance, { elsewhere, ...services }: ConsoleServices): Promise<void> {
  if (!existsSync(`${built}index.html`)) {
    app.get('/', terms, async (_request, reply) => reply.redirect(elsewhere));
    return;
  }
  await app.register(files, {
    root: built,
    serve: false,
    preCompressed: true,
    cacheControl: false,
    acceptRanges: false,
    index: false,
    // Of a file that is there, alone: that there is none is for nobody to keep.
    setHeaders: (reply, path) => void reply.headers(/\/index\.html(\.\w+)?$/.test(path) ? pageHeaders : fileHeaders),
  });
  for (const path of consolePaths) {
    app.get(path, terms, async (request, reply) => {
      if (path === signInPath) return reply.sendFile('index.html');
      if (!(await signedIn(request, services))) return reply.redirect(toSignIn(request.url));
      return reply.header('link', askedFirst).sendFile('index.html');
    });
  }
  app.get<{ Params: { '*': string } }>('/assets/*', uncounted, async (request, reply) => {
    const name = request.params['*'];
    // All lie in one folder, under names of the build's making.
    if (!/^[\w-]+(\.[\w-]+)+$/.test(name)) throw nothingAt(request);
    return reply.sendFile(`assets/${name}`);
  });
}

const pageHeaders = { 'content-security-policy': policy, 'cache-control': 'no-cache', vary: 'accept-encoding, cookie' };
// Their names tell what is in them.
const fileHeaders = { 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' };

// What every page asks first is on its way while the page's own code comes.
const askedFirst = '</api/telesales/start>; rel=preload; as=fetch; crossorigin';

const signInPath = '/sign-in';

/** Where to sign in, and then go on: an address of this server, since nothing but its path and question is told. */
const toSignIn = (url: string) => (url === '/' ? signInPath : `${signInPath}?to=${encodeURIComponent(url)}`);
