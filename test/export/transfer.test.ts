import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileFormatNames } from '../../src/engine/file-formats.ts';
import { reports } from '../../src/reports/index.ts';
import { sql } from '../../src/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { localKey, openSite, openTestStore, reportUrl, type Site } from '../http/app.ts';
import { requiredOf } from '../questions.ts';

const june = { date_from: '2026-06-01', date_to: '2026-06-10' };
const csvUrl = reportUrl('agent-performance/export', june);
const headers = { authorization: `Bearer ${localKey}`, 'dialtally-tenant': '1' };

let held: Awaited<ReturnType<typeof openTestStore>>;
const sites: Site[] = [];

beforeAll(async () => {
  held = await openTestStore();
});

afterAll(async () => {
  for (const site of sites) await site.app.close();
  await held.close();
});

/** A server whose reports are as long as a statement says, and fail or last as it does. */
async function serve(rows: number, { failAt, options = {} }: { failAt?: number; options?: object } = {}) {
  const failing = failAt === undefined ? sql`0` : sql`throwIf(number = {fail:UInt64})`.bind({ fail: failAt });
  const statement = sql`SELECT number AS agent_id, concat('Agent ', toString(number)) AS name, '' AS username,
      number AS dials, 0 AS answers, 0 AS avg_aht_sec, 0 AS conversions, toFloat64(${failing}) AS conv_rate
    FROM numbers({rows:UInt64}) SETTINGS max_block_size = 10000`.bind({ rows });
  // Tokens are read as rows are.
  const stream: Store['stream'] = (asked, limits) =>
    held.store.stream(asked.text.includes('FROM tokens') ? asked : statement, limits);
  const site = await openSite({ ...held.store, stream }, held.directory, options);
  sites.push(site);
  return { site, address: await site.app.listen({ host: '127.0.0.1', port: 0 }) };
}

/** Asks for a file, and gives what came of it and how it ended. */
async function download(address: string, more: Record<string, string> = {}, format = 'csv') {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${address}${csvUrl}&format=${format}`, { headers: { ...headers, ...more }, agent: false }, resolve).once(
      'error',
      reject,
    );
  });
  let bytes = 0;
  let text = '';
  const ended = new Promise<'complete' | 'broken'>((resolve) => {
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      text += chunk.toString();
    });
    response.once('end', () => resolve(response.complete ? 'complete' : 'broken'));
    response.once('error', () => resolve('broken'));
    response.once('close', () => resolve(response.complete ? 'complete' : 'broken'));
  });
  return { status: response.statusCode, headers: response.headers, end: await ended, bytes, text };
}

async function running(): Promise<number> {
  const [found] = await held.store.query<{ queries: number }>(
    sql`SELECT count() AS queries FROM system.processes WHERE query NOT LIKE '%system.processes%'`,
  );
  return found?.queries ?? 0;
}

async function until(isSo: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (await isSo()) return true;
    await sleep(25);
  }
  return false;
}

const outcomes = async (site: Site) =>
  (await site.get('/api/telesales/audit/exports', localKey, headers)).json<{
    data: { outcome: string; rows: number }[];
  }>().data;

test.each(['ndjson', 'parquet'])('a long file of %s is whole, too, and says what it is', async (format) => {
  const { address, site } = await serve(100_000);
  const file = await download(address, {}, format);
  expect([file.status, file.end]).toEqual([200, 'complete']);
  expect(file.headers['content-type']).toBe(
    format === 'ndjson' ? 'application/x-ndjson' : 'application/vnd.apache.parquet',
  );
  expect(file.headers['content-disposition']).toMatch(new RegExp(`\\.${format}"; filename\\*=.*\\.${format}$`));
  expect(file.headers['dialtally-parameters']).toContain('report=agent-performance');
  if (format === 'ndjson') expect(file.text.split('\n')).toHaveLength(100_001);
  else expect([file.text.slice(0, 4), file.text.slice(-4)]).toEqual(['PAR1', 'PAR1']);
  expect((await outcomes(site))[0]).toMatchObject({ outcome: 'complete', rows: 100_000, bytes: file.bytes });
});

test('a file that is whole ends as one', async () => {
  const { address, site } = await serve(100_000);
  const file = await download(address);
  expect([file.status, file.end]).toEqual([200, 'complete']);
  expect(file.headers['transfer-encoding']).toBe('chunked');
  expect(file.text.split('\r\n')).toHaveLength(100_002);
  expect((await outcomes(site))[0]).toMatchObject({ outcome: 'complete', rows: 100_000 });
});

describe('a query that fails in mid-file', () => {
  test.each([
    ['csv', {}],
    ['csv', { 'accept-encoding': 'gzip' }],
    ['ndjson', {}],
    ['ndjson', { 'accept-encoding': 'gzip' }],
    ['parquet', {}],
    ['parquet', { 'accept-encoding': 'gzip' }],
  ])('breaks the transfer: %s, %j', async (format, more) => {
    const { address, site } = await serve(1_000_000, { failAt: 900_000 });
    const file = await download(address, more as Record<string, string>, format);
    expect([file.status, file.end]).toEqual([200, 'broken']);
    expect(file.bytes).toBeGreaterThan(0);
    expect((await outcomes(site))[0]).toMatchObject({ outcome: 'failed' });
    expect(await until(async () => (await running()) === 0)).toBe(true);
  });

  test('breaks it for clients of HTTP/1.0 too, where an end is all that says how long a file is', async () => {
    const { address } = await serve(1_000_000, { failAt: 900_000 });
    const socket = connect(Number(new URL(address).port), '127.0.0.1');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.write(`GET ${csvUrl} HTTP/1.0\r\n${lines.join('\r\n')}\r\n\r\n`);
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    const ended = await once(socket, 'end').then(
      () => 'end',
      (error: NodeJS.ErrnoException) => error.code,
    );
    expect(bytes).toBeGreaterThan(0);
    expect(ended).toBe('ECONNRESET');
  });

  test.each([5_000, 15_000, 70_000, 100_000])(
    'after %d rows is an error or a broken transfer, never a short file',
    async (failAt) => {
      const { address } = await serve(120_000, { failAt });
      for (const more of [{}, { 'accept-encoding': 'gzip' }]) {
        const outcome = await download(address, more as Record<string, string>).then(
          ({ status, end }) => (status === 200 ? end : status),
          () => 'broken',
        );
        expect([500, 'broken']).toContain(outcome);
      }
    },
  );
});

describe('a failure before the first row', () => {
  test.each(fileFormatNames)('of the engine is a 503 as JSON: %s', async (format) => {
    const { site } = await serve(20, { failAt: 0, options: { config: { queryTimeoutMs: 0.001 } } });
    const answer = await site.get(reportUrl('agent-performance', { ...june, format }), localKey, headers);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      expect.toSatisfy((status: number) => status >= 500),
      'application/json; charset=utf-8',
    ]);
    expect(answer.headers['content-disposition']).toBeUndefined();
    expect((await outcomes(site))[0]).toMatchObject({ outcome: 'failed', rows: 0 });
  });

  test.each(reports)('for a campaign that is not there is a 404: $name', async (declared) => {
    const report = declared.name;
    const site = await openSite(held.store, held.directory);
    sites.push(site);
    const asked = { ...requiredOf(declared, { ...june, campaign_id: 99 }), campaign_id: '99' };
    for (const format of fileFormatNames) {
      const url = reportUrl(`${report}/export`, { ...asked, format });
      const answer = await site.get(url, localKey, headers);
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'NOT_FOUND']);
    }
  });
});

describe('a client that goes away', () => {
  test.each(['csv', 'ndjson', 'parquet'])('ends the query, and holds no session: %s', async (format) => {
    const { address, site } = await serve(2_000_000_000);
    // More than there are sessions: one that was kept would show.
    for (let round = 0; round < 6; round++) {
      const leaving = get(`${address}${csvUrl}&format=${format}`, { headers, agent: false });
      leaving.on('error', () => {});
      const [response] = (await once(leaving, 'response')) as [IncomingMessage];
      await once(response, 'data');
      expect(await running()).toBeGreaterThan(0);
      leaving.destroy();
      expect(await until(async () => (await running()) === 0)).toBe(true);
    }
    expect((await outcomes(site)).slice(0, 6).map(({ outcome }) => outcome)).toEqual(Array(6).fill('failed'));
  });

  test('and one that reads slowly holds a query no longer than the file is ahead of it', async () => {
    const { address } = await serve(60_000);
    const slow = get(address + csvUrl, { headers, agent: false });
    const [response] = (await once(slow, 'response')) as [IncomingMessage];
    response.pause();
    expect(await until(async () => (await running()) === 0)).toBe(true);
    let bytes = 0;
    for await (const chunk of response) bytes += (chunk as Buffer).length;
    expect(bytes).toBeGreaterThan(1_000_000);
  });
});

test('more rows than an Excel file takes are refused, with what to take instead', async () => {
  const { site } = await serve(100_001);
  const answer = await site.get(reportUrl('agent-performance', { ...june, format: 'xlsx' }), localKey, headers);
  expect(answer.statusCode).toBe(422);
  expect(answer.json().errors).toEqual({ format: [expect.stringMatching(/100,000 rows.*Take csv/)] });
  expect(await until(async () => (await running()) === 0)).toBe(true);
});
