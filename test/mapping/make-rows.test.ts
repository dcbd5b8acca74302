import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { saidKeys } from '../../src/ingest/line-numbers.ts';
import type { Mapping } from '../../src/mapping/language/mapping.ts';
import { readMapping } from '../../src/mapping/language/read-mapping.ts';
import { makeRows } from '../../src/mapping/make-rows.ts';
import { type Leg, toCsvLine } from './asterisk.ts';

const example = new URL('../../examples/mappings/asterisk-cdr-csv.json', import.meta.url);
const { mapping } = readMapping(readFileSync(example, 'utf8')) as { mapping: Mapping };

/** What the rows of a file become, and what is said of them; where a line lies is left out. */
async function make(lines: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), 'dialtally-made-'));
  try {
    const made = await makeRows(
      { mapping, directory, size: 1, hashKey: '00' },
      {
        bytes: (async function* () {
          yield Buffer.from(lines.join(''));
        })(),
        idsOf: async (_kind, names) => new Map(names.map((name) => [name, name.length])),
        onMade: async () => undefined,
        onProgress: () => undefined,
      },
    );
    const rows = readFileSync(made.rowsPath, 'utf8')
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => {
        const { [saidKeys.line]: _line, [saidKeys.group]: _group, ...row } = JSON.parse(text);
        return row as Record<string, string>;
      });
    const { counts, joined, refusedBy, skippedBy, tally } = made;
    const sorted = (texts: readonly object[]) => texts.map((one) => JSON.stringify(one)).sort();
    return {
      counts,
      rows,
      told: [
        sorted(rows),
        counts,
        sorted([...joined]),
        sorted(refusedBy),
        [...skippedBy],
        sorted(tally.groups),
        sorted([...tally.totals.values()]),
      ],
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const few = (prefix: string, most: number) => fc.integer({ min: 1, max: most }).map((n) => `${prefix}${n}`);
const start = '2026-10-06 09:00:00';
const someLeg: fc.Arbitrary<Leg> = fc
  .record({
    id: fc.integer({ min: 1, max: 6 }),
    dst: fc.constantFrom('0790011122', '0790011133', '0790011144', '101'),
    dcontext: fc.constantFrom('dialer', 'dialer', 'from-trunk'),
    channel: few('c', 4),
    dstchannel: few('c', 4),
    disposition: fc.constantFrom('ANSWERED', 'ANSWERED', 'NO ANSWER', 'BUSY', 'CANCEL', 'STRANGE'),
    billsec: fc.integer({ min: 0, max: 99 }),
    answer: fc.constantFrom('', '2026-10-06 09:00:10', '2026-10-06 09:00:40', '2026-10-06 09:02:00'),
    src: few('028710000', 3),
    linkedid: few('l', 2),
  })
  .map(({ id, ...more }) => ({ ...more, start, uniqueid: `${1_791_277_200 + id * 1000}.${id}` }));

test('whatever the order of lines, the calls are the same, each has an id of its own, and every row is told', async () => {
  const some = fc
    .array(someLeg, { minLength: 1, maxLength: 12 })
    .chain((legs) => fc.tuple(fc.constant(legs), fc.shuffledSubarray(legs, { minLength: legs.length })));
  let merged = 0;
  await fc.assert(
    fc.asyncProperty(some, async ([legs, shuffled]) => {
      const { rows, counts, told } = await make(legs.map((leg) => toCsvLine(leg)));
      expect((await make(shuffled.map((leg) => toCsvLine(leg)))).told).toEqual(told);
      expect(new Set(rows.map(({ call_id }) => call_id)).size).toBe(rows.length);
      expect(rows.length + counts.merged + counts.skipped + counts.refused).toBe(legs.length);
      merged += counts.merged;
    }),
    { numRuns: 300 },
  );
  expect(merged).toBeGreaterThan(300);
}, 120_000);
