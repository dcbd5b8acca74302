import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, openTestStore, type Site } from './app.ts';

let opened: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let port: number;

beforeAll(async () => {
  opened = await openTestStore();
  site = await openSite(opened.store, opened.directory);
  port = Number(new URL(await site.app.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterAll(async () => {
  await site.app.close();
  await opened.close();
});

/** Sends bytes on a bare socket. Gives all that comes back. */
function send(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

test.each([
  ['no HTTP at all', 'GARBAGE\r\n\r\n', 400],
  ['a head that is too long', `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['an expectation of another kind', 'GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: something\r\n\r\n', 417],
  ['a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n', 405],
])('%s is answered in the shape of every error', async (_what, bytes, status) => {
  const answer = await send(bytes);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toEqual({ message: expect.any(String), code: 'BAD_REQUEST' });
});

test.each([
  ['nothing', ''],
  ['half of a head', 'GET /healthz HTTP/1.1\r\nHost'],
])(
  'a server that stops does not wait for a client that has sent %s',
  async (_what, bytes) => {
    const other = await openSite(opened.store, opened.directory);
    const url = await other.app.listen({ host: '127.0.0.1', port: 0 });
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    const hungUp = new Promise((resolve) =>
      socket
        .resume()
        .on('error', () => {})
        .once('close', resolve),
    );
    // It is known to the server when a later one is answered.
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const stopped = other.app.close();
    await hungUp;
    await stopped;
  },
  30_000,
);
