import { beforeAll, describe, expect, test } from 'vitest';
import { integer } from '../src/engine/columns.ts';
import { oneOf, yesOrNo } from '../src/engine/params.ts';
import { type AskedWindow, defineLiveReport, defineReport, type Report } from '../src/engine/report.ts';
import { openScope, type Scope } from '../src/engine/scope.ts';
import { type Sql, sql, toInstant } from '../src/sql.ts';
import { type Court, judgeReport, openCourt } from './judge-report.ts';
import { call, now, openWorld } from './world.ts';

// Reports that read what they may not, and what the wall says of each: a SELECT of one number n, hidden in three places.

const world = openWorld();
let court: Court;

type Leak = (scope: Scope, asked: AskedWindow) => Sql;
const webhooks: Leak = () => sql`SELECT count() AS n FROM webhooks`;
const among = ({ window }: AskedWindow) =>
  sql`calls.started_at >= ${toInstant(window.from)} AND calls.started_at < ${toInstant(window.to)}`;
const ofTenant = ({ tenantId }: AskedWindow) => sql`calls.tenant_id = {tenant:UInt64}`.bind({ tenant: tenantId });
const countOf = (calls: Sql) => sql`SELECT count() AS n FROM ${calls} AS calls`;
let kept: Sql | undefined;

const leaks: Record<string, [leak: Leak, named: string | RegExp]> = {
  'forgets the tenant': [
    (_, asked) => sql`SELECT count() AS n FROM calls FINAL WHERE ${among(asked)}`,
    'reads calls past its scope, without a condition on tenant_id',
  ],
  'forgets the window': [
    (_, asked) => sql`SELECT count() AS n FROM calls FINAL WHERE ${ofTenant(asked)}`,
    'reads calls past its scope, without a condition on started_at',
  ],
  'forgets the filters': [
    (_, asked) => sql`SELECT count() AS n FROM calls FINAL WHERE ${ofTenant(asked)} AND ${among(asked)}`,
    'reads calls past its scope',
  ],
  'writes the tenant itself': [
    (_, asked) => sql`SELECT count() AS n FROM calls FINAL WHERE calls.tenant_id = 2 AND ${among(asked)}`,
    'reads calls past its scope',
  ],
  'opens a scope of another tenant': [
    (_, asked) => countOf(openScope({ ...asked, filters: {}, tenantId: 2 }).agents),
    /reads agents past its scope|{tenant} is bound to two values/,
  ],
  'opens a wider window than it declared': [
    (_, asked) => countOf(openScope({ ...asked, filters: {}, window: { from: 0, to: asked.now } }).calls),
    'reads calls past its scope',
  ],
  'opens a scope without the filters': [
    (_, asked) => countOf(openScope({ ...asked, filters: {} }).calls),
    'reads calls past its scope, without a condition on team_id, agent_id',
  ],
  'keeps the rows of another question': [
    ({ calls }) => {
      kept ??= calls;
      return countOf(kept);
    },
    'reads calls past its scope',
  ],
  'reads a table': [webhooks, 'reads webhooks past its scope'],
  'reads a table after a comma': [
    ({ calls }) => sql`SELECT count() AS n FROM ${calls} AS calls, webhooks`,
    'reads webhooks past its scope',
  ],
  'joins a table': [
    ({ calls }) =>
      sql`SELECT count() AS n FROM ${calls} AS calls LEFT JOIN webhooks ON webhooks.webhook_id = calls.agent_id`,
    'reads webhooks past its scope',
  ],
  'reads a table in a sub-select': [
    (scope, asked) => sql`SELECT max(inner.n) AS n FROM (SELECT * FROM (${webhooks(scope, asked)})) AS inner`,
    'reads webhooks past its scope',
  ],
  'reads a table for a value': [
    (scope, asked) => sql`SELECT assumeNotNull((${webhooks(scope, asked)})) AS n`,
    'reads webhooks past its scope',
  ],
  'asks whether a table has rows': [
    () => sql`SELECT toUInt64(exists(SELECT 1 FROM webhooks)) AS n`,
    'reads webhooks past its scope',
  ],
  'names a table in WITH': [
    (scope, asked) => sql`WITH hooks AS (${webhooks(scope, asked)}) SELECT hooks.n AS n FROM hooks`,
    'reads webhooks past its scope',
  ],
  'puts a table in the place of one of the scope\u2019s': [
    ({ calls }) =>
      sql`WITH agents AS (SELECT webhook_id AS agent_id, tenant_id FROM webhooks) SELECT count() AS n FROM ${calls} AS calls`,
    'is no SELECT',
  ],
  'adds a table by UNION': [
    (scope, asked) => sql`SELECT toUInt64(1) AS n UNION ALL ${webhooks(scope, asked)}`,
    'reads webhooks past its scope',
  ],
  'looks into a table by a bare IN': [
    ({ calls }) => sql`SELECT countIf(calls.agent_id IN team_hooks) AS n FROM ${calls} AS calls`,
    'reads team_hooks past its scope',
  ],
  'unfolds a table': [
    () => sql`SELECT count() AS n FROM webhooks ARRAY JOIN kinds AS kind`,
    'reads webhooks past its scope',
  ],
  'looks a value up by joinGet': [
    ({ calls }) => sql`SELECT sum(joinGet('joined_hooks', 'url_hash', calls.agent_id)) AS n FROM ${calls} AS calls`,
    'calls joinGet()',
  ],
  'looks a value up in a dictionary': [
    ({ calls }) => sql`SELECT sum(dictGet('known_hooks', 'webhook_id', calls.agent_id)) AS n FROM ${calls} AS calls`,
    'calls dictGet()',
  ],
  'reads a dictionary': [
    () => sql`SELECT count() AS n FROM dictionary('known_hooks')`,
    'reads the table function dictionary()',
  ],
  'reads a dictionary as a table': [
    () => sql`SELECT count() AS n FROM known_hooks`,
    'reads known_hooks past its scope',
  ],
  'reads a view': [() => sql`SELECT count() AS n FROM default.all_hooks`, 'reads all_hooks past its scope'],
  'makes a view': [() => sql`SELECT count() AS n FROM view(SELECT * FROM webhooks)`, 'reads the table function view()'],
  'reads many tables by merge()': [
    () => sql`SELECT count() AS n FROM merge('default', '^web')`,
    'reads the table function merge()',
  ],
  'reads a table by loop()': [
    () => sql`SELECT count() AS n FROM (SELECT tenant_id FROM loop(webhooks) LIMIT 1)`,
    'reads the table function loop()',
  ],
  'reads a table from afar': [
    () => sql`SELECT count() AS n FROM remote('127.0.0.1', default.webhooks)`,
    'reads the table function remote()',
  ],
  'reads a file': [
    () => sql`SELECT count() AS n FROM file('/etc/passwd', LineAsString, 'line String')`,
    'reads the table function file()',
  ],
  'reads an address': [
    () => sql`SELECT count() AS n FROM url('http://127.0.0.1:1/', LineAsString, 'line String')`,
    'reads the table function url()',
  ],
  'reads a file as text': [() => sql`SELECT length(file('hooks.txt', '')) AS n`, 'calls file()'],
  'lists the tables': [() => sql`SELECT count() AS n FROM system.tables`, 'reads system.tables past its scope'],
  'lists the tables by another name': [
    () => sql`SELECT count() AS n FROM information_schema.tables`,
    'reads information_schema.tables past its scope',
  ],
  'asks who the engine is': [() => sql`SELECT length(currentUser()) AS n`, 'calls currentUser()'],
  'asks how the engine is set': [() => sql`SELECT toUInt64(getSetting('max_threads')) AS n`, 'calls getSetting()'],
  'keeps the engine waiting': [
    ({ calls }) => sql`SELECT sum(sleepEachRow(3)) AS n FROM ${calls} AS calls`,
    'calls sleepEachRow()',
  ],
  'changes the engine\u2019s settings': [
    ({ calls }) => sql`SELECT * FROM (SELECT count() AS n FROM ${calls} AS calls SETTINGS final = 0) AS counted`,
    "changes the engine's SETTINGS final=0",
  ],
  'writes a file': [(scope) => sql`${countOf(scope.calls)} INTO OUTFILE '/tmp/never-written'`, 'is no SELECT'],
  'is two statements': [(scope) => sql`${countOf(scope.calls)}; DROP TABLE webhooks`, 'is no SELECT'],
  'names what is not there': [
    ({ calls }) => sql`SELECT sum(calls.teem_id) AS n FROM ${calls} AS calls`,
    'is no SELECT',
  ],
};

const titled = {
  title: 'Leaking',
  about: 'It reads what it may not.',
  columns: { n: integer('Number', 'A number') },
  counts: { of: 'calls' },
} as const;

/** The same leak in each place where it may hide. */
const places = {
  always: (leak: Leak) => defineReport({ ...titled, name: 'leaking', sql: (scope, asked) => leak(scope, asked) }),
  'only with a rare parameter, in another time zone': (leak: Leak) =>
    defineReport({
      ...titled,
      name: 'rarely-leaking',
      params: { depth: oneOf('How deep', ['flat', 'deep']) },
      sql: (scope, asked) =>
        asked.params.depth === 'deep' && asked.timezone !== 'UTC' ? leak(scope, asked as never) : countOf(scope.calls),
    }),
  'only in a list beside the columns': (leak: Leak) =>
    defineReport({
      ...titled,
      name: 'leaking-beside',
      params: { more: yesOrNo('1: more') },
      parts: { more: { title: 'More', about: 'more', columns: titled.columns, key: ['n'] } },
      sql: (scope, asked) =>
        asked.params.more
          ? sql`SELECT counted.n AS n, more.list AS more FROM (${countOf(scope.calls)}) AS counted
              CROSS JOIN (SELECT groupArray(leak.n) AS list FROM (${leak(scope, asked as never)}) AS leak) AS more`
          : countOf(scope.calls),
    }),
};

beforeAll(async () => {
  const { store } = world;
  for (const made of [
    sql`CREATE VIEW all_hooks AS SELECT * FROM webhooks`,
    sql`CREATE TABLE team_hooks (team_id UInt64) ENGINE = Memory`,
    sql`CREATE TABLE joined_hooks (id UInt64, url_hash UInt64) ENGINE = Join(ANY, LEFT, id)`,
    sql`CREATE DICTIONARY known_hooks (tenant_id UInt64, webhook_id UInt64) PRIMARY KEY tenant_id
      SOURCE(CLICKHOUSE(TABLE 'webhooks')) LAYOUT(HASHED()) LIFETIME(0)`,
  ])
    await store.command(made);
  const tenantId = 1;
  await world.ingest('calls', [call(), call({ campaign_id: 3 })], { tenantId });
  court = openCourt(store, tenantId, Date.parse(now));
});

describe.each(Object.entries(places))('a report that, %s,', (_, hide) => {
  test.each(Object.entries(leaks))('%s', async (_, [leak, named]) => {
    expect(await firstLeakOf(hide(leak))).toMatch(named);
  });
});

/** A report on the present that asks this, too, when it is asked for more. */
const live = (leak: (scope: Scope) => Sql) =>
  defineLiveReport({
    ...titled,
    name: 'leaking-now',
    params: { more: yesOrNo('1: more') },
    span: { from: 'n', to: 'n' },
    window: ({ now }) => ({ from: now - 60_000, to: now }),
    async measure(query, scope, { params }) {
      await query(countOf(scope.calls));
      if (params.more) await query(leak(scope));
      return {};
    },
    show: () => ({ current: { n: 0 } }),
  });

test.each([
  ['reads a table', leaks['reads a table']],
  ['lists the tables', leaks['lists the tables']],
  ['asks who the engine is', leaks['asks who the engine is']],
])('a report on the present that, only when it is asked for more, %s', async (_, leak) => {
  const [select, named] = leak as (typeof leaks)[string];
  expect(await firstLeakOf(live((scope) => select(scope, {} as never)))).toMatch(named);
});

test('a report on the present that reads the calls of all times', async () => {
  const select = () =>
    sql`SELECT count() AS n FROM calls FINAL WHERE calls.tenant_id = {tenant:UInt64}`.bind({ tenant: 1 });
  expect(await firstLeakOf(live(select))).toContain(
    'reads calls past its scope, without a condition on started_at, campaign_id',
  );
});

test('a report that names what its scope hands out leaks nothing, wherever it does', async () => {
  for (const hide of Object.values(places)) expect(await firstLeakOf(hide(({ calls }) => countOf(calls)))).toBe('');
  expect(await firstLeakOf(live(({ agents }) => countOf(agents)))).toBe('');
});

async function firstLeakOf(report: Report): Promise<string> {
  kept = undefined;
  for await (const { leaks } of judgeReport(report, court)) if (leaks.length > 0) return leaks.join('; ');
  return '';
}
