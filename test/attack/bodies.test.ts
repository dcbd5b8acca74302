import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Floor, openFloor, worker } from './floor.ts';

// Bodies that cost more than they are: tiny pieces, packed bombs, uploads that never end.

let floor: Floor;
let token: string;
beforeAll(async () => {
  floor = await openFloor({ RATE_LIMIT: '0', INGEST_WAITING_MB: '32' });
  token = await floor.token('ingest');
});
afterAll(() => floor.close());

const calls = '/api/telesales/ingest/calls';
const mapped = '/api/telesales/ingest/mapped';
const ndjson = { 'content-type': 'application/x-ndjson' };
const row = (id: string) =>
  `{"call_id":"${id}","campaign_id":1,"started_at":"2026-06-02T09:00:00Z","outcome":"answered"}\n`;
const mapping = JSON.stringify({
  table: 'calls',
  columns: { call_id: 'id', campaign_id: 'campaign', started_at: 'at', outcome: 'outcome' },
});

/** Begins an upload. */
function upload(path: string, headers: Record<string, string> = {}, by = token): ClientRequest {
  const sending = request(`${floor.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${by}`, ...headers },
    agent: false,
  });
  sending.on('error', () => {});
  return sending;
}

/** What an upload is answered; 0 when the connection ends without an answer. */
async function answerOf(sending: ClientRequest): Promise<{ status: number; body: string }> {
  const answered = (once(sending, 'response') as Promise<[IncomingMessage]>).then(async ([response]) => ({
    status: response.statusCode ?? 0,
    body: await text(response).catch(() => ''),
  }));
  const ended = once(sending, 'close').then(() => ({ status: 0, body: '' }));
  return Promise.race([answered, ended]).catch(() => ({ status: 0, body: '' }));
}

/** A body, sent as HTTP chunks of one byte each. */
async function sendByByte(path: string, body: Buffer, type: string): Promise<string> {
  const { hostname, port } = new URL(floor.url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes;
  });
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const chunks = Buffer.alloc(body.length * 6, '1\r\n.\r\n');
  for (const [index, byte] of body.entries()) chunks[index * 6 + 3] = byte;
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: ${type}\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n`,
  );
  socket.write(chunks);
  socket.write('0\r\n\r\n');
  await closed;
  return answer;
}

test('bodies in one-byte chunks cost their bytes, on every way in, and end when there is no end to them', async () => {
  const lines = Buffer.from(Array.from({ length: 3_000 }, (_, n) => row(`byte-${n}`)).join(''));
  const oneLine = Buffer.alloc(300_000, 'x');
  const before = floor.memoryMb();
  let answers: string[] = [];
  const watched = await floor.during(
    async () => {
      answers = await Promise.all([
        ...[1, 2].map(() => sendByByte(calls, lines, 'application/x-ndjson')),
        ...[1, 2].map(() => sendByByte(mapped, oneLine, 'text/csv')),
        ...[1, 2].map(() => sendByByte('/api/telesales/ids', oneLine, 'application/json')),
        sendByByte(calls, Buffer.alloc(1_200_000, row('many')), 'application/x-ndjson'),
      ]);
    },
    { multiple: 20 },
  );
  expect(answers.map((answer) => answer.slice(9, 12))).toEqual(['200', '200', '422', '422', '400', '400', '400']);
  expect(answers.at(-1)).toContain('BODY_IN_CRUMBS');
  expect(watched.failed).toEqual([]);
  expect(watched.slow).toBeLessThan(watched.attempts / 3);
  expect(watched.mostMemoryMb - before).toBeLessThan(400);
  expect(floor.lives()).toBe(true);
}, 120_000);

test('pieces that come with a question are not held until it is answered', async () => {
  const asking = await floor.token('supervisor');
  const { hostname, port } = new URL(floor.url);
  const path = '/api/telesales/reports/dashboard?date_from=2026-06-01&date_to=2026-06-30';
  const pieces = Buffer.alloc(40_000 * 6, '1\r\nx\r\n');
  const before = floor.memoryMb();
  const watched = await floor.during(async () => {
    const sockets = Array.from({ length: 80 }, () => connect(Number(port), hostname));
    await Promise.all(
      sockets.map(async (socket) => {
        socket.on('error', () => {});
        const over = new Promise((resolve) => {
          for (const event of ['data', 'close']) socket.once(event, resolve);
        });
        socket.write(
          `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${asking}\r\ntransfer-encoding: chunked\r\n\r\n`,
        );
        socket.write(pieces);
        await over;
        socket.destroy();
      }),
    );
  });
  expect(watched.failed).toEqual([]);
  expect(watched.mostMemoryMb - before).toBeLessThan(200);
}, 60_000);

test('only gzip is unpacked, and only as far as rows would be', async () => {
  const rows = (count: number) => 'x\n'.repeat(count);
  const header = 'id,campaign,at,outcome\n';
  const ofJson = JSON.stringify({ ...JSON.parse(mapping), file: { format: 'json' } });
  const [gzip, brotli] = [{ 'content-encoding': 'gzip' }, { 'content-encoding': 'br' }];
  const json = { 'content-type': 'application/json' };
  const csv = { 'content-type': 'text/csv' };
  const sent: [string, Buffer, Record<string, string>, number][] = [
    [mapped, brotliCompressSync(`${mapping}\n${header}${rows(5_000_000)}`), brotli, 415],
    [mapped, gzipSync(`${mapping}\n${header}${rows(8_000_000)}`), gzip, 413],
    [mapped, gzipSync(`${ofJson}\n[${'1,'.repeat(2_000_000)}1]`), gzip, 413],
    [calls, gzipSync(rows(8_000_000)), { ...csv, ...gzip }, 413],
    [calls, gzipSync(rows(8_000_000)), { ...ndjson, ...gzip }, 413],
    [calls, gzipSync(`[${'1,'.repeat(8_000_000)}1]`), { ...json, ...gzip }, 413],
    ['/api/telesales/ids', gzipSync(`{"kind":"lead","names":["${'x'.repeat(5_000_000)}"]}`), { ...json, ...gzip }, 413],
    ['/api/telesales/ids', brotliCompressSync('{"kind":"lead","names":[]}'), { ...json, ...brotli }, 415],
    ['/api/telesales/ids', gzipSync('{"kind":"lead","names":[]}'), { ...json, ...gzip }, 200],
    [mapped, gzipSync(`${mapping}\nid,campaign,at,outcome\na,1,2026-06-01T09:00:00Z,busy\n`), gzip, 200],
  ];
  const before = floor.memoryMb();
  const watched = await floor.during(async () => {
    for (const [path, body, headers, status] of sent) {
      const answer = await floor.send(token, path, new Uint8Array(body), headers);
      expect([path, answer.status], await answer.text()).toEqual([path, status]);
    }
  });
  expect(watched.failed).toEqual([]);
  expect(watched.mostMemoryMb - before).toBeLessThan(500);
}, 60_000);

test('uploads of one tenant that say nothing keep nobody else out, and end', async () => {
  const begun: ClientRequest[] = [];
  const begin = (path: string, headers: Record<string, string>, first: Buffer | string) => {
    const sending = upload(path, headers);
    sending.write(first);
    begun.push(sending);
    return answerOf(sending);
  };
  const parquet = { 'content-type': 'application/vnd.apache.parquet' };
  // More than there are places for files, and for bodies in memory.
  const files = [
    ...Array.from({ length: 12 }, () => begin(calls, parquet, Buffer.from('PAR1'))),
    ...Array.from({ length: 12 }, () => begin(mapped, {}, `${mapping}\n`)),
  ];
  const rows = Array.from({ length: 60 }, () => begin(calls, ndjson, row('idle').repeat(5000)));
  const refused = await Promise.race([Promise.all([Promise.race(files), Promise.race(rows)]), sleep(20_000)]);
  expect(refused).toEqual([
    { status: 429, body: expect.stringContaining('INGEST_BUSY') },
    { status: 429, body: expect.stringContaining('INGEST_BUSY') },
  ]);

  // Another tenant's rows go in as ever: one by one, as a mapped file, as Parquet that is looked at.
  const other = await floor.token('ingest', { tenant: worker });
  const single = await floor.send(other, calls, row('call-0'), ndjson);
  expect([single.status, await single.text()]).toEqual([200, expect.stringContaining('"taken_in":1')]);
  const file = await floor.send(
    other,
    mapped,
    `${mapping}\nid,campaign,at,outcome\ncall-1,1,2026-06-02T09:00:00Z,answered\n`,
  );
  expect([file.status, await file.text()]).toEqual([200, expect.stringContaining('"taken_in":1')]);
  expect((await floor.send(other, calls, 'PAR1', parquet)).status).toBe(422);

  // Half a minute of nothing ends each; so does less than the lowest rate, though something comes each second.
  const dripping = upload('/api/telesales/ids', { 'content-type': 'application/json' });
  const drip = setInterval(() => dripping.write(' '), 500);
  const ends = await Promise.all([...files, ...rows, answerOf(dripping)]);
  clearInterval(drip);
  expect(new Set(ends.map(({ status }) => status))).toEqual(new Set([408, 429]));
  expect(ends.at(-1)).toEqual({ status: 408, body: expect.stringContaining('16 KB a second') });
  for (const sending of begun) sending.destroy();
  const again = await floor.send(token, calls, row('again'), ndjson);
  expect(again.status).toBe(200);
}, 120_000);
