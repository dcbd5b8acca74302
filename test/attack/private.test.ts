import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Floor, openFloor } from './floor.ts';

const elsewhere = mkdtempSync(join(tmpdir(), 'dialtally-private-'));
let floor: Floor;
beforeAll(async () => {
  floor = await openFloor();
});
afterAll(async () => {
  await floor.close();
  rmSync(elsewhere, { recursive: true, force: true });
});

/** All that lies in a directory, itself too. */
const allIn = (directory: string): string[] => [
  directory,
  ...readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name)),
];
// The engine's own links have no modes of their own.
const isOpen = (path: string) => !lstatSync(path).isSymbolicLink() && (lstatSync(path).mode & 0o077) !== 0;

test('the data directory and backups are for the server\u2019s user alone, whatever they were before', async () => {
  for (const path of allIn(floor.dataDir)) chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
  await floor.restart();
  // Rows that come in after it, too.
  await floor.revokesTokens();
  expect(allIn(floor.dataDir).filter((path) => !path.includes('tmp_') && isOpen(path))).toEqual([]);

  const directory = join(elsewhere, 'backup');
  mkdirSync(directory);
  chmodSync(directory, 0o777);
  const made = await floor.asOperator('/api/operator/backups', { method: 'POST', json: { directory } });
  expect(await made.text()).toContain('tables');
  expect(allIn(directory).length).toBeGreaterThan(20);
  expect(allIn(directory).filter(isOpen)).toEqual([]);
});
