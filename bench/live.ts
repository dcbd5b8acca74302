import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { openImporter } from '../src/ingest/importer.ts';
import { ingestFile } from '../src/ingest/ingest-file.ts';
import { name, sql, sqlInteger, sqlText } from '../src/sql.ts';
import { openEmbedded } from '../src/store/embedded.ts';
import { migrate } from '../src/store/migrate.ts';
import { writeCalls } from './generate.ts';

// npm run bench:live [-- CALLS [SECONDS]]: rows a second through HTTP and through an import, beside the engine's own insert
// of the same file into the same kind of table; then calls posted one by one, 200 a second, until a dashboard shows them.
const calls = Number(process.argv[2] ?? 400_000);
const seconds = Number(process.argv[3] ?? 20);
const [clients, rowsABody, callsASecond] = [4, 10_000, 200];
const localKey = 'bench';
const agent = new Agent({ keepAlive: true, maxSockets: 128 });

const directory = mkdtempSync(join(tmpdir(), 'dialtally-live-'));
const csv = join(directory, 'calls.csv');
const ndjson = join(directory, 'calls.ndjson');
await writeCalls(csv, calls);
const bodies = await toBodies();
await writeFile(ndjson, bodies);

const store = await openEmbedded({ path: join(directory, 'store') });
await migrate(store);
const importer = openImporter(store, { directory: join(directory, 'uploads') });
const config = { ...readConfig({ DATA_DIR: directory }), rateLimit: 0 };
const app = await buildApp({ config, store, localKey });
const url = await app.listen({ host: '127.0.0.1', port: 0 });
let peak = 0;
const watching = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 50);

const bare = { csv: await ownInsert('CSV', csv, 1), ndjson: await ownInsert('JSONEachRow', ndjson, 0) };
const timedImport = (format: 'csv' | 'ndjson', path: string, tenantId: number) =>
  timed(async () => {
    const { taken_in } = await ingestFile(importer, { tenantId, table: 'calls', format, path, stamp: Date.now() });
    if (taken_in !== calls) throw new Error(`${taken_in} of ${calls} calls were taken in`);
  });
say('engine, its own insert of the CSV', bare.csv, bare.csv);
say('import of the CSV', await timedImport('csv', csv, 1), bare.csv);
say('engine, its own insert of the NDJSON', bare.ndjson, bare.ndjson);
say('import of the NDJSON', await timedImport('ndjson', ndjson, 2), bare.ndjson);
say(`HTTP, NDJSON, ${clients} clients, bodies of ${rowsABody} rows`, await timed(postAll), bare.ndjson);
await ask('/api/telesales/ingest/calls', 4, toCall(0, 1));
await oneByOne();
clearInterval(watching);
console.log(`peak memory of server and clients together ${Math.round(peak / 1024 ** 2)} MB`);
agent.destroy();
await app.close();
await importer.close();
await store.close();
rmSync(directory, { recursive: true, force: true });

/** Asks over a pool of connections, as a dialer's client would. */
function ask<Data>(path: string, tenant: number, body?: string): Promise<Data> {
  return new Promise((resolve, reject) => {
    const asked = request(url + path, {
      agent,
      method: body === undefined ? 'GET' : 'POST',
      headers: headersOf(tenant),
    });
    asked.once('error', reject);
    asked.once('response', (response) => {
      json(response).then((answer) => {
        const { data, message } = answer as { data?: Data; message?: string };
        if (data) resolve(data);
        else reject(new Error(message));
      }, reject);
    });
    asked.end(body);
  });
}

function headersOf(tenant: number) {
  return {
    authorization: `Bearer ${localKey}`,
    'dialtally-tenant': String(tenant),
    'content-type': 'application/x-ndjson',
  };
}

/** The rows of the CSV as bodies of NDJSON. */
async function toBodies(): Promise<string[]> {
  const found: string[] = [];
  let names: string[] | undefined;
  let body: string[] = [];
  for await (const line of createInterface({ input: createReadStream(csv) })) {
    const values = line.split(',');
    if (!names) {
      names = values;
      continue;
    }
    const fields = names.map((name, index) => [name, values[index]] as const).filter(([, value]) => value !== '');
    body.push(JSON.stringify(Object.fromEntries(fields)));
    if (body.length < rowsABody) continue;
    found.push(`${body.join('\n')}\n`);
    body = [];
  }
  return [...found, `${body.join('\n')}\n`];
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function say(what: string, took: number, limit: number): void {
  const pace = Math.round(calls / took).toLocaleString('en');
  console.log(
    `${what.padEnd(50)} ${took.toFixed(1).padStart(6)} s ${pace.padStart(10)} calls/s ${(took / limit).toFixed(1).padStart(6)} x`,
  );
}

/** The engine reads the file with types and writes it, without any check. */
async function ownInsert(format: string, path: string, headerLines: number): Promise<number> {
  const table = name(`own_${format.toLowerCase()}`);
  await store.command(sql`CREATE TABLE ${table} AS calls`);
  const structure =
    'call_id String, campaign_id UInt64, lead_id UInt64, agent_id UInt64, team_id UInt64, cid String, started_at String, outcome String, block_reason String, talk_sec UInt32, hold_sec UInt32, wrap_sec UInt32, disposition_code String, is_conversion Nullable(Bool), updated_at String';
  const source = sql`file(${sqlText(path)}, ${name(format)}, ${sqlText(structure)})`;
  const settings = sql`input_format_csv_skip_first_lines = ${sqlInteger(headerLines)}, input_format_csv_detect_header = 0, max_insert_threads = 2`;
  return timed(() =>
    store.command(
      sql`INSERT INTO ${table} SELECT 1, campaign_id, parseDateTime64BestEffort(started_at, 3, 'UTC'), sipHash64(call_id), call_id,
          lead_id, agent_id, team_id, cid, outcome, block_reason, talk_sec, hold_sec, wrap_sec, disposition_code, is_conversion,
          bitShiftLeft(toUInt128(toUnixTimestamp64Milli(parseDateTime64BestEffort(updated_at, 3, 'UTC'))), 80)
        FROM ${source} SETTINGS ${settings}`,
      { timeoutMs: 600_000 },
    ),
  );
}

async function postAll(): Promise<void> {
  const waiting = [...bodies];
  let takenIn = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let body = waiting.pop(); body !== undefined; body = waiting.pop()) {
        const { taken_in } = await ask<{ taken_in: number }>('/api/telesales/ingest/calls', 3, body);
        takenIn += taken_in;
      }
    }),
  );
  if (takenIn !== calls) throw new Error(`${takenIn} of ${calls} calls were taken in`);
}

function toCall(n: number, campaign: number): string {
  return JSON.stringify({
    call_id: `live-${n}`,
    campaign_id: campaign,
    started_at: '2026-06-02T09:00:00Z',
    outcome: 'busy',
  });
}

/** Every hundredth call has a campaign of its own, whose dashboard is asked until it counts one dial. */
async function oneByOne(): Promise<void> {
  const acknowledged: number[] = [];
  const shown: number[] = [];
  const posted: Promise<void>[] = [];
  const cpu = process.cpuUsage();
  const begun = performance.now();
  for (let n = 0; n < seconds * callsASecond; n++) {
    const due = begun + (n * 1000) / callsASecond;
    if (due > performance.now()) await sleep(due - performance.now());
    posted.push(postOne(n, acknowledged, shown));
  }
  await Promise.all(posted);
  const took = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const at = (values: number[], share: number) =>
    Math.round(values.sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN);
  console.log(
    `${posted.length} calls posted one by one, ${callsASecond} a second (${took.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of processor): ` +
      `acknowledged after p50 ${at(acknowledged, 0.5)} ms, p95 ${at(acknowledged, 0.95)} ms; ` +
      `in the dashboard after p50 ${at(shown, 0.5)} ms, p95 ${at(shown, 0.95)} ms`,
  );
}

async function postOne(n: number, acknowledged: number[], shown: number[]): Promise<void> {
  const start = performance.now();
  const isWatched = n % 100 === 0;
  const campaign = isWatched ? 1000 + n : 1;
  const { taken_in } = await ask<{ taken_in: number }>('/api/telesales/ingest/calls', 4, toCall(n, campaign));
  if (taken_in !== 1) throw new Error('a call was not taken in');
  acknowledged.push(performance.now() - start);
  if (!isWatched) return;
  const window = `date_from=2026-06-01&date_to=2026-06-30&campaign_id=${campaign}`;
  for (;;) {
    const found = await ask<{ total_dials: number }>(`/api/telesales/reports/dashboard?${window}`, 4);
    if (found.total_dials === 1) break;
  }
  shown.push(performance.now() - start);
}
