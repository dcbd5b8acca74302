import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IngestBusy, UnreadableFile } from '../../src/errors.ts';
import { openHeld } from '../../src/http/bodies/held.ts';
import { openGate } from '../../src/ingest/gate.ts';
import { openGathering } from '../../src/ingest/gathering.ts';
import { openArrayCutter } from '../../src/ingest/json-array.ts';
import { longestLineBytes, openLineWatch } from '../../src/ingest/long-lines.ts';

/** The bytes in pieces of these lengths, and what is left. */
function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const length of lengths) {
    pieces.push(bytes.subarray(from, from + length));
    from += length;
  }
  return [...pieces, bytes.subarray(from)];
}

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 });

describe('a JSON array in pieces', () => {
  const toLines = (text: string, at: readonly number[]) => {
    const cutter = openArrayCutter();
    const parts = cut(Buffer.from(text), at).map((piece) => Buffer.from(cutter.push(piece)));
    return Buffer.concat([...parts, cutter.end()]).toString();
  };

  test('becomes one line for each element, wherever the pieces are cut and however it is laid out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 6 }),
        fc.constantFrom(0, 1, 2, '\t', '\r\n'),
        lengths,
        (elements, space, at) => {
          const found = toLines(JSON.stringify(elements, null, space), at)
            .split('\n')
            .filter(Boolean);
          expect(found.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(elements)));
        },
      ),
    );
  });

  test('that breaks off anywhere is said to', () => {
    const text = JSON.stringify([{ a: 'x]"\\' }, [1, { b: '},' }], 'c', 7]);
    for (let length = 0; length < text.length; length++) {
      expect(() => toLines(text.slice(0, length), [3, 1, 4]), text.slice(0, length)).toThrow(UnreadableFile);
    }
    expect(toLines(text, [3, 1, 4]).split('\n')).toHaveLength(5);
  });

  test.each([
    ['[{"a":1} {"b":2}]', 1],
    ['[{"a":1}{"b":2}]', 1],
    ['[{"a":1},\n{"b":2}\n{"c":3}]', 2],
    ['[1,"x","y" "z"]', 3],
    ['[1 2]', 1],
    ['[1[2]]', 1],
    ['[[1]2]', 1],
  ])('that lacks a comma is said to, with its place: %s', (text, element) => {
    for (const at of [[], [3, 1, 4], [text.length - 2]]) {
      expect(() => toLines(text, at)).toThrow(`no comma between element ${element} and element ${element + 1}`);
    }
  });
});

describe('lines that are too long', () => {
  const watch = (format: 'csv' | 'ndjson', text: string, at: readonly number[] = []) => {
    const see = openLineWatch(format);
    for (const piece of cut(Buffer.from(text), at)) see(piece);
  };

  test('are found wherever the pieces are cut, by the line on which they begin', () => {
    const long = 'x'.repeat(longestLineBytes + 1);
    for (const at of [[], [longestLineBytes], [5, 5, 5], [100, longestLineBytes / 2]]) {
      expect(() => watch('ndjson', `a\nb\n${long}\n`, at)).toThrow('Line 3 is longer than 1 MB');
      expect(() => watch('csv', `a\n"b\nb"\n"${long}"\n`, at)).toThrow('Line 4 is longer than 1 MB');
      watch('ndjson', `a\n${long.slice(1)}\nb\n${long.slice(1)}`, at);
    }
  });

  test('a quote inside a field opens nothing, and a doubled one closes nothing', () => {
    const many = 'b,1\n'.repeat(longestLineBytes / 2);
    watch('csv', `5" pipe,1\n${many}`);
    watch('csv', `"5"" pipe",1\n${many}`);
    expect(() => watch('csv', `"5"" pipe,1\n${many}`)).toThrow(/Line 1 .* never be closed/);
  });
});

describe('the gate', () => {
  test('counts bytes and files that wait, and lets in again who finds room', () => {
    const gate = openGate(100);
    const one = gate.enter(1);
    const other = gate.enter(2);
    one.hold(60);
    other.hold(40);
    expect(() => other.hold(1)).toThrow(IngestBusy);
    one.hold(-60);
    other.hold(20);
    one.leave();
    one.leave();
    other.leave();
    gate.enter(1).hold(100);
    const files = Array.from({ length: 16 }, (_, tenant) => gate.enter(tenant));
    for (const file of files) file.toFile();
    expect(() => gate.enter(17).toFile()).toThrow(IngestBusy);
    files[0]?.leave();
    gate.enter(17).toFile();
  });

  test('lets 4000 wait, and no more of one tenant than it leaves to the others', () => {
    const gate = openGate(100);
    const entries = Array.from({ length: 2000 }, () => gate.enter(1));
    expect(() => gate.enter(1)).toThrow(IngestBusy);
    for (let tenant = 2; tenant <= 2001; tenant++) gate.enter(tenant);
    expect(() => gate.enter(2002)).toThrow(IngestBusy);
    entries[7]?.leave();
    gate.enter(2002);
  });

  test('keeps files and bytes of one tenant from filling it', () => {
    const gate = openGate(100);
    const mine = Array.from({ length: 8 }, () => gate.enter(1));
    for (const file of mine) file.toFile();
    expect(() => gate.enter(1).toFile()).toThrow(IngestBusy);
    gate.enter(2).toFile();
    gate.enter(1).hold(50);
    expect(() => gate.enter(1).hold(1)).toThrow(IngestBusy);
    gate.enter(2).hold(25);
    expect(() => gate.enter(2).hold(1)).toThrow(IngestBusy);
    gate.enter(3).hold(12);
  });
});

test('bytes that come one by one are held as bytes', () => {
  let most = 0;
  let held = 0;
  const pieces = openHeld((bytes) => {
    held += bytes;
    most = Math.max(most, held);
  });
  const whole = Buffer.from('0123456789'.repeat(10_000));
  for (const byte of whole) pieces.add(Buffer.of(byte));
  expect(most).toBeLessThanOrEqual(2 * whole.length);
  expect(pieces.take().equals(whole)).toBe(true);
  expect([held, pieces.size]).toEqual([0, 0]);
});

test('what comes while a round is worked on is one round; a round that fails is not the next one', async () => {
  const rounds: number[][] = [];
  let release = () => {};
  const gathering = openGathering(async (items: number[]) => {
    rounds.push(items);
    if (rounds.length === 1) await new Promise<void>((resolve) => (release = resolve));
    if (items.includes(3)) throw new Error('no');
    return items.map((item) => item * 10);
  });
  const first = [gathering.add(1), gathering.add(2)];
  while (rounds.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const second = [gathering.add(3), gathering.add(4)];
  release();
  expect(await Promise.all(first)).toEqual([10, 20]);
  const told = await Promise.allSettled(second);
  expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await gathering.add(5)).toBe(50);
  expect(rounds).toEqual([[1, 2], [3, 4], [5]]);
});
