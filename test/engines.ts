/** What every engine must do is told once, and holds on each: inside this process, and on a real ClickHouse server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { openEmbedded } from '../src/store/embedded.ts';
import { migrate } from '../src/store/migrate.ts';
import { openServer } from '../src/store/server.ts';
import type { Store } from '../src/store/store.ts';
import { type ClickHouseServer, serverMissing, startClickHouse } from './clickhouse-server.ts';

/** An engine, which is there once the tests run. */
export interface Engine {
  name: Store['engine'];
  /** What it adds to the environment of a server of ours. */
  readonly env: Record<string, string>;
}

/** A store on an engine, with its tables. */
export interface EngineStore extends Engine {
  readonly store: Store;
  /** For files; it goes with the store. */
  readonly directory: string;
  /** Opens the same store once more, when the first is closed if it is embedded. */
  open(): Promise<Store>;
}

/** Describes what holds on each engine. On a machine that can't run a server, that half is skipped with the reason. */
export function describeEngines(tell: (engine: Engine) => void): void {
  describe('embedded', () => tell({ name: 'embedded', env: {} }));

  const missing = serverMissing();
  describe.skipIf(missing)(missing ? `server: ${missing}` : 'server', () => {
    let server: ClickHouseServer | undefined;
    beforeAll(async () => {
      server = await startClickHouse();
    });
    afterAll(() => server?.close());
    tell({
      name: 'server',
      get env() {
        return { CLICKHOUSE_URL: server?.url ?? '' };
      },
    });
  });
}

/** Describes what holds of a store on each engine. */
export function describeStores(tell: (engine: EngineStore) => void): void {
  describeEngines((engine) => {
    let directory = '';
    let store: Store | undefined;
    const open = async () => {
      const url = engine.env.CLICKHOUSE_URL;
      store = url ? await openServer({ url }) : await openEmbedded({ path: join(directory, 'store') });
      await migrate(store);
      return store;
    };
    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'dialtally-engine-'));
      await open();
    });
    afterAll(async () => {
      await store?.close();
      rmSync(directory, { recursive: true, force: true });
    });
    tell({
      name: engine.name,
      get env() {
        return engine.env;
      },
      get store() {
        if (!store) throw new Error('a store opens before the first test, not while they are told');
        return store;
      },
      get directory() {
        return directory;
      },
      open,
    });
  });
}
