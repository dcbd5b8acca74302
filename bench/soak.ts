import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { reports } from '../src/reports/index.ts';
import { type Floor, openFloor } from '../test/attack/floor.ts';
import { hangingParquet } from '../test/attack/parquet.ts';
import { endingAt, requiredOf } from '../test/questions.ts';
import { span, writeCalls } from './generate.ts';

// npm run soak [-- SECONDS]: clients ask every report of one tenant while another tenant's calls are taken in again and
// again and a third one attacks. Every answer must be the same as before; memory must stay where it is.
const seconds = Number(process.argv[2] ?? 60);
const clients = 12;
const [reporting, importing] = [3, 2];

const path = join(tmpdir(), `dialtally-soak-${process.pid}.csv`);
await writeCalls(path, 300_000);
const floor = await openFloor({
  RATE_LIMIT: '0',
  RATE_LIMIT_TENANT: '0',
  INGEST_READ_TIMEOUT_MS: '5000',
  LOG_LEVEL: 'error',
});
const csv = await openAsBlob(path);
const sendCalls = async (token: string) => {
  const answer = await floor.send(token, '/api/telesales/ingest/calls', csv, { 'content-type': 'text/csv' });
  const text = await answer.text();
  if (!text.includes('"taken_in":300000'))
    throw new Error(`the calls were not taken in: ${answer.status} ${text.slice(0, 300)}`);
};
await sendCalls(await floor.token('ingest', { tenant: reporting }));
const supervisor = await floor.token('supervisor', { tenant: reporting });
const ingest = await floor.token('ingest', { tenant: importing });
const day = (offset: number) => new Date(span.from + offset * 86_400_000).toISOString().slice(0, 10);

const addresses = reports.map((report) => {
  const params = {
    ...requiredOf(report, { date_from: day(0), date_to: day(89), campaign_id: 1 }),
    ...endingAt(report, `${day(60)}T00:00:00Z`),
  };
  return `${floor.url}/api/telesales/reports/${report.name}?${new URLSearchParams(params)}`;
});
const ask = async (address: string) => {
  const reply = await fetch(address, { headers: { authorization: `Bearer ${supervisor}` } });
  return `${reply.status} ${createHash('sha256')
    .update(await reply.text())
    .digest('hex')}`;
};
const expected = new Map<string, string>();
for (const address of addresses) expected.set(address, await ask(address));

const end = Date.now() + seconds * 1000;
const isOver = () => Date.now() > end;
const memory: number[] = [];
const sampling = setInterval(() => memory.push(floor.memoryMb()), 1000);
let [asked, busy, wrong, imports, attacks] = [0, 0, 0, 0, 0];
const latencies: number[] = [];

const asking = Array.from({ length: clients }, async (_, client) => {
  for (let n = client; !isOver(); n++) {
    const address = addresses[n % addresses.length] ?? '';
    const start = performance.now();
    const found = await ask(address).catch((error: Error) => `${error} (${String(error.cause)})`);
    latencies.push(performance.now() - start);
    asked++;
    if (found === expected.get(address)) continue;
    // Told to come back is no answer, and no wrong one.
    if (/^(429|503) /.test(found)) {
      busy++;
      continue;
    }
    wrong++;
    if (wrong < 5) console.error(`${new Date().toISOString()} ${address}\n  ${found.slice(0, 300)}`);
  }
});
const taking = (async () => {
  while (!isOver()) {
    await sendCalls(ingest);
    imports++;
  }
})();
const attacking = attacksOn(floor, await floor.token('ingest'), await floor.token('admin')).map(async (attack) => {
  while (!isOver()) {
    await attack().catch(() => {});
    attacks++;
    await sleep(100);
  }
});
await Promise.all([...asking, taking, ...attacking]);
clearInterval(sampling);

latencies.sort((a, b) => a - b);
const at = (share: number) => Math.round(latencies[Math.floor(latencies.length * share)] ?? 0);
const mean = (values: number[]) => Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
const third = Math.ceil(memory.length / 3);
console.log(
  `${clients} clients, ${seconds} s: ${asked} answers, ${wrong} wrong or failed, ${busy} told to come back; beside them ${imports} imports of 300,000 calls and ${attacks} attacks; ` +
    `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms; memory of the server and its readers ${mean(memory.slice(0, third))}, ${mean(memory.slice(third, 2 * third))}, ` +
    `${mean(memory.slice(-third))} MB (thirds), most ${Math.round(Math.max(...memory))} MB; it ${floor.lives() ? 'lives' : 'DIED'}`,
);
process.exitCode = wrong > 0 || !floor.lives() ? 1 : 0;
await floor.close();
await rm(path, { force: true });

/** What a tenant with bad intentions does, each again and again. */
function attacksOn({ url, send }: Floor, token: string, admin: string): (() => Promise<unknown>)[] {
  const { hostname, port } = new URL(url);
  const teams = '/api/telesales/ingest/teams';
  const ndjson = { 'content-type': 'application/x-ndjson' };
  const bad = gzipSync(Buffer.from('x\n'.repeat(500_000)));
  const mapping = JSON.stringify({
    table: 'calls',
    columns: Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`column_${n}`, `nowhere_${n}`])),
  });
  /** Says something over a connection of its own, and reads nothing of what comes for some seconds. */
  const say = async (head: string, more: (write: (bytes: string) => void) => Promise<void> = async () => {}) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.pause();
    socket.write(head);
    await more((bytes) => void socket.write(bytes));
    await sleep(3000);
    socket.destroy();
  };
  const headOf = (method: string, to: string, by: string, more = '') =>
    `${method} ${to} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${by}\r\n${more}\r\n`;
  const window = 'date_from=2026-06-01&date_to=2026-06-30';
  return [
    async () => (await send(token, teams, hangingParquet, { 'content-type': 'application/vnd.apache.parquet' })).text(),
    async () => (await send(token, teams, bad, { ...ndjson, 'content-encoding': 'gzip' })).text(),
    async () => (await send(token, '/api/telesales/ingest/mapped', `${mapping}\na,b\n1,2\n`)).text(),
    async () => (await send(token, teams, `${' '.repeat(900_000)}\n`, ndjson)).text(),
    // Downloads and streams that nobody reads.
    () => say(headOf('GET', `/api/telesales/reports/time-series/export?${window}&fill=zero&group_by=hour`, admin)),
    () => say(headOf('GET', '/api/telesales/reports/abandon-rate/stream?campaign_id=1', admin)),
    // A body that comes byte by byte, one that never ends, and a head that never does.
    () =>
      say(headOf('POST', teams, token, 'Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n'), async (write) => {
        for (let n = 0; n < 20_000; n++) write('1\r\nx\r\n');
      }),
    () => say(headOf('POST', teams, token, 'Content-Type: text/csv\r\nContent-Length: 1000000\r\n')),
    () => say(`GET /api/telesales/me HTTP/1.1\r\nX-Slow: ${'x'.repeat(1000)}`),
    // Questions whose answer nobody waits for.
    async () => {
      const asks = Array.from({ length: 20 }, () =>
        fetch(`${url}/api/telesales/reports/funnel?${window}`, {
          headers: { authorization: `Bearer ${admin}` },
          signal: AbortSignal.timeout(5),
        }).catch(() => {}),
      );
      await Promise.all(asks);
    },
  ];
}
