import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { kindOf } from '../src/engine/column-kinds.ts';
import type { Columns } from '../src/engine/columns.ts';
import { columnsOf, type LiveReport, partsOf, type Report, type WindowReport } from '../src/engine/report.ts';
import { measureLive } from '../src/engine/run.ts';
import { toResponseSchema } from '../src/engine/schema.ts';
import { type Filters, openScope } from '../src/engine/scope.ts';
import { defaultSettings } from '../src/engine/settings.ts';
import { reports } from '../src/reports/index.ts';
import { type Sql, sql } from '../src/sql.ts';
import { agent, call, disposition, lead, now, openWorld, type Row } from './world.ts';

const world = openWorld();
const root = new URL('../', import.meta.url);
const readText = (path: string) => readFileSync(new URL(path, root), 'utf8');
const filesOf = (folder: string) => readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' });

const windowReports = reports.filter((report): report is WindowReport => report.over === 'window');
const liveReports = reports.filter((report): report is LiveReport => report.over === 'now');

const at = Date.parse(now);
const window = { from: Date.parse('2026-06-01T00:00:00Z'), to: Date.parse('2026-06-08T00:00:00Z') };
const someFilters: Filters[] = [{}, { campaignId: 1, teamId: 2, agentIds: [1, 2] }];

const askedIn = (tenantId: number) => ({
  tenantId,
  timezone: 'Asia/Ho_Chi_Minh',
  settings: defaultSettings,
  now: at,
});

/** Every combination of a report's own parameters that are words. */
function variantsOf(report: Report): Record<string, unknown>[] {
  return Object.entries(report.params).reduce<Record<string, unknown>[]>(
    (all, [name, { kind, choices: words = [] }]) => {
      const choices = kind === 'flag' ? [true] : words;
      return all.flatMap((variant) => [variant, ...choices.map((choice) => ({ ...variant, [name]: choice }))]);
    },
    [{}],
  );
}

/** Every statement that a report over a window can make, with the lists that it has beside the columns. */
function statementsOf(report: WindowReport): { statement: Sql; extras: string[] }[] {
  return someFilters.flatMap((filters) =>
    variantsOf(report).map((params) => ({
      extras: Object.keys(report.parts).filter((name) => params[name]),
      statement: toStatement(report, filters, params),
    })),
  );
}

function toStatement(report: WindowReport, filters: Filters, params: Record<string, unknown>): Sql {
  const asked = { ...askedIn(world.tenantId), window, params: params as never };
  return report.sql(openScope({ ...asked, filters }, report.wider, asked), asked);
}

test('the index lists every file', () => {
  const names = filesOf('src/reports')
    .filter((file) => file !== 'index.ts')
    .map((file) => file.replace(/\.ts$/, ''))
    .sort();
  expect(reports.map(({ name }) => name)).toEqual(names);
});

describe.each(reports)('$name', (report) => {
  test('names no zone to the store, whose rules are not those of this process', () => {
    if (report.over !== 'window') return;
    for (const { statement } of statementsOf(report)) {
      expect(Object.values(statement.params).map(String)).not.toContain(askedIn(1).timezone);
    }
  });

  test('has stories and a page', () => {
    expect(existsSync(new URL(`test/reports/${report.name}.test.ts`, root))).toBe(true);
    const page = readText(`docs/reports/${report.name}.md`);
    for (const heading of ['## How it is computed', '## Edge cases', '## Example']) expect(page).toContain(heading);
  });

  test('its page\u2019s example is an answer that it could give', () => {
    const page = readText(`docs/reports/${report.name}.md`);
    const example = /## Example[\s\S]*?```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const ajv = new Ajv2020({ strict: false });
    formats.default(ajv);
    expect(ajv.validate(toResponseSchema(report), JSON.parse(example)), ajv.errorsText()).toBe(true);
  });

  test('its words end as sentences should', () => {
    expect(report.about).toMatch(/^[A-Z].*\.$/);
    for (const [, { label, meaning }] of columnsOf(report)) {
      expect(label).not.toBe('');
      expect(meaning).not.toMatch(/^$|\.$/);
    }
  });
});

/** A ClickHouse type that is a list of rows of these columns. */
function expectRows(type: string, columns: Columns): void {
  const fields =
    /^Array\(Tuple\((.*)\)\)$/
      .exec(type)?.[1]
      ?.split(', ')
      .map((field) => field.split(' ')) ?? [];
  expect(fields.map(([name]) => name)).toEqual(Object.keys(columns));
  for (const [name = '', fieldType = ''] of fields)
    expect(fieldType).toMatch(kindOf(columns[name]!).sqlType(columns[name]!));
}

describe.each(windowReports)('the SQL of $name', (report) => {
  test('selects exactly the declared columns, in order, with fitting types', async () => {
    for (const { statement, extras } of statementsOf(report)) {
      const found = await world.store.query<{ name: string; type: string }>(sql`DESCRIBE (${statement})`);
      expect(found.map(({ name }) => name)).toEqual([
        ...Object.keys(report.columns),
        ...Object.keys(report.hidden),
        ...extras,
      ]);
      for (const { name, type } of found) {
        // ClickHouse: DESCRIBE breaks the lines of a named tuple.
        const oneLine = type.replaceAll(/\s+/g, ' ').replaceAll('( ', '(');
        const part = report.parts[name];
        const column = report.columns[name] ?? report.hidden[name];
        if (part) expectRows(oneLine, part.columns);
        else expect(oneLine, name).toMatch(kindOf(column!).sqlType(column!));
      }
    }
  });

  test('ends with an order, when it is a list', () => {
    if (report.rows === 'one') return;
    for (const { statement } of statementsOf(report))
      expect(statement.text).toMatch(/ORDER BY [^)]*(\([^()]*\)[^)]*)*$/);
  });
});

describe.each(liveReports)('the run of $name', (report) => {
  test('answers with the declared columns in order', async () => {
    await world.ingest('calls', [call(), call({ outcome: 'abandoned' })]);
    const params = Object.fromEntries(
      Object.keys(report.params).map((name) => [name, name in report.parts || undefined]),
    );
    const question = { report, filters: { campaignId: 1 }, timezone: 'UTC', params };
    const show = await measureLive(question, {
      tenantId: world.tenantId,
      now: at,
      query: (statement) => world.store.query(statement),
    });
    const data = show(params) as Record<string, object>;
    expect(Object.keys(data)).toEqual(partsOf(report).map(({ name }) => name));
    expect(Object.keys(data[report.main]!)).toEqual(Object.keys(report.columns));
    expect(
      new Ajv2020({ strict: false, validateFormats: false }).validate(toResponseSchema(report), {
        data,
      }),
    ).toBe(true);
  });
});

/** Rows with many ties: whatever isn't decided by an order would show. */
const tied: Record<'agents' | 'dispositions' | 'caller_ids' | 'leads' | 'calls', Row[]> = {
  agents: [1, 2, 3, 4, 5, 6].map((agent_id) => agent({ agent_id, name: 'Same name' })),
  dispositions: ['sale', 'Sale', 'later', 'never'].map((code) => disposition({ code, label: 'Same label' })),
  caller_ids: ['0901', '0902', '0903', '+84901'].map((cid) => ({ cid })),
  leads: Array.from({ length: 40 }, (_, index) =>
    lead({ lead_id: index + 1, source: ['a', 'b', 'A', ''][index % 4]! }),
  ),
  calls: Array.from({ length: 120 }, (_, index) =>
    call({
      agent_id: (index % 6) + 1,
      lead_id: (index % 40) + 1,
      cid: ['0901', '0902', '+84901', '0909'][index % 4]!,
      disposition_code: ['sale', 'Sale', 'later', 'unheard-of'][index % 4]!,
      started_at: `2026-06-0${(index % 5) + 1}T0${index % 8}:15:00Z`,
      updated_at: '2026-06-08T00:00:00Z',
    }),
  ),
};

test('the same rows in any order and any number of files give the same answers', async () => {
  const [forward, backward] = [world.tenantId, world.tenantId + 500_000];
  for (const [table, rows] of Object.entries(tied) as [keyof typeof tied, Row[]][]) {
    await world.ingest(table, rows, { tenantId: forward });
  }
  for (const [table, rows] of (Object.entries(tied) as [keyof typeof tied, Row[]][]).reverse()) {
    const turned = [...rows].reverse();
    await world.ingest(
      table,
      turned.filter((_, index) => index % 3 === 0),
      { tenantId: backward },
    );
    await world.ingest(table, turned, { tenantId: backward });
  }
  for (const { name } of windowReports) {
    const one = await world.ask(name, {}, { tenantId: forward });
    expect(await world.ask(name, {}, { tenantId: backward }), name).toEqual(one);
    expect(await world.ask(name, {}, { tenantId: forward }), name).toEqual(one);
  }
});

test('no sentence counts the reports: the catalogue does', () => {
  const counted = /\b(?:\d+|eight|nine|ten|eleven|twelve|ninth|tenth|eleventh)\s+(?:\w+\s+)?reports?\b|\ball nine\b/i;
  const texts = [
    ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'package.json'],
    ...['docs', 'src', 'scripts', 'bench', 'test', 'examples'].flatMap((folder) =>
      filesOf(folder).map((file) => `${folder}/${file}`),
    ),
  ].filter((file) => /\.(md|ts|js|json)$/.test(file) && file !== 'test/catalogue.test.ts');
  const counting = texts.filter((file) => counted.test(readText(file)));
  // What the contract prints is the contract's to count.
  expect(counting).toEqual(['test/spec.test.ts']);
});

test('what is generated is up to date', () => {
  const script = fileURLToPath(new URL('scripts/generate.ts', root));
  const done = spawnSync(process.execPath, ['--import', 'tsx', script, '--check'], {
    cwd: fileURLToPath(root),
    encoding: 'utf8',
  });
  expect(done.stdout + done.stderr).toBe('');
  expect(done.status).toBe(0);
});

test('every variable of the environment is explained', () => {
  const read = [...readText('src/config.ts').matchAll(/\benv\.([A-Z_]+)/g)].map(([, name]) => name);
  const page = readText('docs/operating.md');
  expect([...new Set(read)].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('links between the pages lead somewhere', () => {
  const pages = [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...filesOf('docs').map((file) => `docs/${file}`),
  ];
  const toAnchor = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-');
  const dead = pages
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) => {
      const links = [...readText(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
      return links
        .filter(([, path = '', anchor]) => {
          const target = new URL(path || page.split('/').at(-1) || '', new URL(page, root));
          if (!existsSync(target)) return true;
          const headings = anchor
            ? [...readFileSync(target, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => toAnchor(text))
            : [];
          return anchor !== undefined && !headings.includes(anchor);
        })
        .map(([link]) => `${page}: ${link}`);
    });
  expect(dead).toEqual([]);
});

test('every exported function, class and type says what it is', () => {
  const declaration = /^export (async )?(function|class|interface|type|const \w+ = (async )?(<[^=]*>)?\()/;
  const silent = filesOf('src')
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const lines = readText(`src/${file}`).split('\n');
      return lines
        .map((line, index) => ({ line, before: lines[index - 1] ?? '', place: `src/${file}:${index + 1}` }))
        .filter(({ line, before }) => declaration.test(line) && !before.trimEnd().endsWith('*/'))
        .map(({ line, place }) => `${place} ${line}`);
    });
  expect(silent).toEqual([]);
});
