import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { QueryCanceled, QueryOverLimit } from '../../src/errors.ts';
import { shipped, sql } from '../../src/sql.ts';
import { type Embedded, openEmbedded } from '../../src/store/embedded.ts';
import { migrate, readMigrations } from '../../src/store/migrate.ts';
import { type Store, storeFor } from '../../src/store/store.ts';
import { describeStores } from '../engines.ts';

// What every engine must do.

/** A query that would run for minutes, and holds no memory. */
const endless = sql`SELECT sum(sipHash64(number)) AS sum FROM numbers(1000000000000)`;

describeStores((engine) => {
  let directory: string;
  let store: Store;

  beforeAll(async () => {
    ({ directory, store } = engine);
  });

  afterAll(async () => {});

  const runningEndless = sql`SELECT count() AS queries FROM system.processes
    WHERE query LIKE '%1000000000000%' AND query NOT LIKE '%system.processes%'`;
  const running = async () => (await store.query<{ queries: number }>(runningEndless))[0]?.queries;
  const untilNothingRuns = async () => {
    while ((await running()) !== 0) await new Promise((resolve) => setTimeout(resolve, 50));
  };

  test('knows itself', () => {
    expect(store.engine).toBe(engine.name);
  });

  test('answers everybody else while one tenant asks without end', async () => {
    const leaving = new AbortController();
    const asked = Array.from({ length: 40 }, () =>
      store.query(endless, { tenantId: 66, signal: leaving.signal }).catch((error: { code: string }) => error.code),
    );
    while ((await store.query<{ queries: number }>(runningEndless, { lane: 'own' }))[0]?.queries === 0);
    expect(await store.query(sql`SELECT 1 AS one`, { tenantId: 1 })).toEqual([{ one: 1 }]);
    for (const lane of ['own', 'live', 'clock', 'files'] as const) {
      expect(await store.query(sql`SELECT 1 AS one`, { lane })).toEqual([{ one: 1 }]);
    }
    await store.command(sql`CREATE TABLE beside (n UInt64) ENGINE = MergeTree ORDER BY n`);
    await store.insert('beside', [{ n: 1 }]);
    expect(await storeFor(store, { tenantId: 2 }).query(sql`SELECT n FROM beside`)).toEqual([{ n: 1 }]);
    leaving.abort();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['QUERY_CANCELED']));
    await untilNothingRuns();
  });

  test('gives back every text that is bound, whatever is in it', async () => {
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), texts, async (text, list) => {
        const [row] = await store.query<{ text: string; list: string[] }>(
          sql`SELECT {text:String} AS text, {list:Array(String)} AS list`.bind({ text, list }),
        );
        // A lone surrogate is no text: it goes out as U+FFFD.
        expect(row).toEqual({ text: text.toWellFormed(), list: list.map((item) => item.toWellFormed()) });
      }),
      { numRuns: 200, examples: [["\\N'; DROP TABLE calls; --\t\n\0\b", ["a'b\\", '"', ']', ',']]] },
    );
  });

  test('gives numbers up to 2^53 - 1 as numbers, and exact', async () => {
    const largest = Number.MAX_SAFE_INTEGER;
    const rows = await store.query(
      sql`SELECT {n:UInt64} AS n, -toInt64({n:UInt64}) AS negative, {ns:Array(UInt64)} AS ns, 0.1 AS f, true AS b, NULL AS nothing`.bind(
        {
          n: largest,
          ns: [1, largest],
        },
      ),
    );
    expect(rows).toEqual([{ n: largest, negative: -largest, ns: [1, largest], f: 0.1, b: true, nothing: null }]);
  });

  test('refuses a statement with a placeholder that nobody bound, and never uses an older value', async () => {
    await store.query(sql`SELECT {tenant:UInt64} AS t`.bind({ tenant: 1 }));
    await expect(store.query(sql`SELECT {tenant:UInt64} AS t`)).rejects.toThrow('{tenant} has no value');
  });

  test('answers a light query while heavy ones run', async () => {
    const controller = new AbortController();
    const heavy = [1, 2].map(() =>
      store.query(endless, { signal: controller.signal }).catch((error: unknown) => error),
    );
    while ((await running()) !== 2) await new Promise((resolve) => setTimeout(resolve, 20));
    const values = await Promise.all(
      Array.from({ length: 20 }, (_, n) => store.query<{ n: number }>(sql`SELECT {n:UInt64} AS n`.bind({ n }))),
    );
    expect(values.map(([row]) => row?.n)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(await running()).toBe(2);
    controller.abort();
    for (const ended of await Promise.all(heavy)) expect(ended).toBeInstanceOf(QueryCanceled);
    await untilNothingRuns();
  });

  test('ends a query in the engine when its signal aborts', async () => {
    const controller = new AbortController();
    const query = store.query(endless, { signal: controller.signal });
    const outcome = expect(query).rejects.toBeInstanceOf(QueryCanceled);
    while ((await running()) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort();
    await outcome;
    await untilNothingRuns();
  });

  test('starts nothing for a signal that has aborted already', async () => {
    await expect(store.query(endless, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(QueryCanceled);
  });

  test('holds a query to its time and its memory, and goes on afterwards', async () => {
    await expect(store.query(endless, { timeoutMs: 300 })).rejects.toBeInstanceOf(QueryOverLimit);
    const hungry = sql`SELECT groupArray(number) AS n FROM numbers(100000000)`;
    await expect(store.query(hungry, { memoryBytes: 50_000_000 })).rejects.toBeInstanceOf(QueryOverLimit);
    expect(await store.query(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
  });

  test('streams rows in chunks, and lets go when the reader leaves', async () => {
    let rows = 0;
    let chunks = 0;
    for await (const chunk of store.stream<{ number: number }>(
      sql`SELECT number FROM numbers({n:UInt64})`.bind({ n: 500_000 }),
    )) {
      rows += chunk.length;
      chunks++;
    }
    expect(rows).toBe(500_000);
    expect(chunks).toBeGreaterThan(1);
    for await (const chunk of store.stream(sql`SELECT number FROM numbers(1000000000000)`)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await untilNothingRuns();
    expect(await store.query(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
  });

  test('throws from the middle of a stream what goes wrong there', async () => {
    const failing = sql`SELECT throwIf(number = 3000000, 'broken') AS x FROM numbers(10000000) SETTINGS max_block_size = 1000`;
    await expect(
      (async () => {
        for await (const _ of store.stream(failing));
      })(),
    ).rejects.toThrow(/broken/);
    expect(await store.query(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
  });

  test('keeps what is inserted, unicode and all', async () => {
    await store.insert('teams', [
      { tenant_id: 7, team_id: 1, name: 'Đội "Bắc"\nα😀', version: '41538374868278621028243970633760768' },
      { tenant_id: 7, team_id: 2, name: '', version: '1329227995784915872903807060280344577' },
    ]);
    await store.insert('teams', []);
    expect(
      await store.query(
        sql`SELECT team_id, name, toString(version) AS version FROM teams WHERE tenant_id = 7 ORDER BY team_id`,
      ),
    ).toEqual([
      { team_id: 1, name: 'Đội "Bắc"\nα😀', version: '41538374868278621028243970633760768' },
      { team_id: 2, name: '', version: '1329227995784915872903807060280344577' },
    ]);
  });

  test('appends the rows of a file, unicode and all', async () => {
    const path = join(directory, 'rows {1,2}*.native');
    const columns = [
      { name: 'tenant_id', type: 'UInt64' },
      { name: 'team_id', type: 'UInt64' },
      { name: 'name', type: 'String' },
      { name: 'version', type: 'UInt128' },
    ];
    const writer =
      engine.name === 'embedded' ? (store as Embedded) : await openEmbedded({ path: join(directory, 'writer') });
    await writer.writeFile(
      { path, columns },
      sql`SELECT 8 AS tenant_id, number + 1 AS team_id, concat('Đội ', toString(number)) AS name, bitShiftLeft(toUInt128(7), 110) AS version FROM numbers(100000)`,
    );
    if (writer !== store) await writer.close();
    await store.insertFile('teams', { path, columns });
    expect(
      await store.query(
        sql`SELECT count() AS rows, sum(team_id) AS ids, countIf(name = concat('Đội ', toString(team_id - 1))) AS names FROM teams WHERE tenant_id = 8`,
      ),
    ).toEqual([{ rows: 100_000, ids: 5_000_050_000, names: 100_000 }]);
  });

  test('tells how far a long statement has come', async () => {
    const seen: number[] = [];
    await store.command(
      sql`INSERT INTO refused_rows (tenant_id, line) SELECT 1, number FROM numbers(2000000) WHERE sleepEachRow(0.0000005) = 1`,
      { onProgress: (rows) => seen.push(rows) },
    );
    for (const [index, rows] of seen.entries()) expect(rows).toBeGreaterThanOrEqual(seen[index - 1] ?? 0);
  });

  test('migrates once, and goes on where a crash ended the step before', async () => {
    expect(await migrate(store)).toEqual([]);
    const halfDone = {
      number: 9001,
      file: '9001-test.sql',
      statements: [
        'CREATE TABLE half_done (x UInt8) ENGINE = Memory',
        'CREATE TABLE not_yet (x UInt8) ENGINE = Memory',
      ],
    };
    await store.command(shipped(halfDone.statements[0] ?? ''));
    expect(await migrate(store, { migrations: [...readMigrations(), halfDone] })).toEqual([halfDone]);
    expect(await store.query(sql`SELECT count() AS rows FROM not_yet`)).toEqual([{ rows: 0 }]);
    expect(await migrate(store, { migrations: [...readMigrations(), halfDone] })).toEqual([]);
  });

  test('names a bug in a statement as what it is', async () => {
    await expect(store.query(sql`SELECT nothing FROM nowhere`)).rejects.toThrow(/nowhere/);
  });
});
