import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reports } from '../../src/reports/index.ts';
import { sql } from '../../src/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { requiredOf } from '../questions.ts';
import { dial, localKey, openSite, openTestStore, reportUrl, type Site } from './app.ts';

const window = { date_from: '2026-06-01', date_to: '2026-06-30' };
const hourly = reportUrl('time-series', { ...window, group_by: 'hour' });

let held: Awaited<ReturnType<typeof openTestStore>>;
let store: Store;
const sites: Site[] = [];

async function site(options: Parameters<typeof openSite>[2] = {}): Promise<Site> {
  const opened = await openSite(store, held.directory, options);
  sites.push(opened);
  return opened;
}

beforeAll(async () => {
  held = await openTestStore();
  store = held.store;
}, 60_000);

afterAll(async () => {
  for (const opened of sites) await opened.app.close();
  await held.close();
}, 60_000);

/** Many calls of a tenant, made where they are stored. */
const fill = (tenant: number, rows: number) =>
  store.command(
    sql`INSERT INTO calls (tenant_id, campaign_id, started_at, call_key, call_id, lead_id, agent_id, outcome, talk_sec, version)
      SELECT {tenant:UInt64}, 43, toDateTime64('2026-06-01 00:00:00', 3, 'UTC') + toIntervalSecond(number % 2500000),
        sipHash64(number), toString(number), number, number % 500, 'answered', number % 300, bitShiftLeft(toUInt128(1780000000000), 80)
      FROM numbers({rows:UInt64})`.bind({ tenant, rows }),
    { timeoutMs: 300_000 },
  );

/** How many queries over calls run in the engine; the small ones before them are done when they are. */
async function running(): Promise<number> {
  const [found] = await store.query<{ queries: number }>(
    sql`SELECT count() AS queries FROM system.processes WHERE query LIKE '%calls FINAL%' AND query NOT LIKE '%system.processes%'`,
  );
  return found?.queries ?? 0;
}

async function until(isSo: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await isSo()) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}

describe('more requests in a second than RATE_LIMIT', () => {
  /** Asks one after another until one is refused. Gives the answers up to that one. */
  async function askUntilRefused(on: Site, url: string, authorization: (index: number) => string) {
    const answers = [];
    for (let index = 0; index < 2000; index++) {
      const answer = await on.app.inject({ url, headers: { authorization: authorization(index) } });
      answers.push(answer);
      if (answer.statusCode === 429) break;
    }
    return answers;
  }

  test('are a 429 that says when to come back', async () => {
    const limited = await site({ env: { RATE_LIMIT: '5' } });
    const token = await limited.token('read_only');
    const answers = await askUntilRefused(limited, '/api/telesales/me', () => `Bearer ${token}`);
    const refused = answers.at(-1);
    expect(refused?.statusCode).toBe(429);
    expect(refused?.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(refused?.json()).toEqual({ message: expect.stringContaining('5 requests'), code: 'TOO_MANY_REQUESTS' });
    const taken = answers.slice(0, -1);
    expect(taken.length).toBeGreaterThanOrEqual(5);
    expect(taken.map(({ statusCode }) => statusCode)).toEqual(taken.map(() => 200));
    expect(await until(async () => (await limited.get('/api/telesales/me', token)).statusCode === 200)).toBe(true);
  }, 60_000);

  test('are counted by token: another token of the tenant is not held up', async () => {
    const limited = await site({ env: { RATE_LIMIT: '5' } });
    const [busy, calm] = [await limited.token('read_only'), await limited.token('read_only')];
    await askUntilRefused(limited, '/api/telesales/me', () => `Bearer ${busy}`);
    expect((await limited.get('/api/telesales/me', calm)).statusCode).toBe(200);
  }, 60_000);

  test('are counted by tenant as well: six tokens get no more than four would', async () => {
    const limited = await site({ env: { RATE_LIMIT: '5' } });
    const tokens = await Promise.all(Array.from({ length: 6 }, () => limited.token('read_only', { tenant: 6 })));
    let refused: Awaited<ReturnType<Site['get']>> | undefined;
    for (let round = 0; round < 200 && !refused; round++) {
      const answers = await Promise.all(
        tokens.flatMap((token) => Array.from({ length: 4 }, () => limited.get('/api/telesales/reports', token))),
      );
      refused = answers.find(({ statusCode, body }) => statusCode === 429 && body.includes('tenant'));
    }
    expect(refused?.json().message).toContain('20 requests');
    const other = await limited.token('read_only', { tenant: 7 });
    expect((await limited.get('/api/telesales/reports', other)).statusCode).toBe(200);
  }, 60_000);

  test('are counted for one token however its header is spelled', async () => {
    const limited = await site({ env: { RATE_LIMIT: '5' } });
    const token = await limited.token('read_only');
    // Counted apart, no spelling would ever reach the limit.
    const answers = await askUntilRefused(
      limited,
      '/api/telesales/me',
      (index) => `Bearer${' '.repeat(1 + (index % 1000))}${token}`,
    );
    expect(answers.at(-1)?.statusCode).toBe(429);
  }, 60_000);

  test('are counted by address where no token is asked for, whatever is sent', async () => {
    const limited = await site({ env: { RATE_LIMIT: '5' } });
    const answers = await askUntilRefused(limited, '/api/openapi.json', (index) => `Bearer made-up-${index}`);
    expect(answers.at(-1)?.statusCode).toBe(429);
    for (let n = 0; n < 50; n++) expect((await limited.get('/healthz')).statusCode).toBe(200);
  }, 60_000);

  test('are five times as many for sending rows in', async () => {
    const limited = await site({ env: { RATE_LIMIT: '2' } });
    const token = await limited.token('ingest', { tenant: 9 });
    const sending: Promise<void>[] = [];
    const statuses: number[] = [];
    let refused: Awaited<ReturnType<Site['get']>> | undefined;
    for (let n = 0; n < 2000 && !refused; n++) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const sent = limited.app.inject({
        method: 'POST',
        url: '/api/telesales/ingest/calls',
        headers,
        payload: [dial()],
      });
      const told = sent.then((answer) => {
        statuses.push(answer.statusCode);
        if (answer.statusCode === 429) refused ??= answer;
      });
      sending.push(told);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(sending);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(10);
    expect(refused?.json()).toEqual({ message: expect.stringContaining('10 requests'), code: 'TOO_MANY_REQUESTS' });
    expect(refused?.headers['retry-after']).toMatch(/^[1-9]\d*$/);
  }, 60_000);

  test('are taken from the local key, and from everybody with RATE_LIMIT=0', async () => {
    const limited = await site({ env: { RATE_LIMIT: '5' } });
    const free = await site();
    const token = await free.token('read_only');
    for (let index = 0; index < 100; index++) {
      expect((await limited.get('/api/operator/tenants', localKey)).statusCode).toBe(200);
      expect((await free.get('/api/telesales/me', token)).statusCode).toBe(200);
    }
  }, 60_000);
});

describe('a query over its limits', () => {
  let token: string;
  let plain: Site;

  beforeAll(async () => {
    plain = await site();
    token = await plain.token('admin');
    await fill(1, 1_000_000);
  }, 300_000);

  test.each([
    ['time', { queryTimeoutMs: 1 }, /longer/],
    ['memory', { queryMemoryBytes: 1024 ** 2 }, /memory/],
  ] as const)(
    'of %s is a 503 with a remedy; the next one is answered',
    async (_limit, config, words) => {
      const tight = await site({ config });
      const answer = await tight.get(reportUrl('funnel', window), token);
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toEqual({ message: expect.stringMatching(words), code: 'QUERY_OVER_LIMIT' });
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.body).not.toMatch(/DB::Exception|Code:|SELECT|at .*\.ts/);
      // The same sessions, with limits of their own again.
      const again = await Promise.all(Array.from({ length: 8 }, () => plain.get(reportUrl('funnel', window), token)));
      expect(again.map(({ statusCode }) => statusCode)).toEqual(again.map(() => 200));
    },
    120_000,
  );
});

test.each(reports)('a query of $name that may take no time is a 503', async (report) => {
  const tight = await site({ config: { queryTimeoutMs: 0.001 } });
  const token = await tight.token('admin');
  const answer = await tight.get(reportUrl(report.name, requiredOf(report, { ...window, campaign_id: 43 })), token);
  expect([answer.statusCode, answer.json().code]).toEqual([503, 'QUERY_OVER_LIMIT']);
  await tight.app.close();
});

describe('a client that goes away', () => {
  let served: Site;
  let address: string;
  let headers: Record<string, string>;

  beforeAll(async () => {
    served = await site();
    headers = { authorization: `Bearer ${await served.token('admin', { tenant: 7 })}` };
    address = await served.app.listen({ host: '127.0.0.1', port: 0 });
    await fill(7, 5_000_000);
  }, 300_000);

  /** Queries that the engine ended before they were done. */
  async function broken(): Promise<number> {
    const [found] = await store.query<{ queries: number }>(
      sql`SELECT toInt64(sum(value)) AS queries FROM system.events WHERE event = 'FailedSelectQuery'`,
    );
    return found?.queries ?? 0;
  }

  const ask = (url: string, signal: AbortSignal) =>
    fetch(address + url, { headers, signal }).then(
      (answer) => answer.text().then(() => 'answered'),
      () => 'left',
    );

  test.each([hourly, reportUrl('funnel', window), reportUrl('caller-id-health', window)])(
    'ends its query in the engine: %s',
    async (url) => {
      expect(await running()).toBe(0);
      const before = await broken();
      const leaving = new AbortController();
      // Three, so that the fourth session is free for watching them.
      const asked = [1, 2, 3].map(() => ask(url, leaving.signal));
      const seen = await until(async () => (await running()) > 0);
      leaving.abort();
      expect(seen).toBe(true);
      expect(await Promise.all(asked)).toContain('left');
      expect(await until(async () => (await running()) === 0)).toBe(true);
      expect(await until(async () => (await broken()) > before)).toBe(true);
    },
    300_000,
  );

  test('while it waits in line leaves the line, and nobody else loses a place', async () => {
    const leaving = new AbortController();
    const asked = Array.from({ length: 20 }, () => ask(hourly, leaving.signal));
    await ask('/healthz', new AbortController().signal);
    leaving.abort();
    await Promise.all(asked);
    expect(await until(async () => (await running()) === 0)).toBe(true);
    const after = await Promise.all(Array.from({ length: 20 }, () => fetch(`${address}/readyz`)));
    expect(after.map(({ status }) => status)).toEqual(after.map(() => 200));
  }, 300_000);
});

describe('bodies', () => {
  test('over INGEST_LIMIT_MB are a 413, and nothing of them is taken in', async () => {
    const small = await site({ config: { ingestLimitBytes: 1000 } });
    const token = await small.token('admin', { tenant: 8 });
    const send = (rows: number, extra = {}) =>
      small.app.inject({
        method: 'POST',
        url: '/api/telesales/ingest/calls',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson', ...extra },
        payload: Array.from({ length: rows }, () => JSON.stringify(dial())).join('\n'),
      });
    for (const extra of [{}, { 'content-length': '10' }]) {
      const refused = await send(100, extra);
      expect(refused.statusCode).toBe(413);
      expect(refused.json()).toEqual({ message: expect.any(String), code: 'TOO_LARGE' });
    }
    const dials = async () => (await small.get(reportUrl('dashboard', window), token)).json().data.total_dials;
    expect(await dials()).toBe(0);
    expect((await send(2)).json().data.taken_in).toBe(2);
    expect(await dials()).toBe(2);
  }, 60_000);

  test('of more rows than INGEST_LIMIT_ROWS are a 413, in every text format and through a mapping', async () => {
    const few = await site({ env: { INGEST_LIMIT_ROWS: '3' } });
    const token = await few.token('admin', { tenant: 12 });
    const rows = (count: number) => Array.from({ length: count }, (_, n) => dial({ call_id: `r${n}` }));
    const csv = (count: number) =>
      `call_id,campaign_id,started_at,outcome\n${'a,1,2026-06-01T09:00:00Z,busy\n'.repeat(count)}`;
    const columns = { call_id: 'call_id', campaign_id: 'campaign_id', started_at: 'started_at', outcome: 'outcome' };
    const mapping = `${JSON.stringify({ table: 'calls', columns })}\n`;
    const bodies: [type: string, body: (count: number) => string, path: string][] = [
      ['application/json', (count) => JSON.stringify(rows(count)), 'calls'],
      [
        'application/x-ndjson',
        (count) =>
          rows(count)
            .map((row) => `${JSON.stringify(row)}\n`)
            .join(''),
        'calls',
      ],
      ['text/csv', csv, 'calls'],
      ['text/csv', (count) => mapping + csv(count), 'mapped'],
    ];
    for (const [type, body, path] of bodies) {
      const refused = await few.app.inject({
        method: 'POST',
        url: `/api/telesales/ingest/${path}`,
        headers: { authorization: `Bearer ${token}`, 'content-type': type },
        payload: body(5),
      });
      expect([refused.statusCode, refused.json().code], `${type} ${refused.body}`).toEqual([413, 'TOO_LARGE']);
    }
    // Records of JSON are rows, on however many lines they stand.
    const ofJson = JSON.stringify({ table: 'calls', file: { format: 'json' }, columns });
    const sent = async (file: string) => {
      const answer = await few.app.inject({
        method: 'POST',
        url: '/api/telesales/ingest/mapped',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
        payload: `${ofJson}\n${file}`,
      });
      return [answer.statusCode, answer.json().code ?? answer.json().data.taken_in];
    };
    expect(await sent(JSON.stringify(rows(4)))).toEqual([413, 'TOO_LARGE']);
    expect(await sent(JSON.stringify(rows(3), null, 1))).toEqual([200, 3]);
  }, 60_000);

  test('of JSON over a megabyte are a 413', async () => {
    const plain = await site();
    const answer = await plain.app.inject({
      method: 'POST',
      url: '/api/telesales/tokens',
      headers: { authorization: `Bearer ${await plain.token('admin')}` },
      payload: { role: 'x'.repeat(1_100_000) },
    });
    expect(answer.statusCode).toBe(413);
    expect(answer.json().code).toBe('TOO_LARGE');
  }, 60_000);
});

describe('a store that is closed', () => {
  test('is a 503 on every report and on /readyz, while /healthz lives', async () => {
    // A process holds one store for good, so this story is the last of the file.
    const last = await site();
    const token = await last.token('admin');
    expect((await last.get('/readyz')).json()).toMatchObject({ status: 'ok' });
    await store.close();
    expect((await last.get('/healthz')).statusCode).toBe(200);
    const ready = await last.get('/readyz');
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toEqual({ message: expect.any(String), code: 'STORE_UNAVAILABLE' });
    for (const report of reports) {
      const asked = requiredOf(report, { ...window, campaign_id: 43 });
      const answer = await last.get(reportUrl(report.name, asked), token);
      expect(answer.statusCode, report.name).toBe(503);
      expect(answer.json().code).toBe('STORE_UNAVAILABLE');
      expect(answer.headers['retry-after']).toBe('1');
    }
    const made = await last.app.inject({
      method: 'POST',
      url: '/api/telesales/tokens',
      headers: { authorization: `Bearer ${token}` },
      payload: { role: 'admin' },
    });
    expect(made.statusCode).toBe(503);
  }, 60_000);
});
