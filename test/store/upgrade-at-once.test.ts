import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/sql.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openServer } from '../../src/store/server.ts';
import type { Store } from '../../src/store/store.ts';
import { type ClickHouseServer, serverMissing, startClickHouse } from '../clickhouse-server.ts';
import { calls, fillEarlier, leftBehind, rowsOf } from './earlier.ts';

// Several processes may start at once on one ClickHouse server. It is a real one, started for this file.
const missing = serverMissing();
const it = test.skipIf(missing !== undefined);
const why = missing ? `: ${missing}` : '';
let server: ClickHouseServer | undefined;
const opened: Store[] = [];

beforeAll(async () => {
  if (!missing) server = await startClickHouse();
});
afterAll(async () => {
  await Promise.all(opened.map((store) => store.close()));
  await server?.close();
});

/** One more process on a database of the server. */
async function open(database: string): Promise<Store> {
  const store = await openServer({ url: `${server?.url}/${database}` });
  opened.push(store);
  return store;
}

/** A store of the version before, with what it holds. */
async function openEarlier(database: string) {
  const store = await open(database);
  await fillEarlier(store);
  return { store, before: await rowsOf(store, 64) };
}

/** A process that waits before a statement until it is told to go on. */
function delayed(store: Store, isMeant: RegExp) {
  let goOn = () => {};
  let reach = () => {};
  const going = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const slow: Store = {
    ...store,
    async command(statement, options) {
      if (isMeant.test(statement.text)) {
        reach();
        await going;
      }
      await store.command(statement, options);
    },
  };
  return { slow, reached, goOn };
}

const aCall = (store: Store) =>
  store.command(
    sql`INSERT INTO calls (tenant_id, campaign_id, started_at, call_key, outcome, version)
      VALUES (9, 43, '2026-01-01 00:00:00.000', 1, 'busy', bitShiftLeft(toUInt128(1780000000000), 80))`,
  );
const callsIn = async (store: Store) =>
  (await store.query<{ calls: number }>(sql`SELECT count() AS calls FROM calls FINAL`))[0]?.calls;

it(`three that upgrade one store at once are all done, and every row is there${why}`, async () => {
  const { store, before } = await openEarlier('at_once');
  const stores = [store, await open('at_once'), await open('at_once')];
  await Promise.all(stores.map((one) => migrate(one, { patienceMs: 200 })));
  expect(await rowsOf(store, 80)).toEqual(before);
  expect(await leftBehind(store)).toEqual([]);
});

it(`one that others take for gone, and comes back, takes away no row that they took in${why}`, async () => {
  for (const [database, start] of [
    ['before_a_copy', /^INSERT INTO staging_rewritten_calls/],
    ['before_its_place', /^EXCHANGE TABLES calls/],
  ] as const) {
    const { store, before } = await openEarlier(database);
    const { slow, reached, goOn } = delayed(await open(database), start);
    const first = migrate(slow);
    await reached;
    const said: string[] = [];
    await migrate(store, { patienceMs: 200, say: (sentence) => void said.push(sentence) });
    expect(said).toContain('Another process upgrades calls: waiting for it.');
    expect(await rowsOf(store, 80)).toEqual(before);
    await aCall(store);
    goOn();
    await first;
    expect(await callsIn(store)).toBe(2 * calls + 1);
    expect(await leftBehind(store)).toEqual([]);
  }
});

it(`calls that a server of an earlier version takes in meanwhile stop the upgrade, and none is lost${why}`, async () => {
  const { store } = await openEarlier('meanwhile');
  const { slow, reached, goOn } = delayed(await open('meanwhile'), /^INSERT INTO staging_rewritten_calls.*'202602'/s);
  const upgrading = migrate(slow);
  const outcome = expect(upgrading).rejects.toMatchObject({ code: 'STORE_CHANGED' });
  await reached;
  await aCall(store);
  goOn();
  await outcome;
  await migrate(store, { patienceMs: 200 });
  expect(await callsIn(store)).toBe(2 * calls + 1);
  expect(await leftBehind(store)).toEqual([]);
});
