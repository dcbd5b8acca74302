import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { answer, readQuestion } from '../src/engine/run.ts';
import { openImporter } from '../src/ingest/importer.ts';
import { ingestFile } from '../src/ingest/ingest-file.ts';
import { reports } from '../src/reports/index.ts';
import type { Sql } from '../src/sql.ts';
import { openEmbedded } from '../src/store/embedded.ts';
import { migrate } from '../src/store/migrate.ts';
import { endingAt, requiredOf } from '../test/questions.ts';
import { span, writeCalls } from './generate.ts';

// npm run bench [-- CALLS]: an import of generated calls, and each report on them, over HTTP beside its bare SQL.
const calls = Number(process.argv[2] ?? 5_000_000);
const rounds = 7;
const localKey = 'bench';

const directory = mkdtempSync(join(tmpdir(), 'dialtally-bench-'));
const path = join(directory, 'calls.csv');
await writeCalls(path, calls);
const megabytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MB`;
console.log(`${calls.toLocaleString('en')} calls, ${megabytes(statSync(path).size)} of CSV; Node ${process.version}`);

const store = await openEmbedded({ path: join(directory, 'store') });
await migrate(store);
const importer = openImporter(store, { directory: join(directory, 'uploads') });
let peak = 0;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 50);
const cpu = process.cpuUsage();
const begun = performance.now();
const { taken_in } = await ingestFile(importer, {
  tenantId: 1,
  table: 'calls',
  format: 'csv',
  path,
  stamp: Date.now(),
});
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(cpu);
clearInterval(watch);
console.log(
  `import: ${seconds.toFixed(1)} s, ${Math.round(taken_in / seconds).toLocaleString('en')} calls/s, ${((user + system) / 1e6).toFixed(1)} s of processor, peak memory ${megabytes(peak)}`,
);

const config = { ...readConfig({ DATA_DIR: directory }), rateLimit: 0 };
const app = await buildApp({ config, store, localKey });
const url = await app.listen({ host: '127.0.0.1', port: 0 });
const headers = { authorization: `Bearer ${localKey}`, 'dialtally-tenant': '1' };

const day = (offset: number) => new Date(span.from + offset * 86_400_000).toISOString().slice(0, 10);
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const timed = async (work: () => Promise<unknown>) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

console.log('\nreport, tenant-wide over 90 days              bare SQL      over HTTP    ratio');
for (const report of reports) {
  const params = {
    ...requiredOf(report, { date_from: day(0), date_to: day(89), campaign_id: 1 }),
    ...endingAt(report, `${day(60)}T00:00:00Z`),
    timezone: 'Asia/Ho_Chi_Minh',
  };
  const now = Date.now();
  const statements: Sql[] = [];
  const record = <Row>(statement: Sql) => {
    statements.push(statement);
    return store.query<Row>(statement);
  };
  await answer(readQuestion(report, params, { now }), { tenantId: 1, now, query: record });
  const bare: number[] = [];
  const http: number[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(
      await timed(async () => {
        for (const statement of statements) await store.query(statement);
      }),
    );
    const address = `${url}/api/telesales/reports/${report.name}?${new URLSearchParams(params)}`;
    http.push(await timed(async () => (await fetch(address, { headers })).arrayBuffer()));
  }
  const [one, other] = [median(bare), median(http)];
  console.log(
    `${report.name.padEnd(40)} ${one.toFixed(0).padStart(10)} ms ${other.toFixed(0).padStart(10)} ms ${(other / one).toFixed(2).padStart(8)}`,
  );
}
await app.close();
await importer.close();
await store.close();
rmSync(directory, { recursive: true, force: true });
