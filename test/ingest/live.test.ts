import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openArrivals } from '../../src/ingest/arrivals.ts';
import { type Importer, openImporter } from '../../src/ingest/importer.ts';
import { ingestFile } from '../../src/ingest/ingest-file.ts';
import { openAnswers } from '../../src/ingest/keyed-answers.ts';
import { type Live, openLive } from '../../src/ingest/live.ts';
import type { Reconciliation } from '../../src/ingest/reconciliation.ts';
import type { SmallBody } from '../../src/ingest/small-body.ts';
import { openStamp } from '../../src/ingest/stamp.ts';
import { sql } from '../../src/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { describeStores } from '../engines.ts';

describeStores((engine) => {
  let directory: string;
  let store: Store;
  let importer: Importer;
  let live: Live;
  let tenant = 0;
  const clock = openStamp();
  const arrivals = openArrivals();
  const arrived: string[] = [];

  beforeAll(async () => {
    ({ directory, store } = engine);
    importer = openImporter(store, { directory: join(directory, 'uploads'), arrivals });
    live = openLive(importer, clock);
    arrivals.listen((tenantId, table) => arrived.push(`${tenantId} ${table}`));
  });

  afterAll(async () => {
    await live?.close();
    await importer?.close();
  });

  type Sent = Omit<SmallBody, 'bytes' | 'file' | 'tenantId'> & { text: string };

  const together = (bodies: readonly Sent[], tenantId: number) =>
    Promise.all(
      bodies.map(({ text, ...body }) =>
        live
          .ingest({ ...body, tenantId, bytes: Buffer.from(text), file: `${body.table}.${body.format}` })
          .catch((error: Error) => error.message),
      ),
    );

  async function asFiles(bodies: readonly Sent[], tenantId: number) {
    const results: (Reconciliation | string)[] = [];
    for (const { table, format, strict, text } of bodies) {
      const path = join(directory, `${table}.${format}`);
      writeFileSync(path, text);
      const taking = ingestFile(importer, { tenantId, table, format, path, strict, stamp: clock() });
      results.push(await taking.catch((error: Error) => error.message));
    }
    return results;
  }

  /** What was said, without what differs from one import to the next. */
  const said = (result: Reconciliation | string) =>
    typeof result === 'string'
      ? result
      : {
          ...result,
          import_id: '',
          first_refused: result.first_refused.map(({ line, faults, row }) => ({ line, faults, row })),
        };

  const teams = (tenantId: number) =>
    store.query(
      sql`SELECT team_id, name FROM teams FINAL WHERE tenant_id = {t:UInt64} ORDER BY team_id`.bind({ t: tenantId }),
    );

  test('says the same of bodies that come together as of files one after another', async () => {
    const field = fc.constantFrom('1', '2', '3', '', 'x', '"q"', '"a\nb"', 'é', ' 4 ', '"open', 'a\rb', 'team_id');
    const csvLine = fc.array(field, { minLength: 1, maxLength: 3 }).map((fields) => fields.join());
    const csv = fc
      .tuple(
        fc.constantFrom('team_id,name', 'name,team_id', 'team_id,name,phone', 'team_id', ''),
        fc.array(fc.oneof(csvLine, fc.constantFrom('7,Seven', '8,Eight', '', 'team_id,name')), { maxLength: 5 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
      )
      .map(([header, lines, end, isEnded]) => [header, ...lines].join(end) + (isEnded ? end : ''));
    const value = fc.oneof(fc.nat(9), fc.constantFrom('5', '', 'x', null, true, 'Sáu', [1], { a: 1 }));
    const jsonLine = fc.oneof(
      fc.record({ team_id: value, name: value, phone: value }, { requiredKeys: [] }).map((row) => JSON.stringify(row)),
      fc.constantFrom('', '{', '7', '[]', '{"team_id":9,"name":"Nine"}', '\u0000'),
    );
    const ndjson = fc.array(jsonLine, { maxLength: 5 }).map((lines) => lines.join('\n'));
    const body = fc.oneof(
      fc.record({
        table: fc.constant('teams' as const),
        format: fc.constant('csv' as const),
        strict: fc.boolean(),
        text: csv,
      }),
      fc.record({
        table: fc.constant('teams' as const),
        format: fc.constant('ndjson' as const),
        strict: fc.boolean(),
        text: ndjson,
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(body, { minLength: 2, maxLength: 8 }), async (bodies) => {
        const [one, other] = [++tenant, ++tenant];
        const [found, expected] = [await together(bodies, one), await asFiles(bodies, other)];
        expect(found.map(said)).toEqual(expected.map(said));
      }),
      {
        numRuns: 10,
        // A quote that only the end of the body ends.
        examples: [[[{ table: 'teams', format: 'csv', strict: false, text: 'team_id,name\n"open' }]]],
      },
    );
  });

  test('takes many bodies in with one write, tells whoever listens, and leaves nothing lying about', async () => {
    const tenantId = ++tenant;
    /** Each insert has a block of its own. */
    const blocks = async () =>
      (
        await store.query<{ block: number }>(
          sql`SELECT max(max_block_number) AS block FROM system.parts WHERE table = 'teams' AND database = currentDatabase()`,
        )
      )[0]?.block ?? 0;
    await together([{ table: 'teams', format: 'ndjson', strict: false, text: '{"team_id":1,"name":"A"}' }], ++tenant);
    const before = await blocks();
    arrived.length = 0;
    const bodies = Array.from(
      { length: 300 },
      (_, n): Sent => ({
        table: 'teams',
        format: 'ndjson',
        strict: n % 3 === 0,
        text: JSON.stringify(n % 50 === 49 ? { team_id: n } : { team_id: n + 1, name: `Team ${n + 1}` }),
      }),
    );
    const results = (await together(bodies, tenantId)) as Reconciliation[];
    expect((await blocks()) - before).toBe(1);
    expect(results.map(({ taken_in, refused }) => [taken_in, refused])).toEqual(
      bodies.map((_, n) => (n % 50 === 49 ? [0, 1] : [1, 0])),
    );
    expect(await teams(tenantId)).toHaveLength(294);
    expect(new Set(arrived)).toEqual(new Set([`${tenantId} teams`]));
    expect(readdirSync(join(directory, 'uploads'))).toEqual([]);
  });

  test('keeps answers for a day, for their tenant alone', async () => {
    let now = clock();
    const answers = openAnswers(store, () => now);
    const [tenantId, fingerprint] = [++tenant, 'a'.repeat(64)];
    const [body] = (await together(
      [{ table: 'teams', format: 'ndjson', strict: false, text: '{"team_id":1,"name":"A"}\n{"team_id":0}' }],
      tenantId,
    )) as [Reconciliation];
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        answers.keep({ tenantId, key: `k${n}`, fingerprint }, { ...body, rows_read: n }),
      ),
    );
    const found = await Promise.all(
      Array.from({ length: 21 }, (_, n) => answers.find({ tenantId, key: `k${n}`, fingerprint })),
    );
    expect(found).toEqual([...Array.from({ length: 20 }, (_, n) => ({ ...body, rows_read: n })), undefined]);
    expect(await answers.find({ tenantId: tenantId + 1000, key: 'k1', fingerprint })).toBeUndefined();
    await expect(answers.find({ tenantId, key: 'k1', fingerprint: 'b'.repeat(64) })).rejects.toThrow('another request');
    now += 24 * 3_600_000;
    expect(await answers.find({ tenantId, key: 'k1', fingerprint })).toBeUndefined();
  });
});
