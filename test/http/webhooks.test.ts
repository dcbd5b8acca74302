import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReceiver } from '../webhooks/receiver.ts';
import { openSite, openTestStore, type Site } from './app.ts';

const path = '/api/telesales/webhooks';
let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let admin: string;
let stranger: string;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { env: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.1' } });
  [admin, stranger] = [await site.token('admin'), await site.token('admin', { tenant: 2 })];
});
afterAll(async () => {
  await site.app.close();
  await held.close();
});

const send = (method: 'POST' | 'DELETE' | 'GET', url: string, token: string, payload?: object) =>
  site.app.inject({ method, url, headers: { authorization: `Bearer ${token}` }, ...(payload && { payload }) });

test('an admin makes a webhook, tries it, sees what became of it, and ends it', async () => {
  const receiver = await openReceiver();
  const made = await send('POST', path, admin, { url: `${receiver.url}/alerts`, events: ['abandon.breached'] });
  expect(made.statusCode).toBe(201);
  const { secret, ...webhook } = made.json().data;
  expect(secret).toMatch(/^whsec_[\w-]{43}$/);
  expect(webhook).toMatchObject({ webhook_id: 1, events: ['abandon.breached'], gone_at: null });
  expect((await send('GET', path, admin)).json()).toEqual({ data: [webhook] });
  site.app.startMonitor();
  const tested = await send('POST', `${path}/1/test`, admin);
  expect(tested.statusCode).toBe(200);
  const deliveries = async () => (await send('GET', `${path}/1/deliveries`, admin)).json().data;
  while ((await deliveries())[0]?.state !== 'delivered') await new Promise((resolve) => setTimeout(resolve, 50));
  expect(receiver.received.map(({ event, path: where }) => [event, where])).toEqual([['webhook.test', '/alerts']]);
  expect(tested.json().data).toEqual({ event_id: receiver.received[0]?.eventId });
  // One that is gone is sent no test.
  receiver.behave((response) => response.writeHead(410).end());
  await send('POST', `${path}/1/test`, admin);
  while ((await deliveries())[0]?.state !== 'gone') await new Promise((resolve) => setTimeout(resolve, 50));
  const gone = await send('POST', `${path}/1/test`, admin);
  expect([gone.statusCode, gone.json().code]).toEqual([409, 'WEBHOOK_GONE']);
  // Waiting mends nothing here.
  expect(gone.headers['retry-after']).toBeUndefined();
  // Nobody else sees it, tries it or ends it.
  expect((await send('GET', path, stranger)).json()).toEqual({ data: [] });
  for (const [method, url] of [
    ['GET', `${path}/1/deliveries`],
    ['POST', `${path}/1/test`],
    ['DELETE', `${path}/1`],
  ] as const)
    expect((await send(method, url, stranger)).statusCode).toBe(404);
  expect((await send('DELETE', `${path}/1`, admin)).json().data).toMatchObject({ webhook_id: 1 });
  expect((await send('DELETE', `${path}/1`, admin)).statusCode).toBe(404);
  expect((await send('GET', `${path}/none/deliveries`, admin)).statusCode).toBe(404);
  await receiver.close();
});

test.each([
  [{}, 'url'],
  [{ url: 'example.com' }, 'url'],
  [{ url: 'ftp://example.com' }, 'url'],
  [{ url: 'https://user:secret@example.com' }, 'url'],
  [{ url: `https://example.com/${'x'.repeat(2000)}` }, 'url'],
  [{ url: 'http://10.0.0.1/hook' }, 'url'],
  [{ url: 'http://[::1]/' }, 'url'],
  [{ url: 'http://169.254.169.254/latest' }, 'url'],
  [{ url: 'https://example.com', events: ['abandon.exploded'] }, 'events'],
  [{ url: 'https://example.com', events: [] }, 'events'],
  [{ url: 'http://[::127.0.0.1]/' }, 'url'],
  [{ url: ['https://a.example', 'https://b.example'] }, 'url'],
])('%j is refused by name', async (body, field) => {
  const answer = await send('POST', path, admin, body);
  expect(answer.statusCode).toBe(422);
  expect(Object.keys(answer.json().errors)).toEqual([field]);
});

test('only admins, and not endlessly many', async () => {
  for (const role of ['supervisor', 'read_only', 'ingest'] as const) {
    const token = await site.token(role);
    expect((await send('GET', path, token)).statusCode).toBe(403);
    expect((await send('GET', '/api/telesales/alerts', token)).statusCode).toBe(403);
  }
  for (let made = 0; made < 20; made++)
    expect((await send('POST', path, stranger, { url: 'https://example.com/' })).statusCode).toBe(201);
  const more = await send('POST', path, stranger, { url: 'https://example.com/' });
  expect(more.statusCode).toBe(409);
  expect(more.json().code).toBe('TOO_MANY_WEBHOOKS');
});
