import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../../src/sql.ts';
import { type Embedded, openEmbedded } from '../../../src/store/embedded.ts';

let directory: string;
let engine: Embedded;

beforeAll(async () => {
  // A path that would be a pattern to the engine, and name no file of it.
  directory = mkdtempSync(join(tmpdir(), 'dialtally-{a,b}[1]*-'));
  engine = await openEmbedded({ path: join(directory, 'engine') });
});

afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

test('a file is read in the order of its records, short and long ones told apart', async () => {
  const path = join(directory, 'rows ?{1}*.csv');
  const lines = Array.from({ length: 100_000 }, (_, n) =>
    n % 10 === 3 ? `${n},"a\nb"` : n % 10 === 4 ? `${n}` : `${n},é${n},x`,
  );
  writeFileSync(path, `n,text\r\n${lines.join('\r\n')}\r\n`);
  await engine.command(
    sql`CREATE TABLE file_rows (row_number UInt64, n String, text Nullable(String), extra Nullable(String)) ENGINE = MergeTree ORDER BY row_number`,
  );
  await engine.readFile({
    path,
    layout: { format: 'CSV', columns: ['n', 'text', 'extra'] },
    into: sql`file_rows`,
    select: (relation) => sql`SELECT record - 1, n, text, extra FROM ${relation} WHERE record > 0`,
  });
  const [found] = await engine.query(
    sql`SELECT count() AS rows, countIf(toString(row_number) != n) AS displaced, countIf(isNull(text)) AS short,
      countIf(isNotNull(extra)) AS long, countIf(text = 'a\nb') AS broken FROM file_rows`,
  );
  expect(found).toEqual({ rows: 100_000, displaced: 0, short: 10_000, long: 80_000, broken: 10_000 });
});

test('no name of a file is a pattern', async () => {
  for (const [name, text] of [
    ['one.csv', 'one'],
    ['*.csv', 'star'],
    ['{one,two}.csv', 'braces'],
    ['a.zip :: one.csv', 'archive'],
  ] as const) {
    writeFileSync(join(directory, name), `${text},\n`);
    await engine.command(sql`CREATE TABLE names (text String) ENGINE = Memory`);
    await engine.readFile({
      path: join(directory, name),
      layout: { format: 'CSV', columns: ['text', 'rest', 'too_much'] },
      into: sql`names`,
      select: (relation) => sql`SELECT text FROM ${relation}`,
    });
    expect(await engine.query(sql`SELECT text FROM names`)).toEqual([{ text }]);
    await engine.command(sql`DROP TABLE names SYNC`);
  }
});
