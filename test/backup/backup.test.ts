import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { backUp } from '../../src/backup/back-up.ts';
import { measure } from '../../src/backup/contents.ts';
import { readSeals } from '../../src/backup/copied-files.ts';
import { finishManifest, type Manifest, manifestFiles } from '../../src/backup/manifest.ts';
import { restore } from '../../src/backup/restore.ts';
import { sql } from '../../src/sql.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { dropLeftovers } from '../../src/store/leftovers.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openServer } from '../../src/store/server.ts';
import type { Store } from '../../src/store/store.ts';
import { builtOf } from '../built.ts';
import { type ClickHouseServer, serverMissing, startClickHouse } from '../clickhouse-server.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let base: string;
let dataDir: string;
let target: string;
let number = 0;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'dialtally-backup-'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));
beforeEach(() => {
  number++;
  dataDir = join(base, `data-${number}`);
  target = join(base, `backup-${number}`);
});

/** Work on the store of a data directory: one process holds one at a time. */
async function withStore<Result>(directory: string, work: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openEmbedded({ path: join(directory, 'store') });
  try {
    await migrate(store);
    await dropLeftovers(store);
    return await work(store);
  } finally {
    await store.close();
  }
}

const request = () => ({ directory: target, dataDir, now: Date.now });
const restoreTo = (into: string) =>
  restore({ directory: target, dataDir: into, storePath: join(into, 'store') }).then(() => into);

/** Dials of a campaign, the later of which replace the earlier. */
const dial = (store: Store, from: number, count: number, version = 1) =>
  store.insert(
    'calls',
    Array.from({ length: count }, (_, index) => ({
      tenant_id: 1,
      campaign_id: 43,
      started_at: '2026-06-01 02:00:00.000',
      call_key: from + index,
      call_id: `call-${from + index}`,
      outcome: 'answered',
      is_conversion: index % 2 ? null : true,
      version: String((1_780_000_000_000n << 80n) + BigInt(version)),
    })),
  );

/** A data directory with calls, a refused row that is long outdated, and a backup of it. */
async function backedUp(): Promise<Manifest> {
  return withStore(dataDir, async (store) => {
    await dial(store, 0, 1000);
    await dial(store, 500, 1000, 2);
    await store.command(
      sql`INSERT INTO refused_rows (tenant_id, table_name, line, row, refused_at) VALUES (1, 'calls', 2, '{}', now() - INTERVAL 29 DAY)`,
    );
    return backUp(store, request());
  });
}

/** Every table's rows, the replaced ones too. */
const measureAll = async (store: Store, tables: Iterable<string>) =>
  Object.fromEntries(
    await Promise.all([...tables].map(async (table) => [table, await measure(store, table)] as const)),
  );

const filesIn = (directory: string) =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((file) => join(directory, file))
    .filter((file) => statSync(file).isFile());

/** The largest file of a table's column in the backup. */
function columnFile(table: string): string {
  const files = filesIn(join(target, 'clickhouse', 'data', 'default', table)).filter((file) => file.endsWith('.bin'));
  return files.sort((one, other) => statSync(other).size - statSync(one).size)[0] ?? '';
}

/** A file of a part of the calls in the backup. */
const partFile = (file: string) =>
  filesIn(join(target, 'clickhouse', 'data', 'default', 'calls')).find((path) => path.endsWith(`/${file}`)) ?? '';

test('every table of the store is in a backup, but for what imports are reading, and every row comes back', async () => {
  const manifest = await withStore(dataDir, async (store) => {
    await dial(store, 0, 1000);
    await dial(store, 500, 1000, 2);
    await store.insert('tenants', [{ tenant_id: 1, name: 'Đỗ Văn', timezone: 'Asia/Ho_Chi_Minh', version: 1 }]);
    await store.command(sql`CREATE TABLE staging_of_an_import (line UInt64) ENGINE = Memory`);
    await store.command(sql`CREATE TABLE added_later (tenant_id UInt64, name String) ENGINE = MergeTree ORDER BY name`);
    await store.insert('added_later', [{ tenant_id: 1, name: 'of a later version' }]);
    const made = await backUp(store, request());
    const tables = await store.query<{ name: string }>(
      sql`SELECT name FROM system.tables WHERE database = currentDatabase() AND name != 'staging_of_an_import' ORDER BY name`,
    );
    expect(Object.keys(made.tables)).toEqual(tables.map(({ name }) => name));
    expect(await measureAll(store, Object.keys(made.tables))).toEqual(made.tables);
    return made;
  });
  expect(manifest.tables.calls?.rows).toBe(2000);
  expect(manifest.tables.added_later?.rows).toBe(1);
  expect(statSync(target).mode & 0o777).toBe(0o700);

  await restoreTo(join(base, 'restored'));
  await withStore(join(base, 'restored'), async (store) => {
    expect(
      await store.query(sql`SELECT count() AS calls, countIf(is_conversion IS NULL) AS unknown FROM calls FINAL`),
    ).toEqual([{ calls: 1500, unknown: 750 }]);
    expect(
      await store.query(
        sql`SELECT name FROM (SELECT name FROM tenants UNION ALL SELECT name FROM added_later) ORDER BY name`,
      ),
    ).toEqual([{ name: 'of a later version' }, { name: 'Đỗ Văn' }]);
  });
});

test('one value that differs changes the checksum, also where it is NULL', async () => {
  await withStore(dataDir, async (store) => {
    await dial(store, 0, 10);
    const before = await measure(store, 'calls');
    await store.command(
      sql`ALTER TABLE calls UPDATE is_conversion = false WHERE call_key = 1 SETTINGS mutations_sync = 2`,
    );
    const after = await measure(store, 'calls');
    expect(after.rows).toBe(before.rows);
    expect(after.checksum).not.toBe(before.checksum);
  });
});

test('calls may come in meanwhile: all that were acknowledged before are in it', async () => {
  await withStore(dataDir, async (store) => {
    let acknowledged = 0;
    let isDone = false;
    const dialing = (async () => {
      for (; !isDone || acknowledged < 3000; acknowledged += 100) await dial(store, acknowledged, 100);
    })();
    while (acknowledged < 1000) await new Promise((resolve) => setTimeout(resolve, 5));
    const before = acknowledged;
    const { tables } = await backUp(store, request());
    isDone = true;
    await dialing;
    expect(tables.calls?.rows).toBeGreaterThanOrEqual(before);
  });
  const rows = (JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8')) as Manifest).tables.calls?.rows;
  await restoreTo(join(base, 'while-dialing'));
  await withStore(join(base, 'while-dialing'), async (store) => {
    // Whole batches, none of them twice, the first ones first.
    expect(await store.query(sql`SELECT count() AS calls, max(call_key) + 1 AS last FROM calls FINAL`)).toEqual([
      { calls: rows, last: rows },
    ]);
    expect((rows ?? 1) % 100).toBe(0);
  });
});

test('nothing of a backup stays in the store', async () => {
  await backedUp();
  await withStore(dataDir, async (store) => {
    expect(await store.query(sql`SELECT name FROM system.tables WHERE name LIKE 'staging%'`)).toEqual([]);
  });
});

describe('a backup overwrites nothing', () => {
  test('a directory with anything in it is refused, and left as it is', async () => {
    mkdirSync(target);
    writeFileSync(join(target, 'notes.txt'), 'mine');
    await expect(backedUp()).rejects.toMatchObject({ code: 'BACKUP_TARGET_TAKEN' });
    expect(readdirSync(target)).toEqual(['notes.txt']);
  });

  test('so is a file', async () => {
    writeFileSync(target, 'mine');
    await expect(backedUp()).rejects.toMatchObject({ code: 'BACKUP_TARGET_TAKEN' });
  });

  test('the directory above it must be there: a disk that is not mounted is no place for a backup', async () => {
    target = join(target, 'not-mounted', 'today');
    await expect(backedUp()).rejects.toMatchObject({
      code: 'BACKUP_PLACE_MISSING',
      status: 422,
      message: `The directory above ${target} does not exist on the server\u2019s machine. Make it, or mount its disk.`,
    });
  });

  test('an empty directory is taken', async () => {
    mkdirSync(target);
    await backedUp();
    expect(readdirSync(target).sort()).toEqual(['clickhouse', 'manifest.json']);
  });
});

test('a backup that fails leaves an empty directory, so that it can be tried again', async () => {
  const gone = new AbortController();
  gone.abort();
  await withStore(dataDir, async (store) => {
    await dial(store, 0, 10);
    await expect(backUp(store, { ...request(), signal: gone.signal })).rejects.toMatchObject({
      code: 'QUERY_CANCELED',
    });
    expect(readdirSync(target)).toEqual([]);
    await backUp(store, request());
  });
  expect(existsSync(join(target, 'manifest.json'))).toBe(true);
});

describe('a restore refuses by name', () => {
  let model: string;
  beforeAll(async () => {
    [dataDir, target] = [join(base, 'model-data'), join(base, 'model')];
    await backedUp();
    model = target;
  });

  /** A manifest that says something else, and is sealed as if it had been written so. */
  const changeManifest = (change: (manifest: Manifest) => void) => {
    const { sha256: _, ...manifest } = JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8'));
    change(manifest);
    return finishManifest(target, manifest);
  };
  const noSeal = { bytes: 0, sha256: '0'.repeat(64) };
  const setRows = (manifest: Manifest, rows: number) => {
    if (manifest.tables.calls) manifest.tables.calls.rows = rows;
  };

  test.each<[what: string, code: string, spoil: () => void | Promise<void>]>([
    ['a directory that is not there', 'NOT_A_BACKUP', () => rmSync(target, { recursive: true })],
    ['a directory that is no backup', 'NOT_A_BACKUP', () => rmSync(join(target, 'manifest.json'))],
    ['a manifest that is cut short', 'BACKUP_DAMAGED', () => truncateSync(join(target, 'manifest.json'), 100)],
    ['a file that is cut short', 'BACKUP_DAMAGED', () => truncateSync(columnFile('calls'), 10)],
    ['a file that is missing', 'BACKUP_DAMAGED', () => rmSync(columnFile('calls'))],
    ['a part that is missing', 'BACKUP_DAMAGED', () => rmSync(join(columnFile('calls'), '..'), { recursive: true })],
    [
      'a byte that is changed',
      'BACKUP_DAMAGED',
      () => {
        const bytes = readFileSync(columnFile('calls'));
        bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
        writeFileSync(columnFile('calls'), bytes);
      },
    ],
    ['the rows of another backup', 'BACKUP_DAMAGED', () => changeManifest((manifest) => setRows(manifest, 7))],
    ['no rows at all', 'BACKUP_DAMAGED', () => rmSync(join(target, 'clickhouse'), { recursive: true })],
    [
      'a file that did not come along',
      'BACKUP_DAMAGED',
      () => changeManifest(({ files }) => Object.assign(files, { 'demo.json': noSeal })),
    ],
    [
      'a file that leads out',
      'BACKUP_DAMAGED',
      () => changeManifest(({ files }) => Object.assign(files, { '../other': noSeal })),
    ],
    [
      'a newer version',
      'BACKUP_NEWER',
      () => changeManifest((manifest) => void Object.assign(manifest, { version: '99.0.0' })),
    ],
    ['tables of a newer version', 'BACKUP_NEWER', () => changeManifest(({ migrations }) => void migrations.push(9999))],
  ])('%s', async (_what, code, spoil) => {
    cpSync(model, target, { recursive: true });
    await spoil();
    const into = join(base, `refused-${number}`);
    const error = await restoreTo(into).catch((refusal: Error) => refusal);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toMatch(/^[^\n]{20,400}$/);
    expect((error as Error).message).toContain(target);
    expect(existsSync(join(into, 'store'))).toBe(false);
    expect(existsSync(join(into, 'store.restoring'))).toBe(false);
  });

  /** A byte in the middle of a file becomes another one. */
  const changeByte = (file: string) => {
    const bytes = readFileSync(file);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  };
  const refusal = async () => {
    const error = await restoreTo(join(base, `refused-${number}`)).catch((refused: Error) => refused);
    return error instanceof Error ? error.message : 'it was restored';
  };
  const damaged = (reason: string) =>
    `The backup in ${target} is damaged: ${reason}. Nothing was restored. Restore another one.`;

  test('every single file that is changed by one byte, or cut by one', async () => {
    cpSync(model, target, { recursive: true });
    const files = filesIn(target).filter((file) => statSync(file).size > 0);
    const said: string[] = [];
    const expected: string[] = [];
    for (const file of files) {
      const [name, whole] = [relative(target, file), readFileSync(file)];
      const isManifest = name === 'manifest.json';
      changeByte(file);
      said.push(await refusal());
      expected.push(damaged(isManifest ? 'manifest.json is changed or cut short' : `${name} is changed`));
      writeFileSync(file, whole.subarray(0, -1));
      said.push(await refusal());
      expected.push(damaged(isManifest ? 'manifest.json is changed or cut short' : `${name} is cut short`));
      writeFileSync(file, whole);
    }
    expect(said).toEqual(expected);
    // What was tried is all that there is: the engine's list, the tables' definitions, indexes and counts.
    for (const kind of [/\.backup$/, /\.sql$/, /minmax_\w+\.idx$/, /primary\.cidx$/, /count\.txt$/, /\.bin$/]) {
      expect(files.some((file) => kind.test(file))).toBe(true);
    }
    await restoreTo(join(base, `refused-${number}`));
  });

  test('an index full of zeros, a file too many, one that is longer', async () => {
    cpSync(model, target, { recursive: true });
    const index = partFile('minmax_started_at.idx');
    const whole = readFileSync(index);
    writeFileSync(index, Buffer.alloc(whole.length));
    expect(await refusal()).toBe(damaged(`${relative(target, index)} is changed`));
    writeFileSync(index, Buffer.concat([whole, Buffer.alloc(1)]));
    expect(await refusal()).toBe(damaged(`${relative(target, index)} is longer than it was`));
    writeFileSync(index, whole);
    writeFileSync(join(target, 'clickhouse', 'notes.txt'), 'mine');
    expect(await refusal()).toBe(damaged('clickhouse/notes.txt does not belong to it (move it away if it is yours)'));
  });

  test.each(['minmax_started_at.idx', 'primary.cidx'])(
    'a %s that was damaged before it was sealed: the engine itself checks what it restored',
    async (file) => {
      cpSync(model, target, { recursive: true });
      const index = partFile(file);
      writeFileSync(index, Buffer.alloc(statSync(index).size));
      const files = await readSeals(target, manifestFiles, { onStep: () => {} });
      await changeManifest((manifest) => void Object.assign(manifest, { files }));
      expect(await refusal()).toMatch(/ is damaged: [^\n:<>]* calls [^\n:<>]*\. Nothing was restored\./);
      expect(existsSync(join(base, `refused-${number}`, 'store'))).toBe(false);
    },
  );

  test('a data directory with rows, which stays as it is', async () => {
    await backedUp();
    await expect(restoreTo(dataDir)).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_HAS_ROWS',
      message: expect.stringContaining('calls: 2000'),
    });
    await withStore(dataDir, async (store) => {
      expect((await measure(store, 'calls')).rows).toBe(2000);
    });
  });

  test('but not one in which a server was only started', async () => {
    await backedUp();
    const started = join(base, 'started');
    await withStore(started, async () => {});
    await restoreTo(started);
    await withStore(started, async (store) => {
      expect((await measure(store, 'calls')).rows).toBe(2000);
    });
  });
});

describe('killed in the middle', () => {
  const stopAt = (what: 'backup' | 'restore', step: string, into: string) => {
    const script = builtOf('test/backup/stop-at.ts');
    const { signal } = spawnSync(process.execPath, [script, what, step, target, into]);
    expect(signal).toBe('SIGKILL');
  };

  test.each(['reading calls', 'writing'])(
    'a backup (%s) is refused by name, and the next one is good',
    async (step) => {
      await withStore(dataDir, (store) => dial(store, 0, 1000));
      stopAt('backup', step, dataDir);
      const into = join(base, `killed-${number}`);
      await expect(restoreTo(into)).rejects.toMatchObject({ code: 'BACKUP_UNFINISHED' });
      target += '-again';
      await withStore(dataDir, async (store) => {
        expect(await store.query(sql`SELECT name FROM system.tables WHERE name LIKE 'staging%'`)).toEqual([]);
        await backUp(store, request());
      });
      await restoreTo(into);
      await withStore(into, async (store) => {
        expect((await measure(store, 'calls')).rows).toBe(1000);
      });
    },
  );

  test.each(['writing', 'checking calls'])('a restore (%s) leaves no store, and the next one is good', async (step) => {
    await backedUp();
    const into = join(base, `half-${number}`);
    stopAt('restore', step, into);
    expect(existsSync(join(into, 'store'))).toBe(false);
    await restoreTo(into);
    expect(readdirSync(into)).toEqual(['store']);
    await withStore(into, async (store) => {
      expect((await measure(store, 'calls')).rows).toBe(2000);
    });
  });
});

const missing = serverMissing();
describe.skipIf(missing)(`with a ClickHouse server${missing ? `: ${missing}` : ''}`, () => {
  let server: ClickHouseServer;
  beforeAll(async () => {
    server = await startClickHouse();
  }, 120_000);
  afterAll(() => server?.close());

  test('it says which statement does it there', async () => {
    const store = await openServer({ url: `${server.url}/telesales` });
    await expect(backUp(store, request())).rejects.toMatchObject({
      code: 'BACKUP_ELSEWHERE',
      message: expect.stringContaining("BACKUP DATABASE telesales TO Disk('backups', 'NAME')"),
    });
    await store.close();
    expect(existsSync(target)).toBe(false);
  });
});
