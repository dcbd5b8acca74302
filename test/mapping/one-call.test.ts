import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Tied, toCalls } from '../../src/mapping/calls/one-call.ts';

/** A row as a switch has it: its channel, whom it dialed, and the channel that it called for that. */
interface Leg {
  id: string;
  to?: string;
  channel?: string;
  called?: string;
  minute?: number;
}

type Row = Tied & { leg: Leg };

const toRow = (leg: Leg): Row => ({
  id: leg.id,
  at: (leg.minute ?? 0) * 60_000,
  same: [leg.to ?? ''],
  leads: leg.called === undefined ? [] : [leg.called],
  led: leg.channel === undefined ? [] : [leg.channel],
  leg,
});

const hour = 3_600_000;
const show = (calls: readonly (readonly Row[])[]) =>
  calls
    .map((rows) =>
      rows
        .map(({ leg }) => JSON.stringify(leg))
        .sort()
        .join(' '),
    )
    .sort();
const sizes = (...legs: Leg[]) =>
  toCalls(legs.map(toRow), hour)
    .map((rows) => rows.length)
    .sort();

describe('one call', () => {
  test.each<[string, Leg[], number[]]>([
    ['a dial that rings three phones', ['1', '2', '3'].map((called) => ({ id: 'u1', to: 'X', called })), [3]],
    [
      'a dial with a channel of its own for each half',
      [
        { id: 'u1', to: 'X', channel: 'local;1' },
        { id: 'u2', to: 'X', channel: 'local;2', called: 'trunk' },
      ],
      [2],
    ],
    [
      'customers of one agent, who keeps the channel',
      ['X', 'Y', 'Z'].map((to, n) => ({ id: `u${n}`, to, channel: `trunk-${n}`, called: 'agent', minute: n * 60 })),
      [1, 1, 1],
    ],
    [
      'a customer who is handed on, to another number',
      [
        { id: 'u1', to: 'X', channel: 'agent', called: 'trunk-1' },
        { id: 'u2', to: 'Y', channel: 'trunk-1', called: 'trunk-2' },
      ],
      [2],
    ],
    [
      'a try that failed, another one, and a transfer',
      [
        { id: 'u1', to: 'X', channel: 'agent', called: 'trunk-1' },
        { id: 'u1', to: 'X', channel: 'agent', called: 'trunk-2' },
        { id: 'u2', to: 'Y', channel: 'trunk-2' },
      ],
      [3],
    ],
    [
      'a customer who is handed on, and is dialed once more: the channel tells more than the number',
      [
        { id: 'u1', to: 'X', channel: 'agent', called: 'trunk-1' },
        { id: 'u2', to: 'Y', channel: 'trunk-1', minute: 1 },
        { id: 'u3', to: 'X', channel: 'agent', called: 'trunk-3', minute: 10 },
      ],
      [1, 2],
    ],
    [
      'a channel of an agent who has two customers, and dials a third',
      [
        { id: 'u1', to: 'X', channel: 'trunk-1', called: 'agent' },
        { id: 'u2', to: 'Y', channel: 'trunk-2', called: 'agent' },
        { id: 'u0', to: 'Z', channel: 'agent', called: 'trunk-3' },
      ],
      [1, 1, 1],
    ],
    [
      'the same number again, hours later',
      [
        { id: 'u1', to: 'X', minute: 0 },
        { id: 'u2', to: 'X', minute: 61 },
      ],
      [1, 1],
    ],
    [
      'a row between two that are not one call goes with the later',
      [
        { id: 'u1', to: 'X', minute: 0 },
        { id: 'u2', to: 'X', minute: 40 },
        { id: 'u3', to: 'X', minute: 80 },
      ],
      [1, 2],
    ],
    [
      'a dial of two numbers and one of one of them',
      [
        { id: 'u1', to: 'X' },
        { id: 'u1', to: 'Y' },
        { id: 'u2', to: 'Y' },
      ],
      [1, 2],
    ],
    ['rows without a number', [{ id: 'u1' }, { id: 'u2' }], [1, 1]],
  ])('%s', (_, legs, expected) => {
    expect(sizes(...legs)).toEqual(expected);
  });
});

/** How many dials have a channel, as their own or as one that they called. */
const dialsOver = (legs: readonly Leg[], name: string | undefined) =>
  new Set(legs.filter(({ channel, called }) => name && (channel === name || called === name)).map(({ id }) => id)).size;

const few = (prefix: string, most: number) => fc.integer({ min: 1, max: most }).map((n) => `${prefix}${n}`);
const someLeg: fc.Arbitrary<Leg> = fc.record(
  {
    id: few('u', 6),
    to: few('X', 4),
    channel: few('c', 5),
    called: few('c', 5),
    minute: fc.integer({ min: 0, max: 90 }),
  },
  { requiredKeys: ['id'] },
);
const someLegs = fc.array(someLeg, { maxLength: 14 });
/** Legs to one number, which are seldom tied to each other by chance, among others. */
const someFamily = fc
  .tuple(few('X', 4), fc.array(someLeg, { minLength: 3, maxLength: 4 }), fc.array(someLeg, { maxLength: 3 }))
  .map(([to, legs, others]) => [...legs.map((leg) => ({ ...leg, to })), ...others]);

/** The rule itself, row by row: tied rows of one dial with one number stand together. */
function openOracle(rows: readonly Row[]) {
  const sameTry = (one: Row, other: Row) => one.id === other.id && one.same[0] === other.same[0];
  const triesOf = (row: Row) => rows.filter((other) => sameTry(row, other));
  const start = (row: Row) => Math.min(...triesOf(row).map(({ at }) => at));
  const leadsTo = (one: Row, other: Row) =>
    triesOf(one).some(({ leads }) => triesOf(other).some(({ led }) => leads.some((name) => led.includes(name))));
  const areTied = (one: Row, other: Row) =>
    one.id === other.id ||
    (one.same[0] !== '' && one.same[0] === other.same[0] && Math.abs(start(one) - start(other)) <= hour) ||
    leadsTo(one, other) ||
    leadsTo(other, one);
  return { areTied };
}

describe('any rows', () => {
  test('each is in one call, with those of its id, and no row joins two that are not tied themselves', () => {
    fc.assert(
      fc.property(someLegs, (legs) => {
        const rows = legs.map(toRow);
        const { areTied } = openOracle(rows);
        const calls = toCalls(rows, hour);
        expect(new Set(calls.flat())).toEqual(new Set(rows));
        expect(calls.flat()).toHaveLength(rows.length);
        for (const call of calls) {
          for (const one of call) for (const other of call) expect(areTied(one, other), show([call])[0]).toBe(true);
        }
        for (const { id } of rows) expect(calls.filter((call) => call.some((row) => row.id === id))).toHaveLength(1);
      }),
      { numRuns: 3000 },
    );
  });

  test('the order of lines changes nothing', () => {
    const shuffled = someLegs.chain((legs) =>
      fc.tuple(fc.constant(legs), fc.shuffledSubarray(legs, { minLength: legs.length, maxLength: legs.length })),
    );
    fc.assert(
      fc.property(shuffled, ([legs, other]) => {
        expect(show(toCalls(other.map(toRow), hour))).toEqual(show(toCalls(legs.map(toRow), hour)));
      }),
      { numRuns: 3000 },
    );
  });

  test('rows that are all tied to each other, and to no others, are one call', () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.oneof(fc.array(someLeg, { maxLength: 7 }), someFamily), (legs) => {
        // A channel of more than four dials ties nobody: no call that somebody made has so many.
        fc.pre(legs.every(({ channel, called }) => dialsOver(legs, channel) <= 4 && dialsOver(legs, called) <= 4));
        const rows = legs.map(toRow);
        const { areTied } = openOracle(rows);
        const calls = toCalls(rows, hour);
        for (const row of rows) {
          const own = rows.filter((other) => areTied(row, other));
          if (!own.every((one) => rows.every((other) => areTied(one, other) === own.includes(other)))) continue;
          if (own.length > 2) seen++;
          expect(show(calls.filter((call) => call.includes(row)))).toEqual(show([own]));
        }
      }),
      { numRuns: 3000 },
    );
    expect(seen).toBeGreaterThan(500);
  });
});

describe('very many rows', () => {
  const many = Array.from({ length: 20_000 }, (_, n) => n);
  test.each<[string, (n: number) => Leg, number]>([
    ['of one number', (n) => ({ id: `u${n}`, to: 'X' }), 1],
    ['over one channel', (n) => ({ id: `u${n}`, to: `X${n}`, channel: 'agent', called: `c${n}` }), 20_000],
    ['that call one channel', (n) => ({ id: `u${n}`, to: `X${n}`, called: 'agent' }), 20_000],
    ['in a chain', (n) => ({ id: `u${n}`, to: `X${n}`, channel: `c${n}`, called: `c${n + 1}` }), 10_000],
    ['of one dial', (n) => ({ id: 'u', to: `X${n}`, channel: `c${n}`, called: `d${n}` }), 1],
    ['of dials that share a number with all others', (n) => ({ id: `u${n >> 1}`, to: n % 2 ? 'X' : `Y${n}` }), 10_000],
  ])('%s', (_, legOf, expected) => {
    expect(toCalls(many.map(legOf).map(toRow), hour)).toHaveLength(expected);
  });
});
