import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { DialtallyError } from '../../src/errors.ts';
import { openArrayCutter } from '../../src/ingest/json-array.ts';
import { toReading } from '../../src/ingest/layout.ts';
import { openLineWatch } from '../../src/ingest/long-lines.ts';
import { readSmallBody } from '../../src/ingest/small-body.ts';
import { openConversion } from '../../src/mapping/convert.ts';
import type { Mapping } from '../../src/mapping/language/mapping.ts';
import { readMapping } from '../../src/mapping/language/read-mapping.ts';
import { openRecordSource } from '../../src/mapping/source/open-source.ts';
import { toDocument } from '../mapping/json-cdr.ts';
import { toDay } from '../mapping/twilio.ts';

// CSV, NDJSON, JSON and mappings, each spoilt a little: they are read or refused in our words, whatever was done to them.
// ATTACK_ROUNDS=50000 looks longer, ATTACK_SEED=... at the same texts again.
const rounds = Number(process.env.ATTACK_ROUNDS ?? 2000);
const seed = Number(process.env.ATTACK_SEED ?? Date.now() % 1_000_000);
vi.setConfig({ testTimeout: 60_000 + rounds * 100 });

/** Numbers from 0 to below 1, the same for the same seed. */
function openChance(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const example = (name: string) =>
  readFileSync(new URL(`../../examples/mappings/${name}.json`, import.meta.url), 'utf8').replace(/\n */g, '');
const mappings = [
  'asterisk-cdr-csv',
  'asterisk-cdr-custom',
  'freeswitch-cdr-csv',
  'freeswitch-json-cdr',
  'twilio-bulk-export',
].map(example);

const cdr =
  '"acc","0901234567","84901112223","from-internal","""A"" <0901>","SIP/1","SIP/2","Dial","x,30","2026-06-01 09:00:00","2026-06-01 09:00:05","2026-06-01 09:01:05",65,60,"ANSWERED","DOCUMENTATION","1.1","","","1.1",1\r\n';
const csv =
  'call_id,campaign_id,started_at,outcome,talk_sec\n"a,1",7,2026-06-01T09:00:00Z,answered,60\nb,7,2026-06-01,busy,\n';
const ndjson =
  '{"call_id":"a","campaign_id":7,"started_at":"2026-06-01T09:00:00Z","outcome":"answered"}\n{"call_id":"\\u00e9"}\n';
const json = `[${ndjson.trim().replace('\n', ',\n')}]`;
const day = toDay([{ sid: 'CA1' }, { sid: 'CA2', status: 'busy', duration: null }]);
const documents = JSON.stringify([{ uuid: 'u1' }, { uuid: 'u2', madeBy: 'u1' }].map(toDocument), null, 1);

const bits = [
  '"',
  '""',
  "'",
  ',',
  ';',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\0',
  '\ufeff',
  '\u3000',
].map((text) => Buffer.from(text));
const words = [
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0x1f, 0x8b]),
  ...[
    '\\ud800',
    '\\u0000',
    '1e999',
    '-0',
    'null',
    '"__proto__":{},',
    '{"a":'.repeat(40),
    '[[',
    '84901234567.0',
    '=1+1',
  ].map((text) => Buffer.from(text)),
  Buffer.from(' '.repeat(5000)),
  Buffer.from('x'.repeat(1200)),
  Buffer.from(','.repeat(1100)),
];

/** A text with some bytes changed, put in, taken out, moved or repeated. */
function spoil(text: string, chance: () => number): Buffer {
  let bytes = Buffer.from(text);
  const below = (limit: number) => Math.floor(chance() * limit);
  const oneOf = <Item>(items: readonly Item[]) => items[below(items.length)] as Item;
  for (let times = 1 + below(6); times > 0; times--) {
    const at = below(bytes.length + 1);
    const end = at + below(Math.min(60, bytes.length - at + 1));
    const put = (middle: Buffer, rest = at) => Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(rest)]);
    const changes = [
      () => put(oneOf(bits)),
      () => put(oneOf(bits), end),
      () => put(oneOf(words), chance() < 0.5 ? at : end),
      () => put(Buffer.from([below(256)]), at + 1),
      () => put(Buffer.alloc(0), end),
      () => put(bytes.subarray(below(bytes.length), end)),
      () => put(Buffer.concat(Array(1 + below(300)).fill(bytes.subarray(at, end)))),
      () => bytes.subarray(0, at),
    ];
    bytes = oneOf(changes)();
  }
  return bytes.subarray(0, 3_000_000);
}

/** The bytes in pieces of a few or of many. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function orRefused(read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof DialtallyError)) throw error;
    expect(error.message.length).toBeLessThan(2000);
  }
}

async function convert(mapping: Mapping, bytes: Buffer, size: number): Promise<void> {
  const source = await openRecordSource(mapping, inPieces(bytes, size));
  const conversion = openConversion(mapping, source, {
    hash: () => 2 ** 52,
    resolveNames: async (_kind, names) => new Map(names.map((name, index) => [name, index + 1])),
  });
  for await (const batch of conversion.batches()) {
    // What becomes of a row has no text that was not in the file.
    for (const one of batch) if (one.kind === 'row') expect(JSON.stringify(one.made.row)).not.toContain('\ufffd');
  }
}

test(`${rounds} texts from seed ${seed} are read, or refused in our words`, async () => {
  const chance = openChance(seed);
  const whole = mappings.map((text) => readMapping(text).mapping);
  expect(whole).not.toContain(undefined);
  for (let round = 0; round < rounds; round++) {
    const size = [1, 7, 1000, 10 ** 9][Math.floor(chance() * 4)] as number;
    const rows = [cdr, csv, ndjson, json, day, documents][round % 6] as string;
    const bytes = spoil(rows.repeat(1 + Math.floor(chance() * 3)), chance);
    const told = `round ${round} of seed ${seed}`;
    try {
      for (const format of ['csv', 'ndjson'] as const) {
        const body = { tenantId: 1, table: 'calls', format, bytes, file: 'x', strict: false } as const;
        await orRefused(() => toReading(bytes, 'calls', format));
        await orRefused(() => readSmallBody(body));
        const watch = openLineWatch(format);
        await orRefused(async () => {
          for await (const piece of inPieces(bytes, size)) watch(piece);
        });
      }
      const cutter = openArrayCutter();
      await orRefused(async () => {
        for await (const piece of inPieces(bytes, size)) cutter.push(piece);
        cutter.end();
      });
      const index = round % mappings.length;
      await orRefused(() => convert(whole[index] as Mapping, bytes, size));
      const { mapping, faults } = readMapping(spoil(mappings[index] as string, chance).toString());
      expect(JSON.stringify(faults).length).toBeLessThan(40_000);
      if (mapping) await orRefused(() => convert(mapping, bytes, size));
    } catch (error) {
      throw new Error(told, { cause: error });
    }
  }
});
