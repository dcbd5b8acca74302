import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTurn } from '../../src/monitor/turn.ts';
import { sql } from '../../src/sql.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openServer } from '../../src/store/server.ts';
import type { Store } from '../../src/store/store.ts';
import { type ClickHouseServer, serverMissing, startClickHouse } from '../clickhouse-server.ts';

const missing = serverMissing();
let server: ClickHouseServer;
let store: Store;

beforeAll(async () => {
  if (missing) return;
  server = await startClickHouse();
  store = await openServer({ url: server.url });
  await migrate(store);
});
afterAll(async () => {
  await store?.close();
  await server?.close();
});

test.skipIf(missing)(
  `of several servers on one store one measures, until it gives the turn back or falls silent${missing ? `: ${missing}` : ''}`,
  async () => {
    const servers = Array.from({ length: 4 }, () => openTurn(store, { settleMs: 300 }));
    const mine = async () =>
      (await Promise.all(servers.map((turn) => turn.isMine()))).map((isMine) => (isMine ? 1 : 0));
    const count = (who: readonly number[]) => who.reduce<number>((sum, one) => sum + one, 0);
    // All at once, and again: the same one has it.
    const first = await mine();
    expect(count(first)).toBe(1);
    expect(await mine()).toEqual(first);
    // Given back: another one, or the same, but one.
    await servers[first.indexOf(1)]?.release();
    const second = await mine();
    expect(count(second)).toBe(1);
    // Without a sign of life for more than a minute.
    const claims = await store.query<Record<string, unknown>>(
      sql`SELECT term, toString(holder) AS holder, is_released, toString(now64(3, 'UTC') - INTERVAL 61 SECOND) AS beat_at
        FROM monitor_claims FINAL`,
    );
    await store.command(sql`TRUNCATE TABLE monitor_claims`);
    await store.insert('monitor_claims', claims);
    const heirs = servers.filter((_, index) => second[index] === 0);
    const taken = await Promise.all(heirs.map((turn) => turn.isMine()));
    expect(taken.filter(Boolean)).toHaveLength(1);
    // The one that was silent finds out.
    expect(await servers[second.indexOf(1)]?.isMine()).toBe(false);
  },
);
