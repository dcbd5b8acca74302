import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Column } from '../../src/engine/columns.ts';
import { code, integer, number, optionalText, text } from '../../src/engine/columns.ts';
import { toCsv } from '../../src/export/csv.ts';
import type { Layout, LayoutColumn } from '../../src/export/layout.ts';
import { pythonMissing, readCsvs } from './independent.ts';

type Row = Record<string, unknown>;

const columnsOf = (columns: Record<string, Column>): LayoutColumn[] =>
  Object.entries(columns).map(([name, column]) => ({ name, column, label: column.label }));

function layoutOf(columns: Record<string, Column>, csv: Partial<Layout['csv']> = {}): Layout {
  return { columns: columnsOf(columns), title: 'T', sheetName: 'T', csv: { delimiter: ',', header: 'name', ...csv } };
}

async function write(layout: Layout, chunks: Row[][], bom = false): Promise<string> {
  async function* all() {
    yield* chunks;
  }
  let written = '';
  for await (const part of toCsv(layout, all(), { bom })) written += part;
  return written;
}

const columns = { name: text('Name', ''), cid: code('Caller ID', ''), dials: integer('Dials', '', 'calls') };

test('is records with CRLF, a header of JSON names, and quotes where they are needed', async () => {
  const rows = [
    { name: 'Đặng "Bo", Lê', cid: '0900000012', dials: 3 },
    { name: 'two\r\nlines', cid: '007', dials: 0 },
  ];
  expect(await write(layoutOf(columns), [rows])).toBe(
    'name,cid,dials\r\n"Đặng ""Bo"", Lê",0900000012,3\r\n"two\r\nlines",007,0\r\n',
  );
});

test('has a byte-order mark only when it is asked for, and once', async () => {
  expect(await write(layoutOf(columns), [], true)).toBe('\ufeffname,cid,dials\r\n');
  const long = Array.from({ length: 9000 }, (_, dials) => ({ name: 'a', cid: '1', dials }));
  const written = await write(layoutOf(columns), [long, long], true);
  expect(written.split('\ufeff')).toHaveLength(2);
  expect(written.split('\r\n')).toHaveLength(18_002);
});

describe('text that a spreadsheet would run', () => {
  test.each(['=1+1', '+84 agent', '-5', '@SUM(A1)', '\t=1', '\r=1'])('%j is made harmless', async (name) => {
    const [, record] = (await write(layoutOf({ name: columns.name }), [[{ name }]])).split(/(?<=^name\r\n)/);
    expect(record?.replace(/^"|"?\r\n$/g, '')).toBe(`'${name}`);
  });

  test.each([
    ['=1+1', "'=1+1"],
    ['@x', "'@x"],
    ['+84901234567', '+84901234567'],
    ['-5', '-5'],
    ['0900', '0900'],
  ])('a code %j is %j', async (cid, written) => {
    expect(await write(layoutOf({ cid: columns.cid }), [[{ cid }]])).toBe(`cid\r\n${written}\r\n`);
  });

  test('numbers are never touched', async () => {
    const rate = number('Rate', '', 2);
    expect(await write(layoutOf({ rate }), [[{ rate: -5.25 }, { rate: 0 }]])).toBe('rate\r\n-5.25\r\n0\r\n');
  });
});

test('follows the layout: columns left out, another delimiter, labels or no header', async () => {
  const row = { name: 'a;b', cid: '1', dials: 2 };
  const some = { dials: columns.dials, name: columns.name };
  expect(await write(layoutOf(some, { delimiter: ';', header: 'label' }), [[row]])).toBe('Dials;Name\r\n2;"a;b"\r\n');
  expect(await write(layoutOf(some, { delimiter: '\t', header: 'none' }), [[row]])).toBe('2\ta;b\r\n');
  expect(await write(layoutOf(some, { delimiter: '|', header: 'none' }), [])).toBe('');
});

test('a record of one empty field is no empty line', async () => {
  const name = optionalText('Name', '');
  expect(await write(layoutOf({ name }), [[{ name: null }, { name: '' }]])).toBe('name\r\n""\r\n""\r\n');
});

const missing = pythonMissing();
const delimiters = [',', ';', '\t', '|'] as const;

test.skipIf(missing)(`any rows come back from python\u2019s reader${missing ? `: ${missing}` : ''}`, async () => {
  const odd = fc.string({
    unit: fc.constantFrom('a', '"', "'", ',', ';', '|', '\t', '\r', '\n', ' ', '=', '+', 'ế', '😀', 'א'),
  });
  const rows = fc.array(fc.record({ name: odd, cid: odd, dials: fc.maxSafeInteger() }), { maxLength: 6 });
  for (const delimiter of delimiters) {
    const tables = fc.sample(rows, { numRuns: 200, seed: delimiter.charCodeAt(0) });
    const texts = await Promise.all(tables.map((table) => write(layoutOf(columns, { delimiter }), [table])));
    const found = readCsvs(texts, delimiter);
    const unguarded = (record: readonly string[]) => record.map((cell) => cell.replaceAll("'", ''));
    for (const [index, table] of tables.entries()) {
      const expected = table.map(({ name, cid, dials }) => unguarded([name, cid, String(dials)]));
      expect(found[index]?.map(unguarded)).toEqual([['name', 'cid', 'dials'], ...expected]);
    }
  }
});
