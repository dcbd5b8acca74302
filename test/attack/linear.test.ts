import { describe, expect, test } from 'vitest';
import { cleanText, cleanWhole } from '../../src/clean-text.ts';
import { repeatedNames } from '../../src/document/repeated-names.ts';
import { didYouMean } from '../../src/document/suggestion.ts';
import { ids, type RawParams, readParams, words } from '../../src/engine/params.ts';
import { DialtallyError } from '../../src/errors.ts';
import { toHarmless } from '../../src/export/formulas.ts';
import { parseQueryString } from '../../src/http/asked/query-string.ts';
import { openArrayCutter } from '../../src/ingest/json-array.ts';
import { toReading } from '../../src/ingest/layout.ts';
import { openLineWatch } from '../../src/ingest/long-lines.ts';
import { isUnprintable } from '../../src/ingest/names.ts';
import { readSmallBody } from '../../src/ingest/small-body.ts';
import { openConversion } from '../../src/mapping/convert.ts';
import type { Mapping } from '../../src/mapping/language/mapping.ts';
import { readMapping } from '../../src/mapping/language/read-mapping.ts';
import { type Dialect, readRecords } from '../../src/mapping/source/csv-records.ts';
import { toBranches } from '../../src/mapping/source/json-branches.ts';
import { readJsonLines } from '../../src/mapping/source/json-lines.ts';
import { JsonReader } from '../../src/mapping/source/json-reader.ts';
import { readJsonRecords } from '../../src/mapping/source/json-records.ts';
import { openRecordSource } from '../../src/mapping/source/open-source.ts';
import { toDigits } from '../../src/mapping/values/phone-digits.ts';
import { growthOf, linear, type Work } from './growth.ts';

/** The work of reading an input, which may end in a refusal but in no other error. */
const reading = (read: Work): Work => {
  return async () => {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof DialtallyError)) throw error;
    }
  };
};

async function drain(batches: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of batches) void _;
}

async function* inPieces<Text extends string | Buffer>(text: Text, size: number): AsyncGenerator<Text> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size) as Text;
}

const texts: Record<string, (size: number) => string> = {
  commas: (size) => ','.repeat(size),
  quotes: (size) => '"'.repeat(size),
  'line ends': (size) => '\n'.repeat(size),
  'carriage returns': (size) => '\r'.repeat(size),
  'lines without a comma': (size) => 'a\n'.repeat(size / 2),
  'a line of one field': (size) => 'a'.repeat(size),
  'backslashes in a quote': (size) => `"${'\\'.repeat(size)}`,
  'quotes that spoil their lines': (size) => '"x"y\n'.repeat(size / 5),
  'lines that all seem to go on': (size) => `${'b","ccc\n'.repeat(size / 8)}"x`,
  'fields with line breaks, and a spoilt end': (size) => `${'a,"ccc\nb",'.repeat(size / 10)}"x"x`,
  'wide spaces': (size) => `a${'\u3000'.repeat(size)}b\n`,
  'opening brackets': (size) => '['.repeat(size),
  elements: (size) => `[${'1,'.repeat(size / 2)}1]`,
  'empty elements': (size) => `[{}${', {}'.repeat(size / 4)}]`,
  'a record of many names': (size) => `{${'"a":1,'.repeat(size / 6)}"a":1}`,
  'a record that goes on': (size) => `[{"a":[${'"\\u0041",'.repeat(size / 9)}`,
  'records behind a long one': (size) => `[{"a":"${'x'.repeat(size / 2)}"}${',{}'.repeat(size / 6)}]`,
  'braces and carriage returns': (size) => '}\t\r '.repeat(size / 4),
};

describe.each(Object.entries(texts))('%s', (_, toText) => {
  const size = 240_000;
  const pieces = { whole: [10 ** 9, size], 'byte by byte': [1, size / 2] } as const;

  test.each(Object.entries(pieces))('cut into records of a mapped file, %s', async (_pieces, [piece, size]) => {
    for (const innerQuotes of ['doubled', 'backslash', 'plain'] as const) {
      const dialect: Dialect = { delimiter: ',', quote: '"', innerQuotes };
      const toWork = (length: number) => {
        const text = toText(length);
        return reading(() => drain(readRecords(inPieces(text, piece), dialect)));
      };
      expect(await growthOf(toWork, size), innerQuotes).toBeLessThan(linear);
    }
  });

  test.each(Object.entries(pieces))('read as JSON of a mapped file, %s', async (_pieces, [piece, size]) => {
    for (const read of [readJsonLines, readJsonRecords]) {
      const toWork = (length: number) => {
        const text = toText(length);
        const reader = () => new JsonReader(toBranches(['a', 'a.b', 'a[1]'], ['a']), { width: 3, decimal: '.' });
        return reading(() => drain(read(inPieces(text, piece), reader())));
      };
      expect(await growthOf(toWork, size), read.name).toBeLessThan(linear);
    }
  });

  test.each(Object.entries(pieces))('looked through as it comes in, %s', async (_pieces, [piece, size]) => {
    const toWork = (length: number) => {
      const bytes = Buffer.from(toText(length));
      return async () => {
        const cutter = openArrayCutter();
        const watches = [openLineWatch('csv'), openLineWatch('ndjson')];
        const see: ((part: Buffer) => void)[] = [cutter.push, ...watches];
        for (const look of see) {
          await reading(() => {
            for (let at = 0; at < bytes.length; at += piece) look(bytes.subarray(at, at + piece));
          })();
        }
        await reading(() => cutter.end())();
      };
    };
    expect(await growthOf(toWork, size)).toBeLessThan(linear);
  });

  test('looked at as a small body', async () => {
    for (const format of ['csv', 'ndjson'] as const) {
      const toWork = (length: number) => {
        const bytes = Buffer.from(toText(length));
        const body = { tenantId: 1, table: 'calls', format, bytes, file: 'x', strict: false } as const;
        return async () => {
          await reading(() => toReading(bytes, 'calls', format))();
          await reading(() => readSmallBody(body))();
        };
      };
      expect(await growthOf(toWork, size), format).toBeLessThan(linear);
    }
  });

  test('as one field, one name or one number', async () => {
    const toWork = (length: number) => {
      const text = toText(length);
      return () => {
        cleanText(text);
        cleanWhole(text);
        isUnprintable(text);
        toDigits(text, { country_code: '84', dial_prefix: '9' });
        didYouMean(text, ['table', text.slice(1)]);
        toHarmless(text, { isCode: true, separator: ';' });
      };
    };
    expect(await growthOf(toWork, size)).toBeLessThan(linear);
  });
});

const good: Mapping = {
  table: 'calls',
  timezone: 'UTC',
  columns: {
    call_id: 'id',
    campaign_id: { value: '7' },
    started_at: 'at',
    outcome: { from: 'r', values: { OK: 'answered' } },
  },
};
const named = (count: number) => Array.from({ length: count }, (_, index) => `column ${index}`);

describe('a file by its mapping', () => {
  const resolveNames = async (_kind: unknown, names: readonly string[]) => new Map(names.map((name) => [name, 1]));
  const converting = (mapping: Mapping, bytes: Buffer, piece: number): Work =>
    reading(async () => {
      const source = await openRecordSource(mapping, inPieces(bytes, piece));
      await drain(openConversion(mapping, source, { hash: undefined, resolveNames }).batches());
    });
  const files: Record<string, (size: number) => string> = {
    'a header of ever more names': (size) => `${named(size / 10).join(',')}\n`,
    'a header of one name': (size) => `${'id,'.repeat(size / 3)}\n`,
    rows: (size) => `id,at,r\n${'1,2026-06-01 09:00:00,OK\n'.repeat(size / 26)}`,
    'rows with more and more fields': (size) => `id,at,r\n1,2026-06-01,OK${',x'.repeat(size / 2)}\n`,
    'a field of wide spaces': (size) => `id,at,r\na${'\u3000'.repeat(size)}b,2026-06-01,OK\n`,
    'a byte-order mark and spaces': (size) => `\ufeff${' '.repeat(size)}`,
  };

  test.each(Object.entries(files))('%s', async (_, toFile) => {
    for (const piece of [10 ** 9, 1]) {
      const toWork = (size: number) => converting(good, Buffer.from(toFile(size)), piece);
      expect(await growthOf(toWork, piece === 1 ? 150_000 : 400_000), String(piece)).toBeLessThan(linear);
    }
  });
});

describe('a mapping', () => {
  const rule = good.columns.outcome as object;
  const mappings: Record<string, (count: number) => unknown> = {
    'that names columns which the file does not have': (count) => ({
      ...good,
      file: { columns: named(900) },
      skip: named(count / 5).map((name) => ({ when: { [`${name}?`]: 'x' }, because: 'x' })),
    }),
    'with values of another type': (count) => ({
      ...good,
      columns: {
        ...good.columns,
        outcome: { ...rule, values: Object.fromEntries(named(count).map((one) => [one, 7])) },
      },
    }),
    'with values that are none of ours': (count) => ({
      ...good,
      columns: {
        ...good.columns,
        outcome: { ...rule, values: Object.fromEntries(named(count).map((one) => [one, 'answerd'])) },
      },
    }),
    'with parts that no mapping has': (count) => ({
      ...good,
      ...Object.fromEntries(named(count).map((one) => [one, 1])),
    }),
    'with columns that no table has': (count) => ({
      ...good,
      columns: Object.fromEntries(named(count).map((one) => [one, {}])),
    }),
    'that lists a column again and again': (count) => ({ ...good, file: { columns: Array(count).fill('a') } }),
    'with a name without end': (count) => ({ ...good, columns: { ...good.columns, ['x'.repeat(count * 20)]: 1 } }),
    'with a text without end': (count) => ({ ...good, timezone: 'x'.repeat(count * 20) }),
    'with outcomes that are none': (count) => ({ ...good, merge: { by: 'id', prefer: named(count) } }),
  };

  test.each(Object.entries(mappings))(
    '%s is told in a few kilobytes, and its faults cost no more than it does',
    async (_, make) => {
      for (const count of [10, 400, 1900, 20_000]) {
        const { faults } = readMapping(JSON.stringify(make(count)));
        expect(faults.length, String(count)).toBeLessThanOrEqual(51);
        expect(JSON.stringify(faults).length, String(count)).toBeLessThan(32_000);
        for (const { path, message } of faults) expect(Math.max(path.length, message.length)).toBeLessThan(1000);
      }
      const toWork = (count: number) => {
        const text = JSON.stringify(make(count));
        return () => readMapping(text);
      };
      // Small ones, of which everything is looked at, and large ones, of which it is not.
      for (const count of [1900, 60_000]) expect(await growthOf(toWork, count), String(count)).toBeLessThan(linear);
    },
  );

  test('nested without end', async () => {
    const nested = (count: number) => {
      const text = '[{"a":'.repeat(count) + '1' + '}]'.repeat(count);
      return () => readMapping(text);
    };
    expect(nested(10)().faults).toHaveLength(1);
    expect(await growthOf(nested, 80_000)).toBeLessThan(linear);
  });

  test('whose names stand in it twice, deep inside', async () => {
    const deep = (count: number) => {
      const text = `{"a":${'[{"b":1,"b":2},'.repeat(count)}1${']'.repeat(count)},"a":1}`;
      return () => repeatedNames(text);
    };
    expect(await growthOf(deep, 40_000)).toBeLessThan(linear);
    const { faults } = readMapping(`{"a":${'[{"b":1,"b":2},'.repeat(30_000)}1${']'.repeat(30_000)},"a":1}`);
    expect(JSON.stringify(faults).length).toBeLessThan(32_000);
  });

  test('tells how many faults there are beyond those that it tells', () => {
    const { faults } = readMapping(
      JSON.stringify({ ...good, ...Object.fromEntries(named(120).map((one) => [one, 1])) }),
    );
    expect(faults.at(-1)).toEqual({ path: '$', message: 'There are 70 more faults. Mend these first.' });
  });
});

describe('parameters', () => {
  const context = { now: 0 };
  const lists: Record<string, (count: number) => RawParams> = {
    'one long list': (count) => ({ agent_ids: Array.from({ length: count }, (_, index) => index + 1).join(',') }),
    'a list of commas': (count) => ({ agent_ids: ','.repeat(count) }),
    'a name again and again': (count) => parseQueryString('agent_ids[]=7&'.repeat(count)),
    'ever new places': (count) =>
      parseQueryString(Array.from({ length: count }, (_, index) => `agent_ids[${index}]=7`).join('&')),
    'ever new names': (count) => parseQueryString(named(count).join('&')),
    'a text without end': (count) => ({ q: ' x'.repeat(count * 20) }),
  };
  test.each(Object.entries(lists))('%s', async (_, make) => {
    const toWork = (count: number) => {
      const raw = make(count);
      return reading(() => readParams({ agent_ids: ids('Agents'), q: words('Part of a name', 200) }, raw, context));
    };
    expect(await growthOf(toWork, 40_000)).toBeLessThan(linear);
  });
});
