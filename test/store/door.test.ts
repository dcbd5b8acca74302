import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { tableNames } from '../../src/tables.ts';
import { readTexts, withoutComments } from '../sql-texts.ts';
import { kept } from './kept.ts';

/** Where whose a row is may be asked: in the scope of reports, and in the door to everything else. */
const doors = ['engine/scope.ts', 'store/door.ts'];
/** Where rows are inserted: kept tables, what goes in, the list of migrations; and what every store is made of. */
const inserting = ['ingest/ingest-parts.ts', 'store/kept.ts', 'store/migrate.ts'];
const stores = ['store/embedded.ts', 'store/server.ts', 'store/store.ts'];

const src = fileURLToPath(new URL('../../src/', import.meta.url));
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, source: readFileSync(join(src, file), 'utf8') }));
const owned = [...tableNames, ...kept.map(({ table }) => table)].join('|');

// A tenant's number may be selected, grouped and ordered by, and nothing else be done with it.
const mayFollow = /(?:^|\bSELECT(?:\s+DISTINCT)?|\bBY|\bAS|,)\s*(?:[a-z_]+\.)?$/i;
const mayPrecede = /^\s*(?:,|$|(?:AS|FROM|ORDER|GROUP|LIMIT|DESC|UNION)\b)/i;
const isSelected = /\bSELECT(?:\s+DISTINCT)?\s+(?:[a-z_]+\.)?$/i;

/** The places in a source that compare a tenant's number in SQL. */
function comparisons(source: string): string[] {
  return readTexts(source).flatMap(({ text, line, before, isSql }) => {
    const found = `${line}: ${text.replaceAll(/\s+/g, ' ').slice(0, 80)}`;
    if (text === 'tenant_id') return isSql || /\bname\($/.test(before) ? [found] : [];
    if (!isSql) return [];
    const isCompared = [...text.matchAll(/\btenant_id\b(?!')/g)].some(({ index }) => {
      const [head, tail] = [text.slice(0, index).replace(/["`]$/, ''), text.slice(index + 9).replace(/^["`]/, '')];
      return !(mayFollow.test(head) && mayPrecede.test(tail)) && !(isSelected.test(head) && /^\s*\)/.test(tail));
    });
    const isAsked = /(?:=|[<>]|\bIN|\bLIKE)\s*\(*\s*\{tenants?:|\{tenants?:[^}]*\}\s*(?:=|[<>!]|IN\b)/i.test(text);
    return isCompared || isAsked ? [found] : [];
  });
}

/** The places in a source that name a table of ours in SQL, or insert into one by its name. */
function namings(source: string): string[] {
  const ours = `["\`]?(?:${owned})\\b`;
  const named = new RegExp(
    `\\b(?:FROM|JOIN|INTO|TABLES?|IN|UPDATE|EXISTS|DESCRIBE|TRUNCATE|AND)\\s*\\(?\\s*(?:["\`]?\\w+["\`]?\\s*\\.\\s*)?${ours}(?!\\s*\\.)`,
    'i',
  );
  const asArgument = new RegExp(
    `\\b(?:merge|loop|remote|joinGet\\w*|dictGet\\w*|cluster)\\s*\\([^)]*\\b(?:${owned})\\b`,
    'i',
  );
  const listed = new RegExp(`\\bFROM\\b(?:(?!\\b(?:WHERE|GROUP|ORDER|SELECT|LIMIT)\\b)[^])*?,\\s*${ours}`, 'i');
  return readTexts(source)
    .filter(({ text, before, isSql }) =>
      isSql
        ? [named, listed, asArgument].some((pattern) => pattern.test(withoutComments(text)))
        : new RegExp(`^(?:${owned})$`).test(text) && /\b(?:insert|insertFile|name)\(\s*$/.test(before),
    )
    .map(({ text, line }) => `${line}: ${text.replaceAll(/\s+/g, ' ').slice(0, 80)}`);
}

/** What is found outside of the doors. */
const foundOutside = (find: (source: string) => string[]) =>
  sources
    .filter(({ file }) => !doors.includes(file))
    .flatMap(({ file, source }) => find(source).map((found) => `${file}:${found}`));

test('whose a row is, is asked in the scope of reports and in the door, and nowhere else', () => {
  expect(foundOutside(comparisons)).toEqual([]);
  const asking = sources.filter(({ source }) => comparisons(source).length > 0);
  expect(asking.map(({ file }) => file).sort()).toEqual([...doors].sort());
});

test('no other file names a table of ours', () => {
  expect(foundOutside(namings)).toEqual([]);
});

test('rows are inserted by the door, by what goes in and by the migrations', () => {
  const found = sources.filter(({ source }) => /\.insert(?:File)?\(/.test(source)).map(({ file }) => file);
  expect(found.sort()).toEqual([...inserting, ...stores].sort());
});

test.each([
  'sql`SELECT url FROM ${hooks} AS hooks WHERE hooks.tenant_id = {tenant:UInt64}`',
  'sql`SELECT url FROM ${hooks} AS hooks WHERE tenant_id={tenant:UInt64}`',
  'sql`tenant_id = ${of}`',
  'sql`${alias}.tenant_id IN (SELECT 1)`',
  'sql`{tenant:UInt64} = ${column}`',
  'sql`${column} = {tenant:UInt64}`',
  'sql`SELECT 1 WHERE 7 = log.tenant_id`',
  'sql`SELECT 1 WHERE (tenant_id, name) IN (SELECT 1, 2)`',
  'sql`SELECT 1 WHERE equals(7, tenant_id)`',
  'sql`SELECT 1 WHERE has([7], tenant_id)`',
  'sql`SELECT 1 FROM ${a} AS a JOIN ${b} AS b USING (tenant_id)`',
  'sql`SELECT 1 FROM ${a} AS a JOIN ${b} AS b USING tenant_id`',
  'sql`SELECT 1 FROM ${a} AS a WHERE "tenant_id" != 0`',
  'sql`SELECT 1 WHERE NOT log.tenant_id`',
  'sql`tenant_id`',
  "sql`${name('tenant_id')} > 0`",
  "'SELECT 1 FROM a WHERE tenant_id = 7'",
  'sql`SELECT ${inner(sql`x.tenant_id = 7`)} FROM ${a}`',
])('a tenant that is compared by hand is seen: %s', (source) => {
  expect(comparisons(`const quoted = /['"\`]/;\nrun(${source});`)).toHaveLength(1);
});

test.each([
  'sql`SELECT tenant_id, name FROM ${rows} AS rows ORDER BY tenant_id`',
  'sql`SELECT DISTINCT tenant_id FROM ${rows} AS rows`',
  'sql`SELECT events.tenant_id AS tenantId FROM ${rows} AS events GROUP BY events.tenant_id`',
  'sql`SELECT 1 FROM ${rows.ofTenantsIn(sql`SELECT hooks.tenant_id FROM ${hooks} AS hooks`)} AS rows`',
  'sql`SELECT {tenant:UInt64} AS tenant_id, 1 AS one`',
  'row.tenant_id === tenantId // sql`tenant_id = 7`',
  "hooks.read('hooks', 'tenant_id', 'url')",
])('one that is selected or sorted by is not: %s', (source) => {
  expect(comparisons(source)).toEqual([]);
});

test.each([
  'sql`SELECT url FROM webhooks AS hooks`',
  'sql`SELECT url FROM\n  webhooks FINAL`',
  'sql`SELECT url FROM/**/webhooks`',
  'sql`SELECT url FROM -- all\n webhooks`',
  'sql`SELECT url FROM (webhooks)`',
  'sql`SELECT url FROM "default" . "webhooks"`',
  'sql`SELECT url FROM loop(webhooks)`',
  "sql`SELECT joinGet('tokens', 'role', 1)`",
  'sql`TRUNCATE webhooks`',
  'sql`EXCHANGE TABLES ${a} AND webhooks`',
  'sql`SELECT 1 FROM ${a} AS a INNER JOIN tokens ON 1`',
  'sql`SELECT 1 FROM ${a} AS a, tokens AS b`',
  'sql`SELECT 1 WHERE 1 IN tokens`',
  'sql`SELECT url FROM default.webhooks`',
  'sql`SELECT url FROM "webhooks"`',
  'sql`INSERT INTO names (id) SELECT 1`',
  'sql`ALTER TABLE calls DELETE WHERE 1`',
  "sql`SELECT url FROM ${name('webhooks')}`",
  "store.insert('hash_keys', rows)",
  "store.insertFile(\n  'refused_rows', file)",
  "'SELECT 1 FROM alert_events'",
])('a table of ours that is named by hand is seen: %s', (source) => {
  expect(namings(`const quoted = /['"\`]/;\nrun(${source});`)).toHaveLength(1);
});

test.each([
  'sql`SELECT url FROM ${webhooks.of(1)} AS webhooks WHERE webhooks.url != 1`',
  "inTurn(store, { what: 'tokens' }, work) // FROM tokens",
  "fail('Nothing was taken from calls in names.')",
])('one that is reached through its door is not: %s', (source) => {
  expect(namings(source)).toEqual([]);
});
