import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findAbout } from '../src/engine/about.ts';
import type { RunQuery } from '../src/engine/report.ts';
import { answer as answerOf, readQuestion } from '../src/engine/run.ts';
import { type Importer, openImporter } from '../src/ingest/importer.ts';
import { reports } from '../src/reports/index.ts';
import type { Sql } from '../src/sql.ts';
import type { Store } from '../src/store/store.ts';
import { asks, everyAsk } from './asks.ts';
import { describeStores } from './engines.ts';
import { ingestWorld, toFiles } from './ingest-world.ts';
import { aboutWindow } from './oracle/plain/about.ts';
import { answer, oracles, readAsk } from './oracle/plain/answer.ts';
import type { Ask } from './oracle/plain/world.ts';
import { reportOf } from './questions.ts';
import { toSettings } from './thresholds.ts';
import { worlds } from './worlds.ts';

// Every report over random worlds equals a plain computation over the same rows. ORACLE_RUNS=500 looks longer.
const runs = Number(process.env.ORACLE_RUNS ?? 8);
/** Asks of a world beside those that ask each report with every value of its own parameters. */
const moreAsks = 4;

let firstTenant = 1;

async function ask(store: Store, { report: name, params, thresholds }: Ask, tenantId: number, now: number) {
  const question = readQuestion(reportOf(name), params, { now });
  const settings = thresholds && { settings: toSettings(thresholds) };
  const query = (statement: Sql) => store.query(statement);
  return (await answerOf(question, { tenantId, now, query: query as RunQuery, ...settings })).data;
}

/** What an answer says of itself, as far as it follows from the rows and the question alone. */
async function askAbout(store: Store, { report: name, params }: Ask, tenantId: number, now: number) {
  const question = readQuestion(reportOf(name), params, { now });
  const query = (statement: Sql) => store.query(statement);
  const about = await findAbout(
    question,
    { tenantId, now, query: query as RunQuery },
    {
      tenant: { tenant_id: tenantId, name: '' },
      filters: question.filters,
      part: {},
      written: { date_from: '', date_to: '' },
      params: {},
      arrivedAt: null,
    },
  );
  const { window, has_ended, incomplete_buckets, undisposed } = about;
  const { last_call_at } = about.data_until;
  return { window, last_call_at, has_ended, incomplete_buckets: incomplete_buckets.sort(), undisposed };
}

/** Tenants show in abandon-rate's answer: those of the store as the world numbers them. */
function withTenant(data: unknown, tenantId: number): unknown {
  const { current } = data as { current?: object };
  return current ? { ...(data as object), current: { ...current, tenant_id: tenantId } } : data;
}

test('every report has a plain computation of its own, and each of those has a report', () => {
  const names = reports.map(({ name }) => name);
  const unknown = names.filter((name) => !oracles.has(name));
  expect(
    unknown.map(
      (name) => `Write test/oracle/${name}.ts: what it tells, computed the slow and plain way, as beside it.`,
    ),
  ).toEqual([]);
  expect([...oracles.keys()].filter((name) => !names.includes(name))).toEqual([]);
});

test('a plain computation leans on nothing that it is to judge', () => {
  const files = readdirSync(new URL('oracle/', import.meta.url), { recursive: true, encoding: 'utf8' });
  const named = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(new URL(`oracle/${file}`, import.meta.url), 'utf8').matchAll(/\bfrom '(.*)'/g)])
    .map(([, path = '']) => path);
  const foreign = named.filter((path) => !/^\.\/(plain\/)?\w+\.ts$|^node:fs$|^temporal-polyfill$/.test(path));
  expect(named.length).toBeGreaterThan(20);
  expect(foreign).toEqual([]);
});

describeStores((engine) => {
  let directory: string;
  let store: Store;
  let importer: Importer;

  beforeAll(async () => {
    ({ directory, store } = engine);
    importer = openImporter(store, { directory: join(directory, 'uploads') });
  });

  afterAll(async () => {
    await importer?.close();
  });

  test(`every report equals a plain computation, over ${runs} worlds`, async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.nat(), async (drawn, seed) => {
        const { world, files } = toFiles(drawn);
        const base = firstTenant;
        firstTenant += 10;
        const tenantOf = (tenant: number) => base + tenant;
        await ingestWorld(importer, directory, files, tenantOf);
        const [every = []] = fc.sample(everyAsk(world), { numRuns: 1, seed });
        const told = new Set<string>();
        for (const question of [...every, ...fc.sample(asks(world), { numRuns: moreAsks, seed })]) {
          const now = Date.parse(world.now);
          const found = await ask(store, question, tenantOf(question.tenant_id), now);
          expect(withTenant(found, question.tenant_id), JSON.stringify(question)).toEqual(answer(world, question));
          // What an answer is made of depends little on the rest: each report is asked once a world.
          if (reportOf(question.report).over === 'now' || told.has(question.report)) continue;
          told.add(question.report);
          const about = await askAbout(store, question, tenantOf(question.tenant_id), now);
          expect(about, JSON.stringify(question)).toEqual(aboutWindow(readAsk(world, question), question.report));
        }
      }),
      { numRuns: runs, endOnFailure: true },
    );
  }, 600_000);
});
