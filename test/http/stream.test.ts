import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { openSite, openTestStore, type SentRow, type Site } from './app.ts';

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let url: string;
let admin: string;
let queries = 0;
let tenant = 0;

beforeAll(async () => {
  held = await openTestStore();
  // The store as it is, and a tally of what it is asked.
  const counted: Store = {
    ...held.store,
    query: (statement, options) => {
      queries++;
      return held.store.query(statement, options);
    },
  };
  site = await openSite(counted, held.directory, { env: { STREAM_LIMIT: '510' } });
  url = await site.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await site.app.close();
  await held.close();
});
beforeEach(async () => {
  admin = await site.token('admin', { tenant: ++tenant });
  await site.ingest('campaigns', [{ campaign_id: 7, name: 'Spring' }], tenant);
});

let ids = 0;
const callsOf = (count: number, outcome: string): SentRow[] =>
  Array.from({ length: count }, () => ({
    call_id: `c${++ids}`,
    campaign_id: 7,
    started_at: new Date(Date.now() - 60_000).toISOString(),
    outcome,
  }));

interface Figures {
  attempts_total: number;
  attempts_abandoned: number;
}

/** A client of the stream: the answers that it has got, and a way to wait for one. */
async function open(query = 'campaign_id=7', token = admin) {
  const controller = new AbortController();
  const response = await fetch(`${url}/api/telesales/reports/abandon-rate/stream?${query}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: controller.signal,
  });
  const answers: { data: { current: Figures & Record<string, unknown>; breaches: unknown[] } }[] = [];
  let wake = () => {};
  let isOver = false;
  const reading = (async () => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
        text = text.slice(end + 2);
        if (data) answers.push(JSON.parse(data));
      }
      wake();
    }
  })()
    .catch(() => {})
    .finally(() => {
      isOver = true;
      wake();
    });
  return {
    response,
    answers,
    reading,
    /** Waits until the last answer has so many attempts. */
    async until(attempts: number) {
      while (answers.at(-1)?.data.current.attempts_total !== attempts) {
        if (isOver) throw new Error(`the stream ended after ${JSON.stringify(answers.at(-1))}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return answers.at(-1)!.data;
    },
    close: () => controller.abort(),
  };
}

test('it begins with the report’s own answer, and tells of each change', async () => {
  await site.ingest('calls', callsOf(9, 'answered'), tenant);
  const client = await open();
  expect(client.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const first = await client.until(9);
  const report = (await site.get('/api/telesales/reports/abandon-rate?campaign_id=7', admin)).json().data;
  const lasting = ({ window_from: _from, window_to: _to, ...others }: Record<string, unknown>) => others;
  expect(Object.keys(first.current)).toEqual(Object.keys(report.current));
  expect(lasting(first.current)).toEqual(lasting(report.current));
  await site.ingest('calls', callsOf(1, 'abandoned'), tenant);
  expect((await client.until(10)).current).toMatchObject({ attempts_abandoned: 1, breached: true });
  // Other tables change the answer as well; another tenant's calls don't.
  await site.ingest('calls', callsOf(5, 'abandoned'), 999);
  await site.ingest('campaigns', [{ campaign_id: 7, name: 'Summer', abandon_limit_pct: 50 }], tenant);
  while (client.answers.at(-1)?.data.current.breached) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(client.answers.at(-1)?.data.current).toMatchObject({ attempts_total: 10, campaign_name: 'Summer' });
  expect(client.answers.map(({ data }) => data.current.attempts_total)).toEqual([9, 10, 10]);
  client.close();
});

test('bad questions are errors as any other, and say so at once', async () => {
  const ask = async (query: string, token = admin) => {
    const { response } = await open(query, token);
    return response.status;
  };
  const agent = await site.token('agent', { tenant, agent: 5 });
  expect(await ask('')).toBe(422);
  expect(await ask('campaign_id=7&as_of=2026-01-01')).toBe(422);
  expect(await ask('campaign_id=7&history=1')).toBe(422);
  expect(await ask('campaign_id=8')).toBe(404);
  expect(await ask('campaign_id=7', 'none')).toBe(401);
  expect(await ask('campaign_id=7', agent)).toBe(403);
  const head = await fetch(`${url}/api/telesales/reports/abandon-rate/stream?campaign_id=7`, { method: 'HEAD' });
  expect(head.status).toBe(404);
});

test('500 watchers cost no more queries than a few, and all hear everything', async () => {
  const few = await Promise.all(Array.from({ length: 3 }, () => open()));
  await Promise.all(few.map((client) => client.until(0)));
  const load = async (from: number) => {
    const before = queries;
    const [startedAt, sent] = [performance.now(), 20];
    for (let call = 0; call < sent; call++) await site.ingest('calls', callsOf(1, 'answered'), tenant);
    await Promise.all(few.map((client) => client.until(from + sent)));
    return (queries - before) / ((performance.now() - startedAt) / 1000);
  };
  const withFew = await load(0);
  const many = await Promise.all(Array.from({ length: 497 }, () => open()));
  await Promise.all(many.map((client) => client.until(20)));
  const withMany = await load(20);
  await Promise.all(many.map((client) => client.until(40)));
  // Each ingest asks the store as well: the watchers' share is what may not grow.
  expect(withMany).toBeLessThan(withFew * 2);
  // One more than is allowed is told so.
  const more = await Promise.all(Array.from({ length: 11 }, () => open()));
  expect(more.filter(({ response }) => response.status === 429)).toHaveLength(1);
  expect(more.find(({ response }) => response.status === 429)?.response.headers.get('retry-after')).toBe('1');
  for (const client of [...few, ...many, ...more]) client.close();
}, 300_000);

test('a stream ends with its token, also when that expires', async () => {
  let later = 0;
  const other = await openSite(held.store, held.directory, { now: () => Date.now() + later });
  const before = url;
  url = await other.app.listen({ host: '127.0.0.1', port: 0 });
  const token = await other.token('supervisor', { tenant, expires: '1h' });
  const brief = await open('campaign_id=7', token);
  const lasting = await open();
  await Promise.all([brief.until(0), lasting.until(0)]);
  later = 3_700_000;
  await brief.reading;
  expect((await open('campaign_id=7', token)).response.status).toBe(401);
  await other.ingest('calls', callsOf(3, 'answered'), tenant);
  await lasting.until(3);
  lasting.close();
  await other.app.close();
  url = before;
});

test('lists of breaches of any length are cut from one, as the report has them', async () => {
  const end = Date.now();
  const minutes = Array.from({ length: 400 }, (_, n) => {
    const to = Math.floor((end - n * 7 * 60_000) / 60_000) * 60_000;
    return { n, to: new Date(to).toISOString().replace('T', ' ').replace('Z', '') };
  });
  await held.store.insert(
    'breaches',
    minutes.map(({ n, to }) => ({
      tenant_id: tenant,
      campaign_id: 7,
      window_to: to,
      window_from: to,
      basis: 'attempts',
      attempts_total: 100,
      attempts_abandoned: 4 + ((n * 7919) % 13),
      limit_pct: '3.000000',
      recorded_at: to,
      version: 1,
    })),
  );
  const ofDays = async (days: number) => {
    const answer = await site.get(`/api/telesales/reports/abandon-rate?campaign_id=7&breaches_days=${days}`, admin);
    return answer.json<{ data: { breaches: unknown[] } }>().data.breaches;
  };
  const clients = await Promise.all([1, 2, 90].map((days) => open(`campaign_id=7&breaches_days=${days}`)));
  const told = await Promise.all(clients.map((client) => client.until(0)));
  for (const [index, days] of [1, 2, 90].entries()) expect(told[index]?.breaches).toEqual(await ofDays(days));
  // Some of a day, most of two, all.
  const lengths = told.map(({ breaches }) => breaches.length);
  expect(lengths[0]).toBeLessThan(lengths[1] ?? 0);
  expect(lengths[1]).toBeGreaterThan(40);
  for (const client of clients) client.close();
});

test('an ended stream makes room again, and the server ends the others when it stops', async () => {
  const other = await openSite(held.store, held.directory, { env: { STREAM_LIMIT: '1' } });
  const before = url;
  url = await other.app.listen({ host: '127.0.0.1', port: 0 });
  const first = await open();
  expect((await open()).response.status).toBe(429);
  first.close();
  let second = await open();
  while (second.response.status === 429) second = await open();
  await second.until(0);
  await other.app.close();
  await second.reading;
  url = before;
});
