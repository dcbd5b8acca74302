import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { openRevocations } from '../../src/access/revocations.ts';
import { openTokens } from '../../src/access/tokens.ts';
import { backUp } from '../../src/backup/back-up.ts';
import { restore } from '../../src/backup/restore.ts';
import { openStamp } from '../../src/ingest/stamp.ts';
import { sql } from '../../src/sql.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate, readMigrations } from '../../src/store/migrate.ts';
import type { Store } from '../../src/store/store.ts';
import { builtOf } from '../built.ts';
import { calls, changedAt, fillEarlier, leftBehind, rowsOf, writesOfEarlier } from './earlier.ts';

const base = mkdtempSync(join(tmpdir(), 'dialtally-upgrade-'));
let number = 0;
let path: string;
beforeEach(() => {
  path = join(base, `store-${++number}`);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function withStore<Result>(at: string, work: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openEmbedded({ path: at });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const run = (script: string, execArgv: readonly string[], args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [...execArgv, builtOf(`test/store/${script}`), ...args], {
    encoding: 'utf8',
  });

/** The calls as their dialer sends them once more, with what only the later version takes in. */
function writeCalls(tenant: number, note: 'older' | 'equal' | 'newer'): string {
  const updatedAt = changedAt + { older: -1, equal: 0, newer: 1 }[note];
  const directory = join(base, `sent-${number}`);
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${tenant}-${note}.ndjson`);
  const rows = Array.from({ length: calls }, (_, index) => ({
    call_id: `call-${index}`,
    campaign_id: 43,
    agent_id: 7,
    started_at: new Date(Date.UTC(2025, 10, 1) + index * 7_200_000).toISOString(),
    outcome: 'answered',
    talk_sec: 60,
    note,
    updated_at: new Date(updatedAt).toISOString(),
  }));
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

/** Sends files to a store whose calls have one more column; gives what became of each. */
function sendLater(files: readonly string[]) {
  const preload = ['--import', builtOf('test/store/later-column.ts')];
  const { stdout, stderr } = run('send-later.ts', preload, [path, ...files]);
  if (stderr) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { note: string; taken_in: number; calls: number; won: number; rows: string });
}

// Each kill is a process of its own.
test('an upgrade that is killed wherever it is leaves every row, and a column that comes then is filled by sending again', async () => {
  const before = await withStore(path, async (store) => {
    await fillEarlier(store);
    return rowsOf(store, 64);
  });
  expect(before).toMatchObject({ calls: { rows: 2 * calls }, teams: { rows: 20 }, leads: { rows: 200 } });
  for (const [when, statement] of [
    ['after', 'CREATE TABLE staging_rewritten_leads'],
    ['after', 'EXCHANGE TABLES leads'],
    ['within', 'DROP TABLE IF EXISTS staging_rewritten_leads'],
    ['before', 'INSERT INTO staging_rewritten_calls'],
    ['within', 'INSERT INTO staging_rewritten_calls'],
    ['after', 'INSERT INTO staging_rewritten_calls.*202602'],
    ['after', 'ALTER TABLE staging_rewritten_calls'],
    ['before', 'EXCHANGE TABLES calls'],
    ['after', 'EXCHANGE TABLES calls'],
    ['after', 'DROP TABLE IF EXISTS staging_rewritten_calls'],
  ] as const) {
    const { signal, stdout } = run('upgrade-once.ts', [], [path, when, statement]);
    expect([when, statement, signal, stdout]).toEqual([
      when,
      statement,
      'SIGKILL',
      expect.not.stringContaining('done'),
    ]);
  }
  expect(run('upgrade-once.ts', [], [path]).stdout).toBe('done\n');
  await withStore(path, async (store) => {
    expect(await rowsOf(store, 80)).toEqual(before);
    expect(await leftBehind(store)).toEqual([]);
    expect(await migrate(store)).toEqual([]);
  });

  const orders = [
    [1, ['older', 'equal', 'newer', 'newer', 'equal']],
    [2, ['newer', 'older', 'equal']],
  ] as const;
  const sent = sendLater(orders.flatMap(([tenant, notes]) => notes.map((note) => writeCalls(tenant, note))));
  const taken = { taken_in: calls, refused: 0, calls };
  expect(sent.slice(0, 5)).toMatchObject([
    { ...taken, note: 'older', won: 0 },
    { ...taken, note: 'equal', won: calls },
    { ...taken, note: 'newer', won: calls },
    { ...taken, note: 'newer', won: calls },
    { ...taken, note: 'equal', won: 0 },
  ]);
  // The same rows again, and all of them in another order, change nothing.
  expect(new Set(sent.slice(2).map(({ rows }) => rows)).size).toBe(1);
}, 1_200_000);

test('an upgrade says what it takes, and is not begun without the room for it', async () => {
  await withStore(path, async (store) => {
    await fillEarlier(store);
    const before = await rowsOf(store, 64);
    const said: string[] = [];
    const say = (sentence: string) => void said.push(sentence);
    await expect(migrate(store, { say, reserveBytes: Number.MAX_SAFE_INTEGER })).rejects.toMatchObject({
      code: 'UPGRADE_NEEDS_ROOM',
      message: expect.stringMatching(/needs 1 MB of disk for a while \(a copy of calls\), and 0 MB can be had/),
    });
    expect(said).toEqual([]);
    expect(await rowsOf(store, 64)).toEqual(before);
    await migrate(store, { say });
    expect(said[0]).toMatch(/^Upgrading campaigns, .* The largest copy, of calls, takes up to 1 MB of disk/);
    expect(said.at(-1)).toBe('Upgraded calls.');
    // What was the copy merges again.
    await store.command(sql`OPTIMIZE TABLE calls FINAL`);
    expect(await rowsOf(store, 80)).toEqual(before);
    expect(await leftBehind(store)).toEqual([]);
  });
});

test('a program of before the generations that opens an upgraded store is told so by every write, and spoils nothing', async () => {
  await withStore(path, async (store) => {
    await fillEarlier(store);
    await migrate(store);
    const before = await rowsOf(store, 80);
    for (const write of writesOfEarlier) await expect(store.command(write)).rejects.toThrow(/version_has_generation/);
    expect(await rowsOf(store, 80)).toEqual(before);
    expect(await leftBehind(store)).toEqual([]);
  });
});

test('a backup of an earlier version is upgraded as it is restored', async () => {
  const [directory, dataDir] = [join(base, 'backup'), join(base, 'restored')];
  const before = await withStore(path, async (store) => {
    await fillEarlier(store);
    await backUp(store, { directory, dataDir: base, now: Date.now });
    return rowsOf(store, 64);
  });
  const steps: string[] = [];
  const storePath = join(dataDir, 'store');
  await restore({ directory, dataDir, storePath, onStep: (step) => void steps.push(step) });
  expect(steps).toContain('Upgraded calls.');
  await withStore(storePath, async (store) => {
    expect(await rowsOf(store, 80)).toEqual(before);
    expect(await leftBehind(store)).toEqual([]);
    expect(await migrate(store)).toEqual([]);
  });
});

test('tokens of before browsers signed in stay tokens, also by way of a backup', async () => {
  const [directory, dataDir] = [join(base, 'backup-of-tokens'), join(base, 'restored-tokens')];
  const hash = (token: string) => createHash('sha256').update(token).digest('hex');
  await withStore(path, async (store) => {
    await migrate(store, { migrations: readMigrations().filter(({ number: one }) => one < 13) });
    await store.command(
      sql`INSERT INTO tokens (token_hash, token_id, tenant_id, role, team_id, created_at, revoked_at, version) VALUES
        ({good:String}, 1, 7, 'supervisor', 3, now64(3), NULL, 1), ({ended:String}, 2, 7, 'admin', 0, now64(3), now64(3), 2)`.bind(
        {
          good: hash('dt_good'),
          ended: hash('dt_ended'),
        },
      ),
    );
    await backUp(store, { directory, dataDir: base, now: Date.now });
  });
  await restore({ directory, dataDir, storePath: join(dataDir, 'store') });
  await withStore(path, (store) => migrate(store));
  for (const at of [path, join(dataDir, 'store')]) {
    await withStore(at, async (store) => {
      const tokens = await openTokens(store, {
        stamp: openStamp(Date.now),
        now: Date.now,
        limit: 10,
        revocations: await openRevocations(`${at}-revocations`),
      });
      const asked = ['dt_good', 'dt_ended'].map((token) => tokens.find(token, Date.now()));
      expect(asked).toEqual([{ role: 'supervisor', tenantId: 7, tokenId: 1, teamId: 3, kind: 'token' }, undefined]);
      expect((await tokens.list(7, 10)).map(({ kind, of_token_id }) => [kind, of_token_id])).toEqual([
        ['token', null],
        ['token', null],
      ]);
      const made = await tokens.create({ tenantId: 7, role: 'admin', kind: 'session', ofTokenId: 1 });
      expect(tokens.find(made.token, Date.now())).toMatchObject({ kind: 'session' });
    });
  }
});
