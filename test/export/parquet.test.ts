import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Columns,
  choice,
  code,
  color,
  decimal,
  flag,
  instant,
  integer,
  number,
  optionalInstant,
  optionalText,
  reasons,
  text,
} from '../../src/engine/columns.ts';
import { openParquetMaker } from '../../src/http/answers/parquet.ts';
import { sql } from '../../src/sql.ts';
import { openTestStore } from '../http/app.ts';
import { type Duck, duckTypeOf, openDuck } from './duck.ts';

type Row = Record<string, unknown>;

const columns = {
  agent_id: integer('Agent', ''),
  name: text('Name', ''),
  nickname: optionalText('Nickname', ''),
  cid: code('Caller ID', ''),
  rate: number('Rate', '', 2, 'percent'),
  share: decimal('Share', '', 2, 'percent'),
  seconds: decimal('Seconds', '', 0, 'seconds'),
  state: choice('State', '', ['on', 'off']),
  shade: color('Shade', '', 'state'),
  is_live: flag('Live', ''),
  at: instant('At', ''),
  ended: optionalInstant('Ended', ''),
  why: reasons('Why', ''),
} satisfies Columns;

let duck: Duck;
let held: Awaited<ReturnType<typeof openTestStore>>;

beforeAll(async () => {
  [duck, held] = await Promise.all([openDuck(), openTestStore()]);
});

afterAll(async () => {
  await duck.close();
  await held.close();
});

const maker = openParquetMaker({ waitMs: 60_000 });

async function* each(chunks: Iterable<Row[]>) {
  yield* chunks;
}

async function make(of: Columns, chunks: AsyncIterable<Row[]>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of await maker.make({ tenantId: 1 }, async () => ({ columns: of, chunks })))
    pieces.push(piece);
  return Buffer.concat(pieces);
}

const instants = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const decimals = (digits: number) =>
  fc
    .nat(10 ** 9)
    .map((whole) => (BigInt(whole) * 7_919n).toString().padStart(digits + 1, '0'))
    .map((digit) => pointed(digit, digits));
const pointed = (text: string, digits: number) => (digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text);
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '\ufeffmarked', '\0', '👩‍💻 Bo'),
);
const codes = fc.string({ maxLength: 10 });
const figures = fc.double({ min: 0, max: 1e12, noNaN: true });

const rows: fc.Arbitrary<Row> = fc.record({
  agent_id: fc.maxSafeNat(),
  name: texts,
  nickname: fc.option(texts),
  cid: texts,
  rate: figures,
  share: decimals(2),
  seconds: decimals(0),
  state: fc.constantFrom('on', 'off'),
  shade: fc.constantFrom('#2E9E6B', '#000000'),
  is_live: fc.boolean(),
  at: instants,
  ended: fc.option(instants),
  why: fc.array(fc.record({ code: codes, value: figures, limit: figures, sample: fc.maxSafeNat() }), { maxLength: 3 }),
});

test('any rows of any columns are what DuckDB reads, with types of their own', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(rows, { maxLength: 40 }), { maxLength: 4 }), async (chunks) => {
      const file = await make(columns, each(chunks));
      const read = await duck.read(file, 'parquet');
      expect(Object.entries(read.types)).toEqual(
        Object.entries(columns).map(([name, column]) => [name, duckTypeOf(column)]),
      );
      expect(read.rows).toEqual(chunks.flat());
    }),
    { numRuns: 12 },
  );
});

test('only what may be missing is optional', async () => {
  const file = await make(columns, each([]));
  const required = await duck.requiredOf(file);
  const optional = Object.keys(columns).filter((name) => !required.includes(name));
  expect(optional).toEqual(['nickname', 'ended']);
});

test('the engine reads the same file, with types of its own', async () => {
  const chunks = fc.sample(fc.array(rows, { minLength: 50, maxLength: 50 }), { numRuns: 2, seed: 7 });
  const path = join(held.directory, 'rows.parquet');
  await writeFile(path, await make(columns, each(chunks)));
  const source = sql`file({path:String}, 'Parquet')`.bind({ path });
  const described = await held.store.query<{ name: string; type: string }>(sql`DESCRIBE ${source}`);
  expect(Object.fromEntries(described.map(({ name, type }) => [name, type.replace(/\s+/g, ' ')]))).toEqual({
    agent_id: 'Int64',
    name: 'String',
    nickname: 'Nullable(String)',
    cid: 'String',
    rate: 'Float64',
    share: 'Decimal(18, 2)',
    seconds: 'Decimal(18, 0)',
    state: 'String',
    shade: 'String',
    is_live: 'Bool',
    at: "DateTime64(3, 'UTC')",
    ended: "Nullable(DateTime64(3, 'UTC'))",
    why: 'Array(Tuple( code String, value Float64, limit Float64, sample Int64))',
  });
  const read = await held.store.query<Row>(sql`SELECT agent_id, name, nickname, cid, rate, toString(share) AS share,
      state, is_live, toUnixTimestamp64Milli(at) AS at, toUnixTimestamp64Milli(ended) AS ended, why
    FROM ${source}`);
  const toMs = (value: unknown) => (value === null ? null : Date.parse(String(value)));
  expect(read).toEqual(
    chunks.flat().map(({ seconds: _, shade: __, ...row }) => ({
      ...row,
      share: String(row.share).replace(/\.?0+$/, ''),
      at: toMs(row.at),
      ended: toMs(row.ended),
    })),
  );
});

describe('a long file', () => {
  const few = { agent_id: integer('Agent', ''), name: optionalText('Name', '') };
  const rowOf = (agent_id: number): Row => ({ agent_id, name: agent_id % 3 ? `agent ${agent_id % 100}` : null });
  async function* long(count: number, size: number) {
    for (let from = 0; from < count; from += size) {
      yield Array.from({ length: Math.min(size, count - from) }, (_, index) => rowOf(from + index));
    }
  }

  test.each([1000, 16_384, 70_001])('comes in groups of rows, whatever the chunks: %d', async (size) => {
    const file = await make(few, long(70_001, size));
    const { rows: read } = await duck.read(file, 'parquet');
    expect(read).toHaveLength(70_001);
    expect(read[70_000]).toEqual(rowOf(70_000));
    expect(read.every((row, index) => row.agent_id === index)).toBe(true);
    const groups = await duck.groupsOf(file);
    expect(Math.max(...groups)).toBeLessThan(22_000);
    expect(groups.reduce((sum, group) => sum + group, 0)).toBe(70_001);
  });

  test('whose rows fail in the middle throws what they threw, behind the bytes before it', async () => {
    async function* failing() {
      yield* long(50_000, 10_000);
      throw new Error('the engine is gone');
    }
    let bytes = 0;
    const read = async () => {
      const source = { columns: few, chunks: failing() };
      for await (const piece of await maker.make({ tenantId: 1 }, async () => source)) bytes += piece.length;
    };
    await expect(read()).rejects.toThrow('the engine is gone');
    expect(bytes).toBeGreaterThan(0);
  });

  test('that nobody waits for ends, and reads no more rows', async () => {
    const leaving = new AbortController();
    let given = 0;
    async function* endless() {
      for (;;) {
        given += 1000;
        yield Array.from({ length: 1000 }, (_, index) => rowOf(index));
      }
    }
    const who = { tenantId: 1, signal: leaving.signal };
    const read = async () => {
      for await (const _ of await maker.make(who, async () => ({ columns: few, chunks: endless() }))) leaving.abort();
    };
    await expect(read()).rejects.toThrow();
    const then = given;
    await make(few, long(1000, 1000));
    expect(given).toBe(then);
  });

  test('takes a turn of its tenant, which it gives back however it ends', async () => {
    const two = openParquetMaker({ waitMs: 20 });
    const source = { columns: few, chunks: long(100, 100) };
    const begun = [1, 2].map(() => two.make({ tenantId: 1 }, async () => source));
    const [first, second] = await Promise.all(begun);
    await expect(two.make({ tenantId: 1 }, async () => source)).rejects.toMatchObject({ code: 'STORE_BUSY' });
    await expect(two.make({ tenantId: 2 }, () => Promise.reject(new Error('no rows')))).rejects.toThrow('no rows');
    for await (const _ of first!) break;
    for await (const _ of second!);
    for await (const _ of await two.make({ tenantId: 1 }, async () => source));
  });
});
