import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../src/clean-text.ts';
import { type Converted, openConversion } from '../../src/mapping/convert.ts';
import type { Mapping } from '../../src/mapping/language/mapping.ts';
import { checkMapping } from '../../src/mapping/language/read-mapping.ts';
import type { SourceFile } from '../../src/mapping/language/source-file.ts';
import { toBranches } from '../../src/mapping/source/json-branches.ts';
import { JsonReader } from '../../src/mapping/source/json-reader.ts';
import { openRecordSource } from '../../src/mapping/source/open-source.ts';

const base: Mapping = {
  table: 'calls',
  timezone: 'UTC',
  columns: {
    call_id: 'id',
    campaign_id: { value: '7' },
    started_at: { value: '2026-06-01T09:00:00Z' },
    outcome: { from: 'result', values: { OK: 'answered', NA: 'no_answer' } },
    talk_sec: 'talked',
    cid: 'cid',
  },
  skip: [{ because: 'inbound', when: { way: 'in' } }],
};
const mapped = (file: SourceFile, columns: Mapping['columns'] = {}): Mapping => ({
  ...base,
  file,
  columns: { ...base.columns, ...columns },
});
const [lines, json] = [mapped({ format: 'ndjson' }), mapped({ format: 'json' })];

async function* inPieces(bytes: Buffer, piece: number) {
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
}

/** What a file becomes, without the store: each line or record once. */
async function convert(mapping: Mapping, file: string | Buffer, piece = 1 << 16) {
  expect(checkMapping(mapping).faults).toEqual([]);
  const source = await openRecordSource(mapping, inPieces(Buffer.from(file), piece));
  const conversion = openConversion(mapping, source, { resolveNames: async () => new Map() });
  const found: Converted[] = [];
  for await (const batch of conversion.batches()) found.push(...batch);
  const rows = found.flatMap((one) => (one.kind === 'row' ? [one.made.row] : []));
  const bad = found.flatMap((one) =>
    one.kind === 'bad' ? one.bad.faults.map(({ field, reason }) => `${one.bad.line} ${field} ${reason}`) : [],
  );
  return { found, rows, bad, absent: source.absent?.() ?? [] };
}

const refusedWith = (text: string) => ({ code: 'UNREADABLE_FILE', message: expect.stringContaining(text) });
const call = (id: string, more: object = {}) => ({ id, result: 'OK', talked: 5, cid: '1', way: 'out', ...more });

describe('the same rows', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '\u2028', '\ufeff', '%41', '12345678901234567890'),
  );
  // What stands for an empty text in CSV may be nothing at all here.
  const row = fc.record({
    id: text,
    result: fc.constantFrom('OK', 'NA', 'WHAT'),
    talked: fc.oneof(fc.nat({ max: 90_000 }), fc.constantFrom('', 'x')),
    cid: text,
    way: fc.constantFrom('in', 'out'),
    // Nobody asks for it.
    other: fc.jsonValue({ maxDepth: 3 }),
  });
  const columns = ['id', 'result', 'talked', 'cid', 'way'] as const;
  const spaces = fc.constantFrom('', ' ', '\n', '\r\n\t', '\n\n');

  test('become the same as CSV, NDJSON, a list, and objects one behind the other, however the file is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        spaces,
        async (rows, piece, space) => {
          const quoted = (value: unknown) => `"${String(value).replaceAll('"', '""')}"`;
          const csv = [
            columns.join(','),
            ...rows.map((one) => columns.map((name) => quoted(one[name])).join(',')),
          ].join('\n');
          const withoutLines = ({ found }: { found: Converted[] }) =>
            found.map((one) => {
              if (one.kind === 'row') return { ...one, ties: '', made: { ...one.made, line: 0 } };
              if (one.kind === 'bad')
                return { ...one, part: '', bad: { ...one.bad, line: 0, row: { ...one.bad.row, '(line)': '' } } };
              return { ...one, line: 0 };
            });
          const expected = withoutLines(await convert(base, csv, piece));
          const written = rows.map((one) => JSON.stringify(one));
          const pretty = rows.map((one) => JSON.stringify(one, null, 2));
          const behind = (all: string[], between: string) => (all.length === 0 ? ' []' : all.join(between));
          const files: [Mapping, string][] = [
            ...(rows.length > 0 ? [[lines, `${written.join(`\n${space}`)}\r\n`] as [Mapping, string]] : []),
            [json, `${space}[${space}${written.join(`${space},${space}`)}${space}]${space}`],
            [json, JSON.stringify(rows, null, 3)],
            [json, behind(written, space)],
            [json, behind(pretty, `${space}\ufeff`)],
            [
              json,
              behind(
                pretty.map((one) => `[${one}]`),
                space,
              ),
            ],
          ];
          for (const [mapping, file] of files) {
            expect(withoutLines(await convert(mapping, file, piece)), file).toEqual(expected);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('have numbers of their own, also on one line', async () => {
    const { found } = await convert(json, JSON.stringify([call('a'), 5, call('b')]));
    expect(found.map((one) => (one.kind === 'row' ? one.made.line : one.kind === 'bad' ? one.bad.line : 0))).toEqual([
      1, 2, 3,
    ]);
    expect(new Set(found.map((one) => ('ties' in one ? one.ties.key : '')))).toContain(' line 3');
  });
});

describe('paths', () => {
  const record = {
    'a.b': 'point',
    a: { b: 'below', '[0]': 'bracket', "it's": 'quote' },
    list: [{ x: 'first' }, { x: 'second' }, ['deep']],
    'core-uuid': 'hyphen',
    '0': 'zero',
    '\ud83d\ude00 é': 'letters',
    __proto__x: { constructor: 'plain' },
  };
  test.each([
    ['a.b', 'below'],
    ["['a.b']", 'point'],
    ["a['[0]']", 'bracket'],
    ["a['it\\'s']", 'quote'],
    ['list[0].x', 'first'],
    ['list[1].x', 'second'],
    ['list[2][0]', 'deep'],
    ['core-uuid', 'hyphen'],
    ['0', 'zero'],
    ['\ud83d\ude00 é', 'letters'],
    ['__proto__x.constructor', 'plain'],
  ])('%s', async (path, expected) => {
    const mapping = mapped({ format: 'json' }, { cid: path });
    expect((await convert(mapping, JSON.stringify({ ...call('1'), ...record }))).rows[0]?.cid).toBe(expected);
  });

  test.each(['a..b', '.a', 'a.', '[0].x', 'a[x]', 'a[-1]', "a['b", "a['b']c", ' ['])('%s is none', (path) => {
    const { faults } = checkMapping(mapped({ format: 'json' }, { cid: path }));
    expect(faults).toEqual([{ path: '$.columns.cid', message: expect.stringContaining('no path') }]);
  });

  test('may be written in several ways, for several columns', async () => {
    const mapping = mapped({ format: 'json' }, { cid: 'a.b', disposition_code: "a['b']" });
    const { rows, absent } = await convert(mapping, JSON.stringify({ ...call('1'), a: { b: 'x' } }));
    expect(rows).toMatchObject([{ cid: 'x', disposition_code: 'x' }]);
    expect(absent).toEqual([]);
  });

  test('a name of an object or a position of a list is not there in a list or an object', async () => {
    const { rows, absent } = await convert(
      mapped({ format: 'json' }, { cid: 'list.x', disposition_code: 'object[0]' }),
      JSON.stringify({ ...call('1'), list: [{ x: 1 }], object: { 0: 1 } }),
    );
    expect(rows[0]).not.toHaveProperty('cid');
    expect(absent.map(({ column }) => column)).toEqual(['list.x', 'object[0]']);
  });
});

describe('values', () => {
  const readOf = async (written: string) => {
    const { rows, bad } = await convert(lines, `{"id":"1","result":"OK","talked":1,"way":"","cid":${written}}\n`);
    return bad[0] ?? rows[0]?.cid ?? '';
  };
  test.each([
    ['9223372036854775807', '9223372036854775807'],
    ['-0.10', '-0.10'],
    ['25.0', '25.0'],
    ['1e3', '1e3'],
    ['true', 'true'],
    ['false', 'false'],
    ['null', ''],
    ['""', ''],
    ['"  a\\u00a0"', 'a'],
    ['"\\u0065\\u0301\\/\\n\\ud83d\\ude00x"', '\u00e9/\n\ud83d\ude00x'],
    ['"null"', 'null'],
  ])('%s is read as %s', async (written, expected) => {
    expect(await readOf(written)).toBe(expected);
  });

  test.each([
    ['{"a":1}', '1 cid is an object, not a single value: name what is in it by a path'],
    ['[]', '1 cid is a list, not a single value: name what is in it by a path'],
    ['"\\ud800"', '1 cid has half a character in it (a lone surrogate, such as \\ud800)'],
    ['"a\\udc00\\ud800b"', '1 cid has half a character in it (a lone surrogate, such as \\ud800)'],
    ['1,"cid":2', '1 cid stands twice in its object'],
    ['"\ufffd"', '1 cid is not valid in the file\u2019s encoding (file.encoding of the mapping says which it is)'],
    ['01', '1 (line) is no JSON object on one line: a comma or a closing brace is missing'],
    ['+1', '1 (line) is no JSON object on one line: a value is missing'],
    ['NaN', '1 (line) is no JSON object on one line: a value is missing'],
    ["'a'", '1 (line) is no JSON object on one line: a value is missing'],
    [
      '"a\tb"',
      '1 (line) is no JSON object on one line: a text has a line end or another control character in it, which JSON escapes',
    ],
    ['"\\x41"', '1 (line) is no JSON object on one line: a text has a backslash in it with which JSON escapes nothing'],
    ['1,', '1 (line) is no JSON object on one line: a name in quotes is missing'],
    ['1}{', '1 (line) has more than one JSON object on it, or something else after it'],
  ])('%s is refused', async (written, expected) => {
    const found = String(await readOf(written));
    expect(found.replace(/^1 cid \(cid\)/, '1 cid')).toBe(expected);
  });

  test('an id of 19 digits keeps them, and numbers are read as they are written', async () => {
    const { rows } = await convert(lines, '{"id":1234567890123456789,"result":"OK","talked":25.0}\n');
    expect(rows).toMatchObject([{ call_id: '1234567890123456789', talk_sec: '25' }]);
  });

  test('JSON\u2019s own numbers have a point, whatever texts have', async () => {
    const mapping: Mapping = { ...lines, numbers: { decimal: ',', thousands: '.' } };
    const file = '{"id":"a","result":"OK","talked":1.234}\n{"id":"b","result":"OK","talked":"1.234"}\n';
    expect((await convert(mapping, file)).rows.map(({ talk_sec }) => talk_sec)).toEqual(['1', '1234']);
  });

  test('a name that stands twice spoils a record only where the mapping looks', async () => {
    const mapping = mapped({ format: 'ndjson' }, { cid: 'deep.cid' });
    const file =
      '{"id":"a","result":"OK","x":1,"x":2,"deep":{"y":1,"y":1,"cid":"7"}}\n{"id":"b","result":"OK","deep":{"cid":"7"},"deep":{}}\n';
    const { rows, bad } = await convert(mapping, file);
    expect(rows).toMatchObject([{ call_id: 'a', cid: '7' }]);
    expect(bad).toEqual(['2 deep stands twice in its object']);
  });

  test('percent-encoded texts are decoded where the mapping says so, and nowhere else', async () => {
    const mapping = mapped({ format: 'ndjson', percent_encoded: ['v'] }, { cid: 'v.cid', disposition_code: 'code' });
    const file = [
      '{"id":"a","result":"OK","code":"%20","v":{"cid":"%2B84%20Tri%E1%BB%83n+"}}',
      '{"id":"b","result":"OK","v":{"cid":"100%"}}',
      '{"id":"c","result":"OK","v":{"cid":"%E9"}}',
    ].join('\n');
    const { rows, bad } = await convert(mapping, file);
    expect(rows).toMatchObject([{ cid: '+84 Tri\u1ec3n+', disposition_code: '%20' }]);
    expect(bad).toEqual(
      [2, 3].map((line) => `${line} v.cid is not percent-encoded, as file.percent_encoded of the mapping says`),
    );
  });

  test('bytes that are no UTF-8 refuse their line alone', async () => {
    const file = Buffer.from(
      `${JSON.stringify(call('a', { cid: 'caf\u00e9' }))}\n${JSON.stringify(call('b'))}\n`,
      'latin1',
    );
    const { rows, bad } = await convert(lines, file);
    expect(rows).toMatchObject([{ call_id: 'b' }]);
    expect(bad).toEqual([expect.stringMatching(/^1 cid is not valid in the file/)]);
    const wide = Buffer.from(`\ufeff${JSON.stringify(call('a', { cid: '\u1ec3' }))}\n`, 'utf16le');
    const utf16 = { ...lines, file: { format: 'ndjson' as const, encoding: 'utf-16le' } };
    expect((await convert(utf16, wide, 7)).rows).toMatchObject([{ cid: '\u1ec3' }]);
    await expect(convert(lines, wide)).rejects.toMatchObject(refusedWith('"encoding": "utf-16le"'));
    const latin1 = { ...lines, file: { format: 'ndjson' as const, encoding: 'windows-1252' } };
    expect((await convert(latin1, file)).rows).toMatchObject([{ cid: 'caf\u00e9' }, { call_id: 'b' }]);
  });
});

test('what is JSON, and what its texts are, is as the language has it', () => {
  const reader = () => new JsonReader(toBranches(['a', 'b.c'], []), { width: 2, decimal: '.' });
  const bits = [
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '1',
    '-',
    '.',
    'e',
    '0',
    'null',
    'tru',
    '\n',
    '\u0001',
    '\\u00e',
    ' ',
  ];
  const written = fc.tuple(
    fc.record({
      a: fc.string({ unit: 'binary' }),
      b: fc.record({ c: fc.jsonValue({ maxDepth: 0 }), d: fc.jsonValue() }),
    }),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...bits), fc.nat({ max: 2 })), { maxLength: 2 }),
  );
  let good = 0;
  fc.assert(
    fc.property(written, fc.constantFrom(undefined, 1), ([value, changes], indent) => {
      let text = JSON.stringify(value, null, indent);
      for (const [at, bit, gone] of changes) {
        const from = at % text.length;
        text = text.slice(0, from) + bit + text.slice(from + gone);
      }
      text = text.trim();
      let parsed: unknown;
      try {
        parsed = JSON.parse(text);
      } catch {
        const read = reader().read(text, 0, true);
        expect(read.kind === 'value' && read.end === text.length, text).toBe(false);
        return;
      }
      const read = reader().read(text, 0, true);
      expect(read, text).toMatchObject({ kind: 'value', end: text.length });
      if (read.kind !== 'value' || read.fault) return;
      const { a } = parsed as { a?: unknown };
      if (typeof a === 'string') {
        expect(read.fields[0]).toBe(cleanText(a));
        good++;
      }
    }),
    { numRuns: 3000 },
  );
  expect(good).toBeGreaterThan(500);
});

describe('records', () => {
  const good = JSON.stringify(call('good'));

  test('a line that is no object is refused, and those around it go in', async () => {
    const deep = `{"id":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    const long = JSON.stringify(call('long', { other: 'x'.repeat(1_100_000) }));
    const file = ['\ufeff', good, '', '  ', '5', '[1]', '{"id":', deep, long, `${good}\r`, '"x"', good].join('\n');
    for (const piece of [1 << 16, 7777]) {
      const { rows, bad } = await convert(lines, file, piece);
      expect(rows).toHaveLength(3);
      expect(bad).toEqual([
        '5 (line) is a single value, not an object',
        '6 (line) is a list, not an object',
        '7 (line) is no JSON object on one line: it ends within an object or a list',
        '8 (line) is no JSON object on one line: it is nested more than 100 levels deep',
        '9 (line) has more than 1048576 characters',
        '11 (line) is a single value, not an object',
      ]);
    }
  });

  test('a first line that breaks off is refused alone, too', async () => {
    const { rows, bad } = await convert(lines, `{"id":\n${good}\n`);
    expect([rows.length, bad.length]).toEqual([1, 1]);
  });

  test('records of nothing, by a mapping of very many columns, are handed on in few', async () => {
    const cid = { from: Array.from({ length: 1500 }, (_, index) => `column ${index}`) };
    for (const [mapping, file] of [
      [mapped({ format: 'json' }, { cid }), `[${'{},'.repeat(10_000)}{}]`],
      [mapped({ format: 'ndjson' }, { cid }), '{}\n'.repeat(10_001)],
    ] as const) {
      const source = await openRecordSource(mapping, inPieces(Buffer.from(file), 1 << 16));
      let count = 0;
      for await (const batch of source.rows) {
        expect(batch.length).toBeLessThan(100);
        count += batch.length;
      }
      expect(count).toBe(10_001);
    }
  });

  test('what is no object in a list is refused by its number, and its line is kept', async () => {
    const { rows, found } = await convert(json, `[${good},\n\n null,\n[],${good}]`);
    expect(rows).toHaveLength(2);
    expect(found.flatMap((one) => (one.kind === 'bad' ? [one.bad] : []))).toEqual([
      { line: 2, faults: [{ field: '(record)', reason: 'is a single value, not an object' }], row: { '(line)': '3' } },
      { line: 3, faults: [{ field: '(record)', reason: 'is a list, not an object' }], row: { '(line)': '4' } },
    ]);
  });

  test.each([
    [`[${good},\n{"id" 1}]`, 'from line 2 (record 2) on: a colon is missing'],
    [`[${good},\n{"id":1`, 'from line 2 (record 2) on: it ends within an object or a list'],
    [`[${good},\n{"id":"1}]`, 'from line 2 (record 2) on: a quote is never closed'],
    [`[${good}\n${good}]`, 'from line 2 on: a comma or a closing bracket is missing'],
    [`[${good},\n]`, 'from line 2 (record 2) on: a value is missing'],
    [`[${good},,${good}]`, 'from line 1 (record 2) on: a value is missing'],
    [`[${good}\n`, 'from line 2 on: its list is never closed'],
    [`${good},\n${good}`, 'from line 1 on: something stands between its objects'],
    [`${good}]`, 'from line 1 on: something stands between its objects'],
    [`${good}\n}`, 'from line 2 (record 2) on: a value is missing'],
    [`[{"id":${'['.repeat(10_000)}`, 'from line 1 (record 1) on: it is nested more than 100 levels deep'],
  ])('a text that is no JSON is refused as a whole, with the place: %#', async (file, reason) => {
    for (const piece of [1, 1 << 16])
      await expect(convert(json, file, piece)).rejects.toMatchObject(refusedWith(reason));
  });

  test('a record that does not end is told before it fills the memory', async () => {
    let asked = 0;
    async function* endless() {
      yield Buffer.from(`[${good},\n{"id":"`);
      for (; asked < 1000; asked++) yield Buffer.alloc(100_000, 'x');
    }
    const reading = async () => {
      const source = await openRecordSource(json, endless());
      for await (const _ of source.rows) void _;
    };
    await expect(reading()).rejects.toMatchObject(
      refusedWith('line 2 (record 2) on: it has more than 1048576 characters'),
    );
    expect(asked).toBeLessThan(100);
  });

  test('a long list is handed on as it comes', async () => {
    let asked = 0;
    async function* long() {
      yield Buffer.from('[');
      for (; asked < 200; asked++) yield Buffer.from(`${good},`.repeat(1000));
      yield Buffer.from(`${good}]`);
    }
    const source = await openRecordSource(json, long());
    let count = 0;
    for await (const batch of source.rows) {
      count += batch.length;
      // Of more than 20 MB, no more was asked for than a few pieces.
      expect(count).toBeGreaterThanOrEqual((asked - 4) * 1000);
    }
    expect(count).toBe(200_001);
  });

  test.each([
    [lines, ''],
    [json, ''],
    [lines, ' \n\n'],
    [json, ' \n\n'],
  ])('nothing is no file', async (mapping, file) => {
    await expect(convert(mapping, file)).rejects.toMatchObject(refusedWith('The file is empty.'));
  });

  test('an empty list has no rows', async () => {
    expect((await convert(json, '[]\n')).found).toEqual([]);
  });
});

describe('a file that is written in another way', () => {
  const [one, two] = [JSON.stringify(call('a')), JSON.stringify([call('a'), call('b')], null, 1)];
  test.each([
    [base, `${one}\n${one}\n`, '"file": { "format": "ndjson" }'],
    [base, two, '"file": { "format": "json" }'],
    [base, JSON.stringify(call('a'), null, 2), '"file": { "format": "json" }'],
    [base, `[${one}]`, '"file": { "format": "json" }'],
    [mapped({ columns: ['id', 'result', 'talked', 'cid', 'way'] }), `${one}\n`, '"file": { "format": "ndjson" }'],
    [lines, two, '"file": { "format": "json" }'],
    [lines, JSON.stringify(call('a'), null, 2), '"file": { "format": "json" }'],
    [lines, JSON.stringify({ id: 1, other: 'x'.repeat(70_000) }, null, 1), '"file": { "format": "json" }'],
    [lines, `{"id":\n1}`, '"file": { "format": "json" }'],
    [lines, 'id,result\n1,OK\n', 'For a CSV file, leave file.format out'],
    [json, 'id,result\n1,OK\n', 'For a CSV file, leave file.format out'],
    [json, Buffer.from([0x1f, 0x8b, 8, 0]), 'gzip'],
  ])('is told how: %#', async (mapping, file, remedy) => {
    await expect(convert(mapping, file)).rejects.toMatchObject(refusedWith(remedy));
  });

  test('a bracket or a brace alone makes no JSON of a CSV file', async () => {
    const mapping = mapped({ columns: ['id', 'result', 'talked', 'cid', 'way'] });
    const { rows } = await convert(mapping, '[a],OK,1,,\n{b},OK,1,,\n');
    expect(rows.map(({ call_id }) => call_id)).toEqual(['[a]', '{b}']);
  });

  test('what goes with CSV alone is a fault of the mapping, and the other way round', () => {
    const places = (file: SourceFile) => checkMapping(mapped(file)).faults.map(({ path }) => path);
    expect(places({ format: 'json', delimiter: ';', columns: ['id'], fewest: 1, skip_lines: 1, quote: "'" })).toEqual(
      ['delimiter', 'quote', 'columns', 'fewest', 'skip_lines'].map((name) => `$.file.${name}`),
    );
    expect(places({ percent_encoded: ['id'] })).toEqual(['$.file.percent_encoded']);
    expect(places({ format: 'json', percent_encoded: ['a..b'] })).toEqual(['$.file.percent_encoded[0]']);
  });
});

describe('a column that no record has', () => {
  test('is told, with what was perhaps meant', async () => {
    const mapping = mapped({ format: 'ndjson' }, { talk_sec: 'variables.bilsec', cid: 'nowhere' });
    const { absent } = await convert(mapping, '{"id":"1","result":"OK","way":"","variables":{"billsec":"7"}}\n');
    expect(absent).toEqual([
      { column: 'variables.bilsec', meant: ' Did you mean "variables.billsec"?' },
      { column: 'nowhere', meant: '' },
    ]);
  });

  test('is none when a single record has it, were it null, or when it is one of several', async () => {
    const mapping = mapped(
      { format: 'json' },
      { cid: { from: ['new', 'old'] }, disposition_code: { join: ['a', 'b'] } },
    );
    const file = [call('a', { old: '1' }), call('b', { a: null })].map((one) => JSON.stringify(one)).join('');
    expect((await convert(mapping, file)).absent).toEqual([{ column: 'b', meant: '' }]);
  });
});
