import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Importer, openImporter } from '../../src/ingest/importer.ts';
import { reports } from '../../src/reports/index.ts';
import { asks, everyAsk } from '../asks.ts';
import { localKey, openSite, openTestStore, reportUrl, type Site, talk } from '../http/app.ts';
import { ingestWorld, toFiles } from '../ingest-world.ts';
import type { Ask } from '../oracle/plain/world.ts';
import { reportOf, requiredOf } from '../questions.ts';
import { worlds } from '../worlds.ts';
import { type Duck, duckTypesOf, openDuck } from './duck.ts';
import { csvOf, kept, rowsOf, valuesOf } from './expected.ts';
import { officeMissing, openBooks, pythonMissing, readBooks, readCsvs } from './independent.ts';

const missing = pythonMissing();
const without = missing ? `: ${missing}` : '';
const noOffice = officeMissing();

let held: Awaited<ReturnType<typeof openTestStore>>;
let importer: Importer;
let duck: Duck;
const sites: Site[] = [];

beforeAll(async () => {
  [held, duck] = await Promise.all([openTestStore(), openDuck()]);
  importer = openImporter(held.store, { directory: join(held.directory, 'uploads') });
});

afterAll(async () => {
  for (const site of sites) await site.app.close();
  await importer.close();
  await duck.close();
  await held.close();
});

async function siteAt(now: number): Promise<Site> {
  const site = await openSite(held.store, held.directory, { now: () => now });
  sites.push(site);
  return site;
}

/** What a report answers as JSON, as CSV and Excel through both doors, and as files for machines. */
async function everyWay(site: Site, { report, params }: Ask, tenant: number) {
  const given = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
  const headers = { 'dialtally-tenant': String(tenant) };
  const ask = async (door: string, form: Record<string, string>) => {
    const answer = await site.get(reportUrl(door, { ...given, ...form }), localKey, headers);
    expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
    return answer;
  };
  const [json, front, back, book, other, lines, typed] = await Promise.all([
    ask(report, {}),
    ask(report, { format: 'csv' }),
    ask(`${report}/export`, {}),
    ask(report, { format: 'xlsx' }),
    ask(`${report}/export`, { format: 'xlsx' }),
    ask(report, { format: 'ndjson' }),
    ask(`${report}/export`, { format: 'parquet' }),
  ]);
  expect(back.body).toBe(front.body);
  return {
    report,
    rows: rowsOf(reportOf(report), json.json<{ data: unknown }>().data),
    ndjson: lines.rawPayload,
    parquet: typed.rawPayload,
    csv: front.body,
    books: [book.rawPayload, other.rawPayload],
  };
}

type Answered = Awaited<ReturnType<typeof everyWay>>;

/** Holds the files to the JSON, by readers that are not ours. */
function compare(answered: readonly Answered[]): void {
  const tables = readCsvs(answered.map(({ csv }) => csv.replace(/^\ufeff/, '')));
  const books = readBooks(answered.flatMap((one) => one.books));
  for (const [index, { report: name, rows, csv }] of answered.entries()) {
    const report = reportOf(name);
    expect(csv.startsWith('\ufeff')).toBe(true);
    expect(tables[index], name).toEqual(csvOf(report, rows));
    for (const book of books.slice(index * 2, index * 2 + 2)) {
      expect(valuesOf(report, book, rows.length), name).toEqual(kept(report, rows));
    }
  }
}

/** Holds the files for machines to the JSON: lines are its rows, and DuckDB finds their values, each of its column's type. */
async function compareTyped(answered: readonly Answered[]): Promise<void> {
  for (const { report: name, rows, ndjson, parquet } of answered) {
    const report = reportOf(name);
    const types = duckTypesOf(report);
    const columns = Object.keys(types);
    const own = rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));
    expect(ndjson.toString(), name).toBe(own.map((row) => `${JSON.stringify(row)}\n`).join(''));
    for (const read of [await duck.read(parquet, 'parquet'), await duck.read(ndjson, 'ndjson', types)]) {
      expect(Object.entries(read.types), name).toEqual(Object.entries(types));
      expect(read.rows, name).toEqual(own);
    }
  }
}

describe(`over random worlds${without}`, () => {
  let firstTenant = 1000;

  test('files hold the rows of the JSON, through both doors', { timeout: 600_000 }, async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(worlds, fc.nat(), async (drawn, seed) => {
        const { world, files } = toFiles(drawn);
        const base = firstTenant;
        firstTenant += 10;
        await ingestWorld(importer, held.directory, files, (tenant) => base + tenant);
        const site = await siteAt(Date.parse(world.now));
        // Each report once a world, with some values of its own parameters.
        const [every = []] = fc.sample(everyAsk(world), { numRuns: 1, seed });
        const shuffled = fc.sample(fc.shuffledSubarray(every, { minLength: every.length }), { numRuns: 1, seed })[0];
        const one = new Map((shuffled ?? []).map((ask) => [ask.report, ask]));
        const chosen = [...one.values(), ...fc.sample(asks(world), { numRuns: 5, seed })];
        const answered: Answered[] = [];
        for (const ask of chosen) answered.push(await everyWay(site, ask, base + ask.tenant_id));
        for (const ask of chosen) seen.add(ask.report);
        if (!missing) compare(answered);
        await compareTyped(answered);
        await site.app.close();
      }),
      { numRuns: Number(process.env.EXPORT_RUNS ?? 2), endOnFailure: true },
    );
    expect([...seen].sort()).toEqual(reports.map(({ name }) => name).sort());
  });
});

/** Names that somebody has, or tries. */
const names = [
  '=HYPERLINK("http://x")',
  '+84 agent',
  '-5',
  '@SUM(A1)',
  'Đặng "Bo", Lê',
  'two\r\nlines',
  'two\nlines',
  'وكيل المبيعات',
  '007',
  '#N/A',
  '#REF!',
  'TRUE',
  '1e5',
  '2026-06-01',
  '_x0041_ and _x000D_',
  "'quoted'",
  '<b>&amp;</b>',
  '👩‍💻 \u200b Bo',
  '名前',
  'a;b|c\td',
];

describe(`names that are awkward${without}`, () => {
  const tenant = 5;
  const june = { date_from: '2026-06-01', date_to: '2026-06-10', timezone: 'Asia/Ho_Chi_Minh' };
  let answered: Answered[];

  beforeAll(async () => {
    const site = await siteAt(Date.parse('2026-06-10T12:00:00Z'));
    const [small, large] = [0, 9_007_199_254_740_000];
    const ids = names.map((_, index) => index + 1 + (index % 5 ? small : large));
    await site.ingest(
      'agents',
      names.map((name, index) => ({ agent_id: ids[index], name, username: name })),
      tenant,
    );
    await site.ingest('campaigns', [{ campaign_id: 43, name: names[0], abandon_limit_pct: 2.5 }], tenant);
    await site.ingest(
      'dispositions',
      names.map((name, index) => ({ code: name, label: name, color: ['#10B981', '#FDE68A', '#111827'][index % 3] })),
      tenant,
    );
    await site.ingest(
      'caller_ids',
      names.map((name, index) => ({
        cid: index % 2 ? `0900000${index}` : name,
        display_name: index % 3 ? name : null,
        cooldown_until: index % 4 ? null : '2026-06-11T01:02:03.456Z',
      })),
      tenant,
    );
    await site.ingest(
      'leads',
      names.map((source, index) => ({
        lead_id: index + 1,
        campaign_id: 43,
        source,
        created_at: '2026-06-02T03:00:00Z',
      })),
      tenant,
    );
    await site.ingest(
      'calls',
      names.flatMap((name, index) =>
        Array.from({ length: index + 1 }, (_, call) =>
          talk({
            agent_id: ids[index],
            lead_id: index + 1,
            cid: index % 2 ? `0900000${index}` : name,
            disposition_code: name,
            talk_sec: 7 + call * 31,
            wrap_sec: call,
            started_at: new Date(Date.parse('2026-06-02T03:00:00Z') + (index * 7 + call) * 3_600_000).toISOString(),
            is_conversion: call % 3 === 0,
          }),
        ),
      ),
      tenant,
    );
    answered = [];
    for (const report of reports) {
      const params = { ...requiredOf(report, { ...june, campaign_id: 43 }), timezone: june.timezone };
      answered.push(await everyWay(site, { report: report.name, params, tenant_id: tenant }, tenant));
    }
  });

  test.skipIf(missing)('come back from CSV and Excel as the JSON has them', () => {
    compare(answered);
    const told = JSON.stringify(answered.map(({ rows }) => rows));
    for (const name of names) expect(told).toContain(JSON.stringify(name.trim()).slice(1, -1));
  });

  test('come back from NDJSON and Parquet as the JSON has them, each column of its type', () => compareTyped(answered));

  test.skipIf(noOffice)(
    `show in LibreOffice, which finds nothing to repair${noOffice ? `: ${noOffice}` : ''}`,
    { timeout: 300_000 },
    () => {
      const opened = openBooks(answered.map(({ books }) => books[0]!));
      const stored = readBooks(answered.map(({ books }) => books[0]!));
      for (const [index, { report, rows }] of answered.entries()) {
        const [sheet] = opened[index]!.sheets;
        const head = Number(stored[index]!.sheets[0]!.frozen);
        const cells = sheet!.rows.slice(head, head + rows.length);
        const columns = Object.entries(reportOf(report).columns);
        expect(
          sheet!.rows
            .slice(head + rows.length)
            .flat()
            .filter(({ kind }) => kind),
        ).toEqual([]);
        for (const [at, row] of rows.entries()) {
          for (const [place, [name, column]] of columns.entries()) {
            const cell = cells[at]![place];
            const where = `${report} ${name} of row ${at}`;
            if (column.kind === 'text' && row[name] !== null) {
              // It keeps line breaks as one kind.
              expect([where, cell?.kind, cell?.shown]).toEqual([
                where,
                'string',
                String(row[name]).replaceAll('\r\n', '\n'),
              ]);
            }
            if (column.kind === 'flag') expect([where, cell?.shown]).toEqual([where, String(row[name]).toUpperCase()]);
            if ('unit' in column && column.unit === 'percent') {
              expect([where, cell?.shown]).toEqual([where, expect.stringMatching(/^[\d.]+%$/)]);
              expect(Number.parseFloat(cell!.shown)).toBe(Number(row[name]));
            }
            if ('unit' in column && column.unit === 'seconds') {
              const [hours = 0, minutes = 0, seconds = 0] = cell!.shown.split(':').map(Number);
              expect([where, hours * 3600 + minutes * 60 + seconds]).toEqual([where, Number(row[name])]);
            }
          }
        }
      }
      const of = (name: string) => opened[answered.findIndex(({ report }) => report === name)]!;
      expect(of('time-series').charts).toBe(1);
      expect(of('funnel').charts).toBe(1);
      expect(of('hour-dow-heatmap').formats).toBeGreaterThanOrEqual(2);
      expect(of('caller-id-health').formats).toBeGreaterThanOrEqual(1);
      expect(of('hour-dow-heatmap').sheets.map(({ name }) => name)).toEqual([
        'Hour x weekday heatmap',
        'Grid',
        'Columns',
      ]);
    },
  );
});

test('a report of no rows is a file of no rows, whose columns have their types', async () => {
  const site = await siteAt(Date.parse('2026-06-10T12:00:00Z'));
  const empty: string[] = [];
  for (const report of reports.filter(({ over }) => over === 'window')) {
    const params = requiredOf(report, { date_from: '2026-06-01', date_to: '2026-06-10' });
    const answered = await everyWay(site, { report: report.name, params, tenant_id: 99 }, 99);
    await compareTyped([answered]);
    if (answered.rows.length === 0) empty.push(report.name);
  }
  expect(empty).toContain('agent-performance');
});
