import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSite, openTestStore, type Site } from './app.ts';
import { linkFor, signIn } from './browser.ts';

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let cookie: string;
let page: string;
/** The files that the page begins with. */
let assets: string[];

const host = 'localhost';
const open = (url: string, headers: Record<string, string> = {}) =>
  site.app.inject({ url, headers: { host, ...headers } });

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory);
  cookie = await signIn(site, await linkFor(site, { role: 'admin' }), { host });
  page = (await open('/sign-in')).body;
  assets = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
});
afterAll(async () => {
  await site.app.close();
  await held.close();
});

const pages = ['/', '/start', '/wall', '/reports/funnel', '/reports/any?range=7d&campaign=3'];

describe('a page', () => {
  test.each([...pages, '/sign-in', '/start/'])('%s: the console, for who is signed in', async (url) => {
    const answer = await open(url, { cookie });
    expect([answer.statusCode, answer.body]).toEqual([200, page]);
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringMatching(/^text\/html/),
      'cache-control': 'no-cache',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      vary: expect.stringMatching(/accept-encoding/i),
    });
  });

  test('has what it asks first asked with it, but where nobody is signed in', async () => {
    const linked = await Promise.all(['/', '/reports/funnel', '/sign-in'].map((url) => open(url, { cookie })));
    const first = '</api/telesales/start>; rel=preload; as=fetch; crossorigin';
    expect(linked.map(({ headers }) => headers.link)).toEqual([first, first, undefined]);
  });

  test('has no script but files of its own, and asks nothing from elsewhere', () => {
    const scripts = [...page.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, attributes, content] of scripts)
      expect([attributes, content]).toEqual([expect.stringContaining(' src="/assets/'), '']);
    // The icon stands in the page, and names the language that it is drawn in.
    expect(page.replace("xmlns='http://www.w3.org/2000/svg'", '')).not.toMatch(/https?:\/\/|\son\w+=|javascript:/);
  });

  test.each(pages)('%s: leads who is not signed in to where one can, and back', async (url) => {
    const to = url === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(url)}`;
    for (const headers of [{}, { cookie: 'dialtally_session=ds_nonsense' }]) {
      const answer = await open(url, headers);
      expect([answer.statusCode, answer.headers.location, answer.headers['cache-control']]).toEqual([
        302,
        to,
        'no-store',
      ]);
      expect(answer.body).toBe('');
    }
  });

  test.each([
    '//evil.example/',
    '/\\evil.example',
    '/reports/..%2f..%2f%2fevil.example',
    '/reports/x?to=//evil.example',
    '/%0d%0aset-cookie:x=1',
    '/reports/%0d%0aset-cookie:x=1',
  ])('%s: nobody is ever led to another server', async (url) => {
    const { statusCode, headers } = await open(url);
    expect([302, 404]).toContain(statusCode);
    expect(headers).not.toHaveProperty('set-cookie');
    if (statusCode !== 302) return;
    expect(headers.location).toMatch(/^\/sign-in(\?to=%2F[\w%.-]*)?$/);
  });

  test('a session that has ended, or another kind of token as its cookie, opens nothing', async () => {
    const gone = await signIn(site, await linkFor(site, { role: 'admin' }), { host });
    const signedOut = { cookie: gone, host, 'sec-fetch-site': 'same-origin' };
    await site.app.inject({ method: 'DELETE', url: '/api/telesales/session', headers: signedOut });
    const token = await site.token('admin');
    for (const shown of [gone, `dialtally_session=${token}`])
      expect((await open('/', { cookie: shown })).statusCode).toBe(302);
    expect((await open('/', { authorization: `Bearer ${token}` })).statusCode).toBe(302);
  });

  test('is asked for with GET and HEAD, and nothing else', async () => {
    for (const url of ['/', '/sign-in', '/reports/funnel', assets[0] ?? '']) {
      const head = await site.app.inject({ method: 'HEAD', url, headers: { host, cookie } });
      expect([head.statusCode, head.body, Number(head.headers['content-length']) > 0]).toEqual([200, '', true]);
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
        const answer = await site.app.inject({ method, url, headers: { host, cookie } });
        expect([answer.statusCode, answer.json().code], `${method} ${url}`).toEqual([404, 'NOT_FOUND']);
      }
    }
  });

  test('that did not change is not sent again', async () => {
    const { etag = '' } = (await open('/sign-in')).headers;
    const again = await open('/sign-in', { 'if-none-match': String(etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    // Not to who is signed out, though.
    expect((await open('/', { 'if-none-match': String(etag) })).statusCode).toBe(302);
  });
});

describe('a file of the page', () => {
  test('may be kept for ever: its name tells what is in it', async () => {
    expect(assets.length).toBeGreaterThan(1);
    for (const url of assets) {
      const { statusCode, headers } = await open(url);
      expect(statusCode, url).toBe(200);
      expect(url).toMatch(/-[\w-]{8}\.\w+$/);
      expect(headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': expect.stringMatching(/^((text|application)\/(javascript|css)|image\/svg\+xml)/),
        'content-security-policy': expect.stringMatching(/^default-src 'none'/),
        'x-content-type-options': 'nosniff',
        vary: expect.stringMatching(/accept-encoding/i),
      });
    }
  });

  test('comes as small as the browser can read it', async () => {
    const script = assets.find((path) => path.endsWith('.js')) ?? '';
    const plain = (await open(script)).rawPayload;
    const [br, gzip, most] = [
      await open(script, { 'accept-encoding': 'gzip, deflate, br' }),
      await open(script, { 'accept-encoding': 'gzip' }),
      await open(script, { 'accept-encoding': 'identity' }),
    ];
    expect([br, gzip, most].map(({ headers }) => headers['content-encoding'])).toEqual(['br', 'gzip', undefined]);
    expect(brotliDecompressSync(br.rawPayload).equals(plain)).toBe(true);
    expect(gunzipSync(gzip.rawPayload).equals(plain)).toBe(true);
    expect(br.rawPayload.length).toBeLessThan(plain.length / 2);
    for (const answer of [br, gzip]) expect(answer.headers['content-type']).toMatch(/^(text|application)\/javascript/);
    const packed = await open('/sign-in', { 'accept-encoding': 'br' });
    expect([packed.headers['cache-control'], brotliDecompressSync(packed.rawPayload).toString()]).toEqual([
      'no-cache',
      page,
    ]);
  });

  test.each(['nothing.js', 'nothing', '', '.', 'sub/file.js', '%00', '%zz.js', 'index.html', 'a'.repeat(5000)])(
    'that is not there is a 404 that nobody keeps: /assets/%s',
    async (name) => {
      const answer = await open(`/assets/${name}`);
      expect([answer.statusCode >= 400 && answer.statusCode < 500, answer.headers['cache-control']]).toEqual([
        true,
        'no-store',
      ]);
      expect(answer.json()).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    },
  );

  const ways = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '..\\', '%252e%252e%252f', '....//', '/'];
  test.each(ways)('no way leads out of their folder: %s', async (way) => {
    const url = await site.app
      .listen({ host: '127.0.0.1', port: 0 })
      .catch(() => `http://127.0.0.1:${(site.app.server.address() as { port: number }).port}`);
    for (const file of ['package.json', 'index.html', 'src/cli/main.js', 'etc/passwd']) {
      for (let depth = 1; depth <= 8; depth++) {
        const path = `/assets/${way.repeat(depth)}${file}`;
        const answer = await askPlainly(Number(new URL(url).port), path);
        expect(answer, path).toMatch(/^HTTP\/1\.1 4\d\d /);
      }
    }
  });
});

/** Asks for a path as it is: clients clean it before they ask. */
async function askPlainly(port: number, path: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

test.each([
  '/nothing',
  '/api',
  '/api/nothing',
  '/reports',
  '/reports/a/b',
  '/index.html',
  '/icon.svg',
  '/web/index.html',
])('%s is neither a page nor a file', async (url) => {
  const answer = await open(url, { cookie });
  expect([answer.statusCode, answer.json().code]).toEqual([404, 'NOT_FOUND']);
  expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'/);
});
