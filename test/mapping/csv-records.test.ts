import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Dialect, readRecords } from '../../src/mapping/source/csv-records.ts';
import type { SourceRecord } from '../../src/mapping/source/record.ts';

const plain: Dialect = { delimiter: ',', quote: '"', innerQuotes: 'doubled' };

async function* inChunks(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function read(
  text: string,
  dialect = plain,
  { size = text.length || 1, skip = 0 } = {},
): Promise<SourceRecord[]> {
  const records: SourceRecord[] = [];
  for await (const batch of readRecords(inChunks(text, size), dialect, skip)) records.push(...batch);
  return records;
}

/** What people would write: quotes where a field needs them, or anyway. */
function write(
  rows: readonly (readonly string[])[],
  { delimiter, innerQuotes }: Dialect,
  eol: string,
  always: boolean,
) {
  const escaped = (text: string) =>
    innerQuotes === 'backslash' ? text.replace(/["\\]/g, '\\$&') : text.replaceAll('"', '""');
  const needs = (text: string) => always || /["\r\n]/.test(text) || text.includes(delimiter) || text === '';
  return rows
    .map((row) => row.map((text) => (needs(text) ? `"${escaped(text)}"` : text)).join(delimiter) + eol)
    .join('');
}

test.each(['doubled', 'backslash'] as const)(
  'any rows come back as they were written, however the file is cut (%s)',
  async (innerQuotes) => {
    const character = fc.oneof(
      { weight: 1, arbitrary: fc.constantFrom('"', ',', ';', '\n', '\r', '\\', ' ') },
      fc.string({ unit: 'grapheme', maxLength: 1 }),
    );
    const rows = fc.array(
      fc.array(
        fc.array(character, { maxLength: 6 }).map((all) => all.join('')),
        { minLength: 1, maxLength: 4 },
      ),
      { maxLength: 6 },
    );
    const size = fc.integer({ min: 1, max: 9 });
    await fc.assert(
      fc.asyncProperty(
        rows,
        size,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (given, chunk, delimiter, eol, always) => {
          const dialect: Dialect = { delimiter, quote: '"', innerQuotes };
          const text = write(given, dialect, eol, always);
          const records = await read(text, dialect, { size: chunk });
          // A line with one empty field is blank.
          const expected = given.filter((row) => !(row.length === 1 && row[0] === ''));
          expect(records.map(({ fields }) => fields)).toEqual(expected);
          const lines: number[] = [];
          let line = 1;
          for (const row of given) {
            if (expected.includes(row)) lines.push(line);
            line += row.reduce((sum, field) => sum + field.split('\n').length - 1, 1);
          }
          expect(records.map((record) => record.line)).toEqual(lines);
        },
      ),
      { numRuns: 400 },
    );
  },
);

describe('lines', () => {
  test('blank lines are no records, and count', async () => {
    expect(await read('a,b\r\n\r\n\n"x\ny",2\n\n3,4')).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 4, fields: ['x\ny', '2'] },
      { line: 7, fields: ['3', '4'] },
    ]);
  });

  test('lines before the header are passed over', async () => {
    expect(await read('made by a switch\n"sep=,\na,b\n1,2\n', plain, { skip: 2, size: 3 })).toEqual([
      { line: 3, fields: ['a', 'b'] },
      { line: 4, fields: ['1', '2'] },
    ]);
  });

  test('what follows the last delimiter is a field, also at the end of the file', async () => {
    expect((await read('a,\nb,')).map(({ fields }) => fields)).toEqual([
      ['a', ''],
      ['b', ''],
    ]);
  });
});

describe('quotes', () => {
  test('a quote inside that is not doubled spoils its line alone', async () => {
    const records = await read('""Bob" Smith",1\n3,4\n"x"y,5\n6,7\n', plain, { size: 2 });
    expect(records.map(({ line, fields, fault }) => [line, fields.length, fault !== undefined])).toEqual([
      [1, 0, true],
      [2, 2, false],
      [3, 0, true],
      [4, 2, false],
    ]);
  });

  test('plain quotes end a field only before a delimiter or the end of the line', async () => {
    const dialect: Dialect = { ...plain, innerQuotes: 'plain' };
    expect(
      (await read('""Bob" Smith","",x\r\n"a","b"\n"c "d","e"', dialect, { size: 1 })).map(({ fields }) => fields),
    ).toEqual([
      ['"Bob" Smith', '', 'x'],
      ['a', 'b'],
      ['c "d', 'e'],
    ]);
  });

  test('without quotes a quote is a character', async () => {
    expect(
      (await read('"a|b"\n', { delimiter: '|', quote: '', innerQuotes: 'doubled' })).map(({ fields }) => fields),
    ).toEqual([['"a', 'b"']]);
  });

  test('a quote that is never closed is told with its line, before it fills the memory', async () => {
    await expect(read('a,b\n1,"open\n2,3\n')).rejects.toMatchObject({
      code: 'UNREADABLE_FILE',
      message: expect.stringContaining('line 2 '),
    });
    let asked = 0;
    async function* endless() {
      yield 'a\n"';
      for (; asked < 1000; asked++) yield 'x\n'.repeat(10_000);
    }
    const reading = async () => {
      for await (const _ of readRecords(endless(), plain)) void _;
    };
    await expect(reading()).rejects.toMatchObject({ code: 'UNREADABLE_FILE' });
    expect(asked).toBeLessThan(100);
  });
});
