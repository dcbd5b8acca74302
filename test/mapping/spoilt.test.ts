import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMapping } from '../../src/mapping/language/read-mapping.ts';
import { leadsInto, spoilt } from '../document/spoilt.ts';

const examples = new URL('../../examples/mappings/', import.meta.url);

/** A mapping that says nearly all that one can say. */
const whole = {
  $schema: './mapping.schema.json',
  table: 'calls',
  timezone: 'Asia/Ho_Chi_Minh',
  local_times: { missing: 'later', repeated: 'refuse' },
  numbers: { decimal: ',', thousands: '.' },
  file: { format: 'csv', delimiter: ';', columns: ['id', 'at', 'who', 'r', 'sec', 'to'], fewest: 5, skip_lines: 2 },
  skip: [{ when: [{ r: ['IN', 'X'] }, { to: { starts_with: '9', longer_than: 3 } }], because: 'inbound' }],
  columns: {
    call_id: { join: ['id', 'at'], between: '-' },
    campaign_id: { value: '7' },
    started_at: { from: ['at'], format: 'DD/MM/YYYY HH:mm:ss', or: { from: 'id', format: 'epoch', before: '.' } },
    outcome: { from: 'r', values: { OK: 'answered', '': null }, otherwise: 'failed' },
    agent_id: { from: 'who', as: 'name' },
    talk_sec: { cases: [{ when: { r: { is: 'OK' } }, from: 'sec' }], otherwise: '0' },
    lead_id: { from: 'to', as: 'phone', country_code: '84', dial_prefix: '9' },
  },
  merge: { by: 'id', same: ['who', 'to'], linked: { who: 'to' }, within: 60, prefer: ['busy'], add: ['talk_sec'] },
  count: ['r'],
};

const given = [
  whole,
  ...readdirSync(examples).map((file) => JSON.parse(readFileSync(new URL(file, examples), 'utf8'))),
];
const names = [...Object.keys(whole), ...Object.keys(whole.merge), 'from', 'is', 'when', 'values', 'cases', 'lead_id'];

test('a mapping that is spoilt is taken or refused, with places that are in it', () => {
  for (const one of given) expect(readMapping(JSON.stringify(one)).faults).toEqual([]);
  const isTaken = { true: 0, false: 0 };
  fc.assert(
    fc.property(spoilt(given, names), (content) => {
      const text = JSON.stringify(content);
      const { mapping, faults } = readMapping(text);
      expect(mapping === undefined).toBe(faults.length > 0);
      isTaken[`${faults.length === 0}`]++;
      for (const { path, message } of faults) {
        expect(leadsInto(path, JSON.parse(text)), path).toBe(true);
        expect(message).toMatch(/^\S.*\.$/s);
        expect(message).not.toMatch(/undefined|\[object|breaks the schema/);
      }
    }),
    { numRuns: 500 },
  );
  expect(Math.min(isTaken.true, isTaken.false)).toBeGreaterThan(10);
});
