import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { importFile } from '../src/ingest/import.ts';
import { openImporter } from '../src/ingest/importer.ts';
import { reports } from '../src/reports/index.ts';
import { openEmbedded } from '../src/store/embedded.ts';
import { migrate } from '../src/store/migrate.ts';
import { span, writeCalls } from './generate.ts';

// npm run soak [-- SECONDS]: 50 clients ask every report of one tenant while another tenant's calls are taken in again
// and again. Every answer must be the same as before; memory must stay where it is.
const duration = Number(process.argv[2] ?? 60) * 1000;
const clients = 50;
const localKey = 'soak';

const directory = mkdtempSync(join(tmpdir(), 'dialtally-soak-'));
const path = join(directory, 'calls.csv');
await writeCalls(path, 300_000);
const store = await openEmbedded({ path: join(directory, 'store') });
await migrate(store);
const importer = openImporter(store, { directory: join(directory, 'uploads') });
await importFile(importer, { tenantId: 1, table: 'calls', format: 'csv', path, stamp: Date.now() });
const app = await buildApp({ config: { ...readConfig({ DATA_DIR: directory }), rateLimit: 0 }, store, localKey });
const url = await app.listen({ host: '127.0.0.1', port: 0 });
const headers = { authorization: `Bearer ${localKey}`, 'dialtally-tenant': '1' };
const day = (offset: number) => new Date(span.from + offset * 86_400_000).toISOString().slice(0, 10);

const addresses = reports.map((report) => {
  const params: Record<string, string> =
    report.over === 'now'
      ? { campaign_id: '1', as_of: `${day(60)}T00:00:00Z` }
      : { date_from: day(0), date_to: day(89) };
  return `${url}/api/telesales/reports/${report.name}?${new URLSearchParams(params)}`;
});
const ask = async (address: string) => {
  const reply = await fetch(address, { headers });
  return `${reply.status} ${await reply.text()}`;
};
const expected = new Map<string, string>();
for (const address of addresses) expected.set(address, await ask(address));

const end = Date.now() + duration;
const memory: number[] = [];
const sampling = setInterval(() => memory.push(process.memoryUsage().rss), 1000);
let asked = 0;
let wrong = 0;
let imports = 0;
const importing = (async () => {
  while (Date.now() < end) {
    await importFile(importer, { tenantId: 2, table: 'calls', format: 'csv', path, stamp: Date.now() });
    imports++;
  }
})();
const latencies: number[] = [];
await Promise.all(
  Array.from({ length: clients }, async (_, client) => {
    for (let n = client; Date.now() < end; n++) {
      const address = addresses[n % addresses.length] ?? '';
      const start = performance.now();
      const found = await ask(address).catch(String);
      latencies.push(performance.now() - start);
      asked++;
      if (found !== expected.get(address)) {
        wrong++;
        if (wrong < 5) console.error(`${address}\n  ${found.slice(0, 300)}`);
      }
    }
  }),
);
await importing;
clearInterval(sampling);
latencies.sort((a, b) => a - b);
const at = (share: number) => Math.round(latencies[Math.floor(latencies.length * share)] ?? 0);
const mean = (values: number[]) =>
  Math.round(values.reduce((sum, value) => sum + value, 0) / values.length / 1024 ** 2);
const third = Math.ceil(memory.length / 3);
console.log(
  `${clients} clients, ${duration / 1000} s: ${asked} answers, ${wrong} wrong or failed, ${imports} imports of 300,000 calls beside them; ` +
    `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms; memory ${mean(memory.slice(0, third))} -> ${mean(memory.slice(-third))} MB (first and last third)`,
);
await app.close();
await importer.close();
await store.close();
rmSync(directory, { recursive: true, force: true });
process.exitCode = wrong > 0 ? 1 : 0;
