import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayBePhone, mayBePhoneInSql } from '../../src/ingest/phone-like.ts';
import { sql } from '../../src/sql.ts';
import { openEmbedded } from '../../src/store/embedded.ts';

test('what may be a phone number is the same in SQL as in JavaScript', async () => {
  const character = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...'0123456789') },
    { weight: 1, arbitrary: fc.constantFrom(' ', '-', '+', '(', '\n', '\\', "'", '٣', '５', '½') },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
  );
  const some = fc.array(character, { maxLength: 10 }).map((all) => all.join(''));
  const texts = ['', '1234', '12345', '1-2-3-4', '+1 (23) 45', ...fc.sample(some, 3000)];
  const directory = mkdtempSync(join(tmpdir(), 'dialtally-phone-like-'));
  const engine = await openEmbedded({ path: directory });
  try {
    const found = await engine.query<{ is_it: number }>(
      sql`SELECT toUInt8(${mayBePhoneInSql(sql`text`)}) AS is_it FROM (SELECT arrayJoin({texts:Array(String)}) AS text)`.bind(
        { texts },
      ),
    );
    expect(found.map(({ is_it }) => is_it === 1)).toEqual(texts.map(mayBePhone));
    expect(new Set(texts.map(mayBePhone)).size).toBe(2);
  } finally {
    await engine.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
