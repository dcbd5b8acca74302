import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Importer, openImporter } from '../../src/ingest/importer.ts';
import { ingestFile } from '../../src/ingest/ingest-file.ts';
import { firstHashId, idsOf, listNames, mostNames } from '../../src/ingest/names.ts';
import { sql } from '../../src/sql.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { purgeLead } from '../../src/store/purge.ts';
import type { Store } from '../../src/store/store.ts';
import type { TableName } from '../../src/tables.ts';
import { builtOf } from '../built.ts';
import { describeStores } from '../engines.ts';

describeStores((engine) => {
  let directory: string;
  let store: Store;
  let importer: Importer;
  let tenantId = 0;

  beforeAll(async () => {
    ({ directory, store } = engine);
    importer = openImporter(store, { directory: join(directory, 'uploads') });
  });
  beforeEach(() => {
    tenantId++;
  });
  afterAll(async () => {
    await importer?.close();
  });

  const ingest = async (table: TableName, row: Record<string, unknown>) => {
    const path = join(directory, 'rows.ndjson');
    writeFileSync(path, JSON.stringify(row));
    const done = await ingestFile(importer, { tenantId, table, format: 'ndjson', path, stamp: Date.now() });
    expect(done.first_refused).toEqual([]);
  };

  test('in any case, names that differ in case alone have one id: that of the first that came', async () => {
    const inAnyCase = { inAnyCase: true };
    const first = await idsOf(store, tenantId, 'agent', ['JDoe', 'jdoe', 'Đỗ', 'other', 'JDOE'], inAnyCase);
    expect(new Set(['JDoe', 'jdoe', 'JDOE'].map((name) => first.get(name))).size).toBe(1);
    expect(first.get('other')).not.toBe(first.get('jdoe'));
    const later = await idsOf(store, tenantId, 'agent', ['JDOE', 'đỗ', 'ĐỖ', 'new'], inAnyCase);
    expect(later.get('JDOE')).toBe(first.get('jdoe'));
    expect([later.get('đỗ'), later.get('ĐỖ')]).toEqual([first.get('Đỗ'), first.get('Đỗ')]);
    const names = (await listNames(store, tenantId, { kind: 'agent', limit: 100 })).map(({ name }) => name);
    expect(names).toEqual(['JDoe', 'Đỗ', 'other', 'new']);
    // Other doors tell them apart still; of several, the first is meant.
    const exact = await idsOf(store, tenantId, 'agent', ['jdoe', 'JDoe']);
    expect(exact.get('jdoe')).not.toBe(exact.get('JDoe'));
    expect((await idsOf(store, tenantId, 'agent', ['jdoe'], inAnyCase)).get('jdoe')).toBe(exact.get('JDoe'));
  });

  test('a tenant may have so many names of a kind and no more; those that it has it keeps', async () => {
    const [first] = await idsOf(store, tenantId, 'team', ['first']);
    await store.command(
      sql`INSERT INTO names (tenant_id, kind, name, id)
        SELECT {tenant:UInt64}, 'team', concat('team ', toString(number)), number + 2 FROM numbers({count:UInt64})`.bind(
        {
          tenant: tenantId,
          count: mostNames.team - 2,
        },
      ),
    );
    const last = await idsOf(store, tenantId, 'team', ['last']);
    await expect(idsOf(store, tenantId, 'team', ['one more'])).rejects.toMatchObject({
      code: 'TOO_MANY_NAMES',
      status: 409,
      message: expect.stringContaining('send ids of your own'),
    });
    expect(await idsOf(store, tenantId, 'team', ['first', 'last'])).toEqual(new Map([...[first ?? ['', 0]], ...last]));
    // Each kind and each tenant counts for itself.
    expect((await idsOf(store, tenantId, 'agent', ['one more'])).size).toBe(1);
    expect((await idsOf(store, tenantId + 100_000, 'team', ['one more'])).size).toBe(1);
  });

  test('a name keeps its id, whoever asks and however often', async () => {
    const first = await idsOf(store, tenantId, 'campaign', ['OUTBOUND', 'Outbound', ' OUTBOUND\u00a0', '', '\u2003']);
    expect(Object.fromEntries(first)).toEqual({ OUTBOUND: 1, Outbound: 2, ' OUTBOUND\u00a0': 1 });
    expect(await idsOf(store, tenantId, 'campaign', ['LATE', 'Outbound'])).toEqual(
      new Map([
        ['LATE', 3],
        ['Outbound', 2],
      ]),
    );
    expect(await idsOf(store, tenantId, 'agent', ['OUTBOUND'])).toEqual(new Map([['OUTBOUND', 1]]));
    expect(await idsOf(store, tenantId + 1000, 'campaign', ['LATE'])).toEqual(new Map([['LATE', 1]]));
    expect(await listNames(store, tenantId, { kind: 'campaign', after: 1, limit: 1 })).toEqual([
      { name: 'Outbound', id: 2 },
    ]);
  });

  test('an id that any table names already goes to no name', async () => {
    await ingest('campaigns', { campaign_id: 5, name: 'Five' });
    await ingest('leads', { lead_id: 70, campaign_id: 9, created_at: '2026-06-01' });
    await ingest('agents', { agent_id: 30, name: 'Thirty', team_id: 12 });
    await ingest('calls', {
      call_id: 'c',
      campaign_id: 7,
      started_at: '2026-06-01',
      outcome: 'busy',
      agent_id: 31,
      team_id: 13,
      lead_id: 71,
    });
    expect(await idsOf(store, tenantId, 'campaign', ['A'])).toEqual(new Map([['A', 10]]));
    expect(await idsOf(store, tenantId, 'agent', ['A'])).toEqual(new Map([['A', 32]]));
    expect(await idsOf(store, tenantId, 'team', ['A'])).toEqual(new Map([['A', 14]]));
    expect(await idsOf(store, tenantId, 'lead', ['A'])).toEqual(new Map([['A', 72]]));
  });

  test('hashes, and other ids as large, leave room below them', async () => {
    await ingest('leads', { lead_id: Number.MAX_SAFE_INTEGER, campaign_id: 1, created_at: '2026-06-01' });
    await ingest('leads', { lead_id: firstHashId, campaign_id: 1, created_at: '2026-06-01' });
    await ingest('leads', { lead_id: firstHashId - 3, campaign_id: 1, created_at: '2026-06-01' });
    expect(await idsOf(store, tenantId, 'lead', ['A', 'B'])).toEqual(
      new Map([
        ['A', firstHashId - 2],
        ['B', firstHashId - 1],
      ]),
    );
    await expect(idsOf(store, tenantId, 'lead', ['C'])).rejects.toMatchObject({ code: 'INVALID_PARAMS' });
    expect((await idsOf(store, tenantId, 'lead', ['B'])).get('B')).toBe(firstHashId - 1);
  });

  test('callers who ask at once for names that overlap agree', async () => {
    const asked = Array.from({ length: 12 }, (_, caller) =>
      Array.from({ length: 40 }, (__, number) => `user ${(caller * 7 + number) % 60}`),
    );
    const answers = await Promise.all(asked.map((names) => idsOf(store, tenantId, 'agent', names)));
    const agreed = new Map<string, number>();
    for (const answer of answers) {
      for (const [name, id] of answer) {
        expect(agreed.get(name) ?? id).toBe(id);
        agreed.set(name, id);
      }
    }
    expect([...agreed.values()].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
  });

  test('thousands of names, and any text as a name', async () => {
    const many = Array.from({ length: 2500 }, (_, number) => `lead ${number} ${'x'.repeat(number % 50)}`);
    const ids = await idsOf(store, tenantId, 'lead', many);
    expect(many.map((name) => ids.get(name))).toEqual(many.map((_, index) => index + 1));
    expect(await idsOf(store, tenantId, 'lead', many)).toEqual(ids);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 8 }), async (names) => {
        const given = await idsOf(store, tenantId, 'team', names);
        expect(await idsOf(store, tenantId, 'team', names)).toEqual(given);
        const kept = new Set((await listNames(store, tenantId, { kind: 'team', limit: 10_000 })).map(({ id }) => id));
        for (const id of given.values()) expect(kept).toContain(id);
      }),
      { numRuns: 30, examples: [[["'); DROP TABLE names; --", '\\N', '\0', '__proto__', 'a\nb']]] },
    );
    await expect(idsOf(store, tenantId, 'team', ['x'.repeat(1001)])).rejects.toMatchObject({ code: 'INVALID_PARAMS' });
  });

  test('what was given is still there when the store is opened again', async () => {
    const before = await idsOf(store, tenantId, 'campaign', ['A', 'B']);
    await store.close();
    store = await engine.open();
    expect(await idsOf(store, tenantId, 'campaign', ['B', 'A'])).toEqual(before);
    expect(await idsOf(store, tenantId, 'campaign', ['C'])).toEqual(new Map([['C', 3]]));
  });

  test('a lead that is purged loses its name, and its id goes to nobody else', async () => {
    await idsOf(store, tenantId, 'lead', ['Ann', 'Bob']);
    await idsOf(store, tenantId, 'agent', ['Bob', 'Bea']);
    expect(await purgeLead(store, { tenantId, leadId: 2 })).toMatchObject({ names: 1, gone: true });
    expect(await listNames(store, tenantId, { kind: 'lead', limit: 10 })).toEqual([{ name: 'Ann', id: 1 }]);
    expect(await listNames(store, tenantId, { kind: 'agent', limit: 10 })).toHaveLength(2);
    expect(await idsOf(store, tenantId, 'lead', ['Cid', 'Bob'])).toEqual(
      new Map([
        ['Cid', 3],
        ['Bob', 4],
      ]),
    );
  });
});

test('a process that is killed while it names has lost none of the ids that it told', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'dialtally-names-'));
  const path = join(directory, 'store');
  const told = new Map<string, number>();
  try {
    for (const run of ['first', 'second', 'third']) {
      const script = builtOf('test/ingest/name-endlessly.ts');
      const child = spawn(process.execPath, [script, path, run], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.on('data', (text: Buffer) => {
        said += text;
        if (said.split('\n').length > 20) child.kill('SIGKILL');
      });
      await once(child, 'close');
      for (const [, name = '', id] of said.matchAll(/(.+)=(\d+)\n/g)) told.set(name, Number(id));
    }
    expect(told.size).toBeGreaterThanOrEqual(60);
    expect(new Set(told.values()).size).toBe(told.size);
    const store = await openEmbedded({ path });
    await migrate(store);
    expect(await idsOf(store, 1, 'lead', [...told.keys()])).toEqual(told);
    await store.close();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}, 120_000);
