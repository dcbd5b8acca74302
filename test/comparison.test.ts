import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeDigits, comparedColumns } from '../src/engine/change.ts';
import { answerCompared } from '../src/engine/compare.ts';
import { toComparison } from '../src/engine/comparison-schema.ts';
import type { Report } from '../src/engine/report.ts';
import { readQuestion } from '../src/engine/run.ts';
import { type Importer, openImporter } from '../src/ingest/importer.ts';
import { asks, everyAsk } from './asks.ts';
import { openTestStore } from './http/app.ts';
import { ingestWorld, toFiles } from './ingest-world.ts';
import { type ComparedReport, comparison } from './oracle/plain/comparison.ts';
import { standing } from './oracle/plain/standing.ts';
import { instant } from './oracle/plain/values.ts';
import type { Ask, World } from './oracle/plain/world.ts';
import { DAY, forms, HOUR, local, nudges, write } from './places.ts';
import { reportOf, takesDates } from './questions.ts';
import { toSettings } from './thresholds.ts';
import { worlds } from './worlds.ts';

// Every comparison over random worlds equals a plain computation of it. ORACLE_RUNS=500 looks longer.
const runs = Number(process.env.ORACLE_RUNS ?? 2);
/** Asks of a world beside one of each report. */
const moreAsks = 5;

let held: Awaited<ReturnType<typeof openTestStore>>;
let importer: Importer;
let firstTenant = 1;

beforeAll(async () => {
  held = await openTestStore();
  importer = openImporter(held.store, { directory: join(held.directory, 'uploads') });
});

afterAll(async () => {
  await importer.close();
  await held.close();
});

/** What a report declares about its rows, for whoever knows no report. */
function declaredOf(report: Report, params: Ask['params']): ComparedReport {
  const figures = comparedColumns(report.columns);
  const others = Object.entries(report.columns).filter(
    ([name, column]) =>
      !report.key.includes(name) && !('unit' in column) && !('idle' in column) && column.kind !== 'reasons',
  );
  const times = report.over === 'window' ? report.times : undefined;
  return {
    key: report.key,
    main: report.main ?? null,
    figures: figures.map(([name, column]) => ({
      name,
      unit: column.unit ?? '',
      better: column.better ?? '',
      digits: 'digits' in column ? column.digits : 0,
      zero: column.kind === 'decimal' ? `0${column.digits > 0 ? '.' : ''}${'0'.repeat(column.digits)}` : 0,
      of: column.ratio?.of ?? null,
    })),
    named: others.map(([name]) => name),
    times:
      times?.kind === 'series'
        ? { kind: 'series', column: times.column, unit: String(params.group_by || 'day') }
        : (times ?? null),
  };
}

/** The windows that an ask may be compared with. */
function compares(world: World, tenant: number, zone: string): fc.Arbitrary<string> {
  const calls = standing(world, tenant, 'calls').map((row) => instant(String(row.started_at)));
  const some = fc.constantFrom(...(calls.length > 0 ? calls : [instant(world.now)]));
  const dates = fc
    .tuple(some, fc.integer({ min: -3, max: 1 }), fc.constantFrom(0, 1, 6, 7, 30, 89))
    .map(([ms, offset, length]) => {
      const first = local(ms, zone).toPlainDate().add({ days: offset });
      return `${first}..${first.add({ days: length })}`;
    });
  const instants = fc
    .tuple(some, nudges, fc.integer({ min: 1, max: 3 * DAY }), forms, forms)
    .map(([ms, nudge, length, one, other]) => `${write(ms + nudge, one)}..${write(ms + nudge + length, other)}`);
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('previous', 'previous', 'week', 'year') },
    { weight: 2, arbitrary: dates },
    { weight: 1, arbitrary: instants },
  );
}

/** An ask with another window, at a time at which its own may still run. */
function comparedAsks(world: World, ask: Ask): fc.Arbitrary<{ asked: Ask; at: World }> {
  const zone = String(ask.params.timezone || 'UTC');
  const report = reportOf(ask.report);
  const calls = standing(world, ask.tenant_id, 'calls').map((row) => instant(String(row.started_at)));
  const end = instant(world.now);
  const nows = takesDates(report)
    ? fc.oneof(
        fc.constant(end),
        fc
          .tuple(fc.constantFrom(end, ...calls), nudges, fc.constantFrom(0, 0, HOUR, 5 * HOUR, -HOUR, DAY))
          .map(([ms, nudge, later]) => ms + nudge + later),
      )
    : fc.constant(end);
  return fc.tuple(compares(world, ask.tenant_id, zone), nows).map(([compare, now]) => ({
    asked: { ...ask, params: { ...ask.params, compare } },
    at: { ...world, now: new Date(now).toISOString() },
  }));
}

async function compareAs({ report: name, params, thresholds }: Ask, tenantId: number, now: number) {
  const question = readQuestion(reportOf(name), params, { now });
  const settings = thresholds && { settings: toSettings(thresholds) };
  const desk = {
    tenantId,
    now,
    query: <Row>(statement: Parameters<typeof held.store.query>[0]) => held.store.query<Row>(statement),
    ...settings,
  };
  return toComparison(await answerCompared(question, desk));
}

test(`every comparison equals a plain computation, over ${runs} worlds`, { timeout: 900_000 }, async () => {
  let [compared, cut] = [0, 0];
  await fc.assert(
    fc.asyncProperty(worlds, fc.nat(), async (drawn, seed) => {
      const { world, files } = toFiles(drawn);
      const base = firstTenant;
      firstTenant += 10;
      await ingestWorld(importer, held.directory, files, (tenant) => base + tenant);
      const [every = []] = fc.sample(everyAsk(world), { numRuns: 1, seed });
      const [shuffled = []] = fc.sample(fc.shuffledSubarray(every, { minLength: every.length }), { numRuns: 1, seed });
      const one = new Map(shuffled.map((ask) => [ask.report, ask]));
      const chosen = [...one.values(), ...fc.sample(asks(world), { numRuns: moreAsks, seed })];
      for (const [index, ask] of chosen.entries()) {
        const [drawnAsk] = fc.sample(comparedAsks(world, ask), { numRuns: 1, seed: seed + index });
        if (!drawnAsk) continue;
        const { asked, at } = drawnAsk;
        const found = await compareAs(asked, base + asked.tenant_id, instant(at.now));
        const expected = comparison(at, asked, declaredOf(reportOf(asked.report), asked.params));
        expect(found, JSON.stringify([at.now, asked])).toEqual(expected);
        compared += found.rows.length;
        if (found.window.compared_until !== null) cut++;
      }
    }),
    { numRuns: runs, endOnFailure: true },
  );
  expect(compared).toBeGreaterThan(0);
  expect(cut).toBeGreaterThan(0);
});

test('a change has as many decimals as it may need', () => {
  const dashboard = Object.fromEntries(
    comparedColumns(reportOf('dashboard').columns).map(([name, column]) => [name, changeDigits(column)]),
  );
  expect(dashboard).toMatchObject({ total_dials: 2, answer_rate_pct: 2, avg_talk_time_sec: 1, total_talk_time_sec: 0 });
});
