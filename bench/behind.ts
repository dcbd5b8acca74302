import { createWriteStream, openAsBlob, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { openFloor } from '../test/attack/floor.ts';
import { span, writeCalls } from './generate.ts';

// npm run bench:behind [-- CALLS]: walks and streams through the calls behind figures of 90 days while others come in and are
// corrected. Fails when one comes twice, or one is missing that counted all the time.
const calls = Number(process.argv[2] ?? 5_000_000);
const [quiet, busy] = [1, 2];
const hourMs = 3_600_000;

const path = join(tmpdir(), `dialtally-behind-${process.pid}.csv`);
const burstPath = join(tmpdir(), `dialtally-burst-${process.pid}.csv`);
await writeCalls(path, calls);
const parquetPath = join(tmpdir(), `dialtally-behind-${process.pid}.parquet`);
const burst = Math.min(calls, 1_000_000);
const file = createWriteStream(burstPath);
file.write('call_id,campaign_id,started_at,outcome\n');
for (let n = 0; n < burst; n++) {
  file.write(`b-${n},1,${new Date(span.from + Math.floor((n / burst) * hourMs)).toISOString()},busy\n`);
}
file.end();
await finished(file);

/** Which calls count as dials and as answers, by their number; answers that are corrected away meanwhile may be missing. */
const [isDial, isAnswer] = [new Uint8Array(calls), new Uint8Array(calls)];
const [header = '', ...lines] = readFileSync(path, 'latin1').split('\n');
for (const line of lines) {
  const [id = '', , , , , , , outcome = ''] = line.split(',');
  if (id && outcome !== 'blocked') isDial[Number(id.slice(2))] = 1;
  if (outcome === 'answered' || outcome === 'abandoned') isAnswer[Number(id.slice(2))] = 1;
}
const mayGo = (n: number) => n % 50 === 8;

const floor = await openFloor({
  RATE_LIMIT: '0',
  RATE_LIMIT_TENANT: '0',
  INGEST_LIMIT_MB: '4000',
  INGEST_LIMIT_ROWS: '10000000',
  INGEST_READ_TIMEOUT_MS: '600000',
  LOG_LEVEL: 'error',
});
const ingesters = new Map<number, string>();
for (const tenant of [quiet, busy]) ingesters.set(tenant, await floor.token('ingest', { tenant }));
const send = async (tenant: number, body: string | Blob, rows: number) => {
  const token = ingesters.get(tenant) ?? '';
  const answer = await floor.send(token, '/api/telesales/ingest/calls', body, { 'content-type': 'text/csv' });
  const text = await answer.text();
  if (!text.includes(`"taken_in":${rows}`)) throw new Error(`not taken in: ${answer.status} ${text.slice(0, 300)}`);
};
await send(busy, await openAsBlob(path), calls);
await send(quiet, await openAsBlob(burstPath), burst);
const supervisors = new Map<number, string>();
for (const tenant of [quiet, busy]) supervisors.set(tenant, await floor.token('supervisor', { tenant }));

const day = (offset: number) => new Date(span.from + offset * 24 * hourMs).toISOString().slice(0, 10);
const urlOf = (place: string, params: Record<string, string | number>) => {
  const all = Object.entries({ date_from: day(0), date_to: day(89), ...params });
  const query = new URLSearchParams(all.map(([name, value]): [string, string] => [name, String(value)]));
  return `${floor.url}/api/telesales/reports/${place}?${query}`;
};
const get = async (url: string, tenant = busy) => {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${supervisors.get(tenant)}` } });
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
  return answer;
};

let peak = 0;
const watching = setInterval(() => {
  peak = Math.max(peak, floor.memoryMb());
}, 500);

let isOver = false;
let changed = 0;
/** Calls come in all over the window, some are sent again with other seconds, some as busy. */
async function change(): Promise<void> {
  for (let round = 0; !isOver; round++) {
    const rows = [header];
    for (let n = round % 50; n < calls && rows.length < 500; n += 50 * (1 + (calls >> 15))) {
      const line = lines[n] ?? '';
      if (mayGo(n)) rows.push(line.replace(/,(answered|abandoned),/, ',busy,').replace(/[^,]*$/, ''));
      else if (n % 50 === 7) rows.push(line.replace(/[^,]*$/, ''));
      else rows.push(line.replace(/^c-/, `new-${round}-`).replace(/[^,]*$/, ''));
    }
    await send(busy, `${rows.join('\n')}\n`, rows.length - 1);
    changed += rows.length - 1;
  }
}

/** What came, by the numbers of the calls. Throws when one came twice. */
function openCount(isIn: Uint8Array, mayBeGone: (n: number) => boolean) {
  const seen = new Uint8Array(calls);
  const others = new Set<string>();
  let rows = 0;
  return {
    add(id: string) {
      rows++;
      const n = id.startsWith('c-') ? Number(id.slice(2)) : -1;
      if (n >= 0 ? seen[n] : others.has(id)) throw new Error(`${id} came twice`);
      if (n >= 0) seen[n] = 1;
      else others.add(id);
    },
    end() {
      for (let n = 0; n < calls; n++) if (isIn[n] && !seen[n] && !mayBeGone(n)) throw new Error(`c-${n} is missing`);
      return rows;
    },
  };
}

const show = (what: string, rows: number, ms: number, more = '') =>
  console.log(
    `${what.padEnd(46)} ${String(rows).padStart(9)} rows ${String(Math.round((rows / ms) * 1000)).padStart(8)} rows/s ${more}`,
  );

interface Page {
  data: { call_id?: string; lead_id?: number }[];
  next: string | null;
}

/** Walks to the end, or for so many pages. */
async function walk(
  what: string,
  place: string,
  params: Record<string, string>,
  onRow: (row: Page['data'][number]) => void,
  most = 1e9,
) {
  const times: number[] = [];
  const begun = performance.now();
  let rows = 0;
  let after: string | null = '';
  for (let page = 0; after !== null && page < most; page++) {
    const at = performance.now();
    const found = (await (await get(urlOf(place, { ...params, limit: 1000, ...(after && { after }) }))).json()) as Page;
    times.push(performance.now() - at);
    for (const row of found.data) onRow(row);
    rows += found.data.length;
    after = found.next;
  }
  const ms = performance.now() - begun;
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    `${Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0)} ms`;
  show(what, rows, ms, `pages: p50 ${at(0.5)}, p95 ${at(0.95)}, slowest ${at(1)}`);
}

async function stream(
  what: string,
  place: string,
  params: Record<string, string>,
  onLine: (line: string) => void,
  tenant = busy,
) {
  const begun = performance.now();
  peak = 0;
  const { body } = await get(urlOf(place, params), tenant);
  let rows = 0;
  for await (const line of createInterface({ input: Readable.fromWeb(body as never) })) {
    onLine(line);
    rows++;
  }
  show(what, rows, performance.now() - begun, `server's peak ${Math.round(peak)} MB`);
}

/** A Parquet file on disk, and the ids in it as DuckDB reads them. */
async function parquet(what: string, place: string, params: Record<string, string>, onId: (id: string) => void) {
  const begun = performance.now();
  peak = 0;
  const { body } = await get(urlOf(place, { ...params, format: 'parquet' }));
  await pipeline(Readable.fromWeb(body as never), createWriteStream(parquetPath));
  const ms = performance.now() - begun;
  const duck = await DuckDBInstance.create(':memory:');
  const connection = await duck.connect();
  const read = await connection.stream(`SELECT call_id FROM '${parquetPath}'`);
  let rows = 0;
  for (let chunk = await read.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await read.fetchChunk()) {
    for (const id of chunk.getColumnValues(0)) onId(String(id));
    rows += chunk.rowCount;
  }
  connection.closeSync();
  duck.closeSync();
  show(what, rows, ms, `server's peak ${Math.round(peak)} MB`);
}

const answers = { column: 'total_answers' };
console.log(`${calls} calls, server ${Math.round(floor.memoryMb())} MB`);
await stream(
  `a burst of ${burst} in one hour, NDJSON`,
  'dashboard/calls',
  { column: 'total_dials', format: 'ndjson' },
  () => {},
  quiet,
);
const changing = change();
let count = openCount(isAnswer, mayGo);
await stream('all answers, NDJSON', 'dashboard/calls', { ...answers, format: 'ndjson' }, (line) =>
  count.add(JSON.parse(line).call_id),
);
count.end();
count = openCount(isAnswer, mayGo);
await stream('all answers, CSV', 'dashboard/calls', { ...answers, format: 'csv', bom: '0' }, (line) => {
  const id = line.slice(0, line.indexOf(','));
  if (id !== 'call_id') count.add(id);
});
count.end();
count = openCount(isDial, () => false);
await parquet('all dials, Parquet', 'dashboard/calls', { column: 'total_dials' }, (id) => count.add(id));
count.end();
count = openCount(isAnswer, mayGo);
await walk('all answers, page by page', 'dashboard/calls', answers, (row) => count.add(String(row.call_id)));
count.end();
await walk(
  'one agent\u2019s calls of one code',
  'disposition-breakdown/calls',
  { agent_ids: '7', code: 'sale' },
  () => {},
);
await walk('leads that were dialed, ten pages', 'funnel/leads', { stage: 'Dialed' }, () => {}, 10);
isOver = true;
await changing;
console.log(
  `${changed} rows came in or were corrected meanwhile; this process ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB`,
);
clearInterval(watching);
await floor.close();
await Promise.all([rm(path), rm(burstPath), rm(parquetPath, { force: true })]);
