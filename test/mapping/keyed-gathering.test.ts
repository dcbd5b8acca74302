import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { KeyedGathering } from '../../src/mapping/disk/keyed-gathering.ts';

/** More rows than can be held at once, all in one file of parts. */
async function gather(keyOf: (line: number) => string) {
  const directory = mkdtempSync(join(tmpdir(), 'dialtally-merge-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const gathering = await KeyedGathering.open<{ line: number; text: string }>(join(directory, 'parts'), 1);
  const long = 'x'.repeat(250_000);
  for (let line = 1; line <= 420; line++) {
    await gathering.add(keyOf(line), { line, text: long });
  }
  const calls: { lines: number[] }[] = [];
  for await (const group of gathering.groups()) calls.push({ lines: group.map(({ line }) => line) });
  return { calls, left: readdirSync(directory) };
}

test('calls that are too many to be held at once come one after the other, each with all its parts', async () => {
  const { calls, left } = await gather((line) => `call ${line % 210}`);
  expect(calls).toHaveLength(210);
  const sorted = calls.map(({ lines }) => lines).sort(([one = 0], [other = 0]) => one - other);
  expect(sorted[0]).toEqual([1, 211]);
  expect(sorted.every(([one = 0, other]) => other === one + 210)).toBe(true);
  expect(left).toEqual([]);
});

test('rows that are all parts of one call are refused before they fill the memory', async () => {
  await expect(gather(() => 'one')).rejects.toMatchObject({
    code: 'UNREADABLE_FILE',
    message: expect.stringContaining('merge.by'),
  });
});
