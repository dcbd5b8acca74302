import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeCalls } from '../../bench/generate.ts';
import { openImporter } from '../../src/ingest/importer.ts';
import { ingestFile } from '../../src/ingest/ingest-file.ts';
import { sql } from '../../src/sql.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { dropLeftovers } from '../../src/store/leftovers.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Store } from '../../src/store/store.ts';
import { builtOf } from '../built.ts';

let directory: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dialtally-crash-'));
});

afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** Everything that a report could see of the calls. */
function fingerprint(store: Store) {
  return store.query(
    sql`SELECT count() AS calls, sum(talk_sec) AS talk_sec, groupBitXor(cityHash64(* EXCEPT version)) AS rows FROM calls FINAL`,
  );
}

/** Imports a file in a process of its own, and kills it with SIGKILL when the given time has passed. Gives whether it was still at work. */
async function importAndKill(store: string, path: string, afterMs: number): Promise<boolean> {
  const script = builtOf('test/ingest/import-once.ts');
  child = spawn(process.execPath, [script, store, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let isDone = false;
  child.stdout?.on('data', (text: Buffer) => {
    if (String(text).includes('done')) isDone = true;
  });
  const exited = once(child, 'exit');
  await Promise.race([once(child.stdout ?? child, 'data'), exited]);
  await Promise.race([new Promise((resolve) => setTimeout(resolve, afterMs)), exited]);
  child.kill('SIGKILL');
  await exited;
  return !isDone;
}

test('an import that is killed and begun again ends as one that never was', async () => {
  const path = join(directory, 'calls.csv');
  await writeCalls(path, 200_000);
  const undisturbed = await openEmbedded({ path: join(directory, 'undisturbed') });
  await migrate(undisturbed);
  const first = openImporter(undisturbed, { directory });
  await ingestFile(first, { tenantId: 1, table: 'calls', format: 'csv', path, stamp: Date.now() });
  const expected = await fingerprint(undisturbed);
  await first.close();
  await undisturbed.close();
  expect(expected).toMatchObject([{ calls: 200_000 }]);

  const disturbed = join(directory, 'disturbed');
  let kills = 0;
  for (const afterMs of [50, 200, 350, 500, 650, 800, 1000, 1300]) {
    if (await importAndKill(disturbed, path, afterMs)) kills++;
  }
  expect(kills).toBeGreaterThan(0);

  const store = await openEmbedded({ path: disturbed });
  await migrate(store);
  await dropLeftovers(store);
  const importer = openImporter(store, { directory });
  await ingestFile(importer, { tenantId: 1, table: 'calls', format: 'csv', path, stamp: Date.now() });
  expect(await fingerprint(store)).toEqual(expected);
  expect(await store.query(sql`SELECT name FROM system.tables WHERE name LIKE 'staging%'`)).toEqual([]);
  await importer.close();
  await store.close();
});
