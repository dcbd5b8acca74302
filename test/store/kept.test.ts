import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sql } from '../../src/sql.ts';
import { changesAudit, tokens } from '../../src/store/kept/access.ts';
import { breaches } from '../../src/store/kept/monitor.ts';
import { webhooks } from '../../src/store/kept/webhooks.ts';
import { tableNames } from '../../src/tables.ts';
import { openWorld } from '../world.ts';
import { kept } from './kept.ts';

const world = openWorld();

interface OnDisk {
  engine: string;
  key: string;
  version: string;
}

/** A table as it lies on disk. */
async function readTable(table: string): Promise<OnDisk | undefined> {
  const [found] = await world.store.query<OnDisk>(
    sql`SELECT engine, sorting_key AS key, extract(engine_full, '^ReplacingMergeTree\\((\\w+)\\)') AS version
      FROM system.tables WHERE database = currentDatabase() AND name = {table:String}`.bind({ table }),
  );
  return found;
}

test.each(kept)('$table is on disk as it is declared', async ({ table, key, version, whose, columns }) => {
  expect(await readTable(table)).toEqual({
    engine: version === undefined ? 'MergeTree' : 'ReplacingMergeTree',
    key: key.join(', '),
    version: version ?? '',
  });
  const onDisk = await world.store.query<{ name: string; type: string; isMade: boolean }>(
    sql`SELECT name, type, default_kind != '' AS isMade FROM system.columns
      WHERE database = currentDatabase() AND table = {table:String} ORDER BY position`.bind({ table }),
  );
  expect(onDisk.map(({ name }) => name)).toEqual(Object.keys(columns));
  for (const { name, type, isMade } of onDisk) {
    const kind = columns[name]!;
    expect(kind.types, `${table}.${name}`).toContain(type);
    expect('isMade' in kind, `${table}.${name} is made by the table`).toBe(Boolean(isMade));
  }
  expect('tenant_id' in columns, `${table} says whose its rows are`).toBe(whose !== 'server');
});

test('every table on disk is declared: as one that goes in, or as one of our own', async () => {
  const tables = await world.store.query<{ name: string }>(
    sql`SELECT name FROM system.tables WHERE database = currentDatabase() AND NOT startsWith(name, 'staging_') ORDER BY name`,
  );
  const declared = [...tableNames, ...kept.map(({ table }) => table), 'migrations'];
  expect(tables.map(({ name }) => name)).toEqual(declared.sort());
});

test('every file of declarations is among them', () => {
  const files = readdirSync(new URL('../../src/store/kept/', import.meta.url));
  expect(files.sort()).toEqual(['access.ts', 'ingest.ts', 'monitor.ts', 'webhooks.ts']);
});

test('a row is read as it was written: instants, lists, what is not given', async () => {
  const { store, tenantId } = world;
  const hook = {
    webhook_id: 3,
    url: 'https://dialer.example/hook',
    kinds: ['abandon.breached', 'abandon.recovered'],
    secret: 'whsec_x',
    created_at: '2026-06-03T09:00:00.001Z',
    gone_at: null,
    deleted_at: '2026-06-04T00:00:00.000Z',
  };
  await webhooks.add(store, [{ tenant_id: tenantId, ...hook, version: 1 }]);
  const read = webhooks.read('hooks', 'webhook_id', 'url', 'kinds', 'secret', 'created_at', 'gone_at', 'deleted_at');
  expect(await store.query(sql`SELECT ${read} FROM ${webhooks.of(tenantId)} AS hooks`)).toEqual([hook]);
});

test('the last version of a row counts, and the door gives the others when they are asked for', async () => {
  const { store, tenantId } = world;
  const token = {
    token_hash: String(tenantId).padStart(64, '0'),
    token_id: 1,
    tenant_id: tenantId,
    role: 'admin',
    team_id: null,
    agent_id: null,
    kind: 'token',
    of_token_id: null,
    created_at: Date.UTC(2026, 5, 3),
    expires_at: null,
    revoked_at: null,
  };
  await tokens.add(store, [{ ...token, version: 2, role: 'agent' }]);
  await tokens.add(store, [{ ...token, version: 1 }]);
  const roles = (rows: ReturnType<typeof tokens.of>) =>
    store.query(
      sql`SELECT ${tokens.read('rows', 'role', 'team_id', 'created_at')} FROM ${rows} AS rows ORDER BY version`,
    );
  const agent = { role: 'agent', team_id: null, created_at: '2026-06-03T00:00:00.000Z' };
  expect(await roles(tokens.of(tenantId))).toEqual([agent]);
  expect(await roles(tokens.versions.of(tenantId))).toEqual([{ ...agent, role: 'admin' }, agent]);
});

test('where the first version counts, a later one changes nothing', async () => {
  const { store, tenantId } = world;
  const breach = {
    tenant_id: tenantId,
    campaign_id: 43,
    window_to: '2026-06-03T09:00:00Z',
    window_from: '2026-06-03T08:00:00Z',
    basis: 'attempts',
    attempts_total: 100,
    attempts_abandoned: 4,
    limit_pct: 3.000001,
  };
  for (const recorded_at of [Date.UTC(2026, 5, 3, 9, 2), Date.UTC(2026, 5, 3, 9, 1)]) {
    await breaches.add(store, [{ ...breach, recorded_at, version: recorded_at }]);
  }
  const read = breaches.read('rows', 'limit_pct', 'recorded_at');
  expect(await store.query(sql`SELECT ${read} FROM ${breaches.of(tenantId)} AS rows`)).toEqual([
    { limit_pct: 3.000001, recorded_at: '2026-06-03T09:01:00.000Z' },
  ]);
});

test('a tenant gets its own rows alone; one that is removed goes from no other', async () => {
  const { store, tenantId } = world;
  const other = tenantId + 1_000_000;
  const hook = { url: 'https://x.example', kinds: [], secret: '', created_at: 0, gone_at: null, deleted_at: null };
  await webhooks.add(
    store,
    [tenantId, other].map((tenant_id) => ({ tenant_id, webhook_id: 1, ...hook, version: 1 })),
  );
  const idsOf = async (rows: ReturnType<typeof webhooks.of>) =>
    (
      await store.query<{ tenant_id: number }>(
        sql`SELECT tenant_id FROM ${rows} AS hooks WHERE url = 'https://x.example' ORDER BY tenant_id`,
      )
    ).map(({ tenant_id }) => tenant_id);
  expect(await idsOf(webhooks.of(tenantId))).toEqual([tenantId]);
  expect(await idsOf(webhooks.ofTenantsIn(sql`SELECT {which:UInt64}`.bind({ which: other })))).toEqual([other]);
  expect(await idsOf(webhooks.ofEveryTenant)).toEqual([tenantId, other]);
  await store.command(sql`${webhooks.removal(tenantId, sql`1 OR 1`)} SETTINGS mutations_sync = 2`);
  expect(await idsOf(webhooks.ofEveryTenant)).toEqual([other]);
});

test('a statement is of one tenant: rows of two do not meet in it', () => {
  expect(() => sql`SELECT 1 FROM ${webhooks.of(1)} AS one, ${tokens.of(2)} AS other`).toThrow(/bound to two values/);
});

test('what is everybody\u2019s is read by a tenant, and removed with none', async () => {
  const { store, tenantId } = world;
  const change = { changed_at: 0, token_id: null, role: 'operator', details: {} };
  await changesAudit.add(store, [
    { ...change, tenant_id: 0, action: 'restore.done' },
    { ...change, tenant_id: tenantId, action: 'purge.done' },
    { ...change, tenant_id: tenantId + 1_000_000, action: 'purge.done' },
  ]);
  const actions = () =>
    store.query(sql`SELECT action FROM ${changesAudit.of(tenantId)} AS changes ORDER BY changes.action`);
  expect(await actions()).toEqual([{ action: 'purge.done' }, { action: 'restore.done' }]);
  await store.command(sql`${changesAudit.removal(tenantId, sql`1`)} SETTINGS mutations_sync = 2`);
  expect(await actions()).toEqual([{ action: 'restore.done' }]);
});
