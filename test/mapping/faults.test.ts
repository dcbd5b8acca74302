import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { readMapping } from '../../src/mapping/language/read-mapping.ts';

const root = new URL('../../', import.meta.url);
const examples = new URL('examples/mappings/', root);

const good = {
  table: 'calls',
  timezone: 'Asia/Ho_Chi_Minh',
  columns: {
    call_id: 'id',
    campaign_id: { value: '7' },
    started_at: 'at',
    outcome: { from: 'r', values: { OK: 'answered' } },
  },
};

/** The faults of a mapping that differs from a good one. */
const faultsOf = (change: Record<string, unknown>) =>
  readMapping(JSON.stringify({ ...good, ...change })).faults.map(({ path, message }) => `${path}: ${message}`);
const ofColumns = (columns: Record<string, unknown>) => faultsOf({ columns: { ...good.columns, ...columns } });

test('a good mapping has none', () => {
  expect(readMapping(JSON.stringify(good))).toEqual({ mapping: good, faults: [] });
  expect(readMapping(`\ufeff${JSON.stringify(good)}`).faults).toEqual([]);
});

test('all faults are told at once: of the schema, and of what the parts have to do with each other', () => {
  const { started_at: _, ...rest } = good.columns;
  const found = faultsOf({
    timezone: 'Asia/Nowhere',
    file: { encoding: 'latin-99', columns: ['id', 'r'], fewest: 3 },
    columns: {
      ...rest,
      foo: 'x',
      outcome: { from: 'r', values: { OK: 'anwered' } },
      talk_sec: { from: 'billsec', as: 'secs', format: 'x' },
    },
  });
  expect(found.map((fault) => fault.split(': ')[0]).sort()).toEqual([
    '$.columns.foo',
    '$.columns.outcome.values.OK',
    '$.columns.started_at',
    '$.columns.talk_sec.as',
    '$.columns.talk_sec.format',
    '$.file.encoding',
    '$.file.fewest',
    '$.timezone',
  ]);
  const foo = found.find((fault) => fault.includes('.foo')) ?? '';
  expect(foo).toContain('call_id');
  expect(foo).not.toContain('caller_id,');
  expect(foo).not.toContain('created_at');
});

test('whatever stands where a part should, it is told and nothing breaks', () => {
  const whole = {
    ...good,
    file: { delimiter: ';', columns: ['id', 'at', 'r'] },
    skip: [{ because: 'x', when: { r: 'x' } }],
    merge: { by: 'id', same: 'r', linked: { r: 'id' }, within: 9, add: ['talk_sec'], add_linked: ['talk_sec'] },
    count: ['r'],
  };
  const odd = [null, 7, '', 'x', true, [], {}, [null], [{}], { x: null }, ['x', 'x']];
  for (const [name, part] of Object.entries(whole)) {
    const inner = typeof part === 'object' && !Array.isArray(part) ? Object.keys(part) : [];
    for (const one of odd) {
      expect(
        () => readMapping(JSON.stringify({ ...whole, [name]: one })),
        `${name} ${JSON.stringify(one)}`,
      ).not.toThrow();
      for (const key of [...inner, 'lead_id', 'foo']) {
        const changed = { ...whole, [name]: { ...(part as object), [key]: one } };
        expect(() => readMapping(JSON.stringify(changed)), `${name}.${key} ${JSON.stringify(one)}`).not.toThrow();
      }
    }
  }
});

describe('each fault is told with its place, the reason and the remedy', () => {
  test.each<[string, string[], string, string]>([
    ['a table that is none', faultsOf({ table: 'call' }), '$.table', 'Did you mean "calls"?'],
    [
      'a property that is none',
      faultsOf({ tabel: 'calls' }),
      '$.tabel',
      'There is no "tabel" here. Did you mean "table"?',
    ],
    ['a column of ours that is none', ofColumns({ outcme: 'x' }), '$.columns.outcme', 'Did you mean "outcome"?'],
    ['a column of another table', ofColumns({ username: 'x' }), '$.columns.username', 'calls has no column "username"'],
    [
      'a required column that is missing',
      faultsOf({ columns: { call_id: 'id' } }),
      '$.columns.started_at',
      'It is missing: a row of calls without it is refused.',
    ],
    ['no value', ofColumns({ cid: { as: 'text' } }), '$.columns.cid', 'Give it one of from, join, value or cases.'],
    ['two values', ofColumns({ cid: { from: 'a', value: 'b' } }), '$.columns.cid.value', 'It has from already.'],
    ['an empty rule', ofColumns({ cid: {} }), '$.columns.cid', 'It is empty.'],
    [
      'a number for a column',
      ofColumns({ cid: 7 }),
      '$.columns.cid',
      'It must be a text in quotes or an object in braces, not a number.',
    ],
    [
      'a word that is none of ours',
      ofColumns({ outcome: { from: 'r', values: { OK: 'anwsered' } } }),
      '$.columns.outcome.values.OK',
      '"anwsered" is no outcome. Did you mean "answered"?',
    ],
    [
      'such a word in a case',
      ofColumns({ outcome: { cases: [{ when: { r: 'OK' }, value: 'no' }] } }),
      '$.columns.outcome.cases[0].value',
      '"no" is no outcome.',
    ],
    [
      'a case without a value',
      ofColumns({ outcome: { cases: [{ when: { r: 'OK' } }] } }),
      '$.columns.outcome.cases[0]',
      'Give it either value or from.',
    ],
    [
      'a test that is none',
      ofColumns({ outcome: { cases: [{ when: { r: { abov: 1 } }, value: 'busy' }] } }),
      '$.columns.outcome.cases[0].when.r.abov',
      'Did you mean "above"?',
    ],
    [
      'a reading that is none',
      ofColumns({ talk_sec: { from: 'a', as: 'secs' } }),
      '$.columns.talk_sec.as',
      '"secs" is no value that is known here.',
    ],
    [
      'otherwise without need',
      ofColumns({ cid: { from: 'a', otherwise: 'b' } }),
      '$.columns.cid.otherwise',
      'Take it out.',
    ],
    [
      'values without texts',
      ofColumns({ cid: { value: 'a', values: { a: 'b' } } }),
      '$.columns.cid.values',
      'give from or join',
    ],
    [
      'a name where there are no ids',
      ofColumns({ cid: { from: 'a', as: 'name' } }),
      '$.columns.cid.as',
      'campaign_id, agent_id, team_id, lead_id only',
    ],
    ['a phone number elsewhere', ofColumns({ cid: { from: 'a', as: 'phone' } }), '$.columns.cid.as', 'only lead_id'],
    [
      'phone numbers in the mapping',
      ofColumns({ lead_id: { from: 'a', as: 'phone', values: { '0912': '1' } } }),
      '$.columns.lead_id.values',
      'don\u2019t belong',
    ],
    [
      'a country code that is none',
      ofColumns({ lead_id: { from: 'a', as: 'phone', country_code: '+84' } }),
      '$.columns.lead_id.country_code',
      'such as 84',
    ],
    [
      'a format without a time',
      ofColumns({ cid: { from: 'a', format: 'iso' } }),
      '$.columns.cid.format',
      'It goes with as time.',
    ],
    [
      'a format that is none',
      ofColumns({ started_at: { from: 'at', format: 'yyyy-mm-dd' } }),
      '$.columns.started_at.format',
      'no part of a time',
    ],
    [
      'a local time without a zone',
      readMapping(
        JSON.stringify({
          ...good,
          timezone: undefined,
          columns: { ...good.columns, started_at: { from: 'at', format: 'DD/MM/YYYY HH:mm' } },
        }),
      ).faults.map(({ path, message }) => `${path}: ${message}`),
      '$.columns.started_at.timezone',
      'say where',
    ],
    ['a zone that is none', faultsOf({ timezone: 'Hanoi' }), '$.timezone', 'TZDB'],
    ['an encoding that is none', faultsOf({ file: { encoding: 'tcvn-5712' } }), '$.file.encoding', 'WHATWG'],
    ['a delimiter that is none', faultsOf({ file: { delimiter: 'x' } }), '$.file.delimiter', 'There are ",", ";"'],
    [
      'a column listed twice',
      faultsOf({ file: { columns: ['id', 'at', 'r', 'id'] } }),
      '$.file.columns[3]',
      'listed already',
    ],
    [
      'a column that the list lacks',
      faultsOf({ file: { columns: ['id', 'start', 'r'] } }),
      '$.columns.started_at',
      'The file has no column "at". It has id, start, r.',
    ],
    [
      'a misspelt column',
      faultsOf({ file: { columns: ['id', 'at', 'r', 'billsec'] }, skip: [{ because: 'x', when: { bilsec: '0' } }] }),
      '$.skip[0].when.bilsec',
      'Did you mean "billsec"?',
    ],
    [
      'more fields than columns',
      faultsOf({ file: { columns: ['id', 'at', 'r'], fewest: 4 } }),
      '$.file.fewest',
      'Take 3 or less.',
    ],
    [
      'a merge of what is no call',
      readMapping('{"table":"teams","columns":{"team_id":"a","name":"b"},"merge":{"by":"a"}}').faults.map(
        ({ path, message }) => `${path}: ${message}`,
      ),
      '$.merge',
      'Only calls have parts',
    ],
    ...(
      [
        [{ same: 'id', within: -1 }, '$.merge.within', '0'],
        [{ within: 60 }, '$.merge.within', 'goes with same'],
        [{ add_linked: ['talk_sec'] }, '$.merge.add_linked', 'goes with linked'],
        [{ linked: { r: 'r' } }, '$.merge.linked.r', 'under same'],
        [{ second_leg: 'r', linked: { r: 'id' } }, '$.merge.second_leg', 'same and linked'],
        [{ second_leg: 'at' }, '$.merge.second_leg', 'merge.by itself'],
        [{ by: ['id', 'at'], second_leg: 'r' }, '$.merge.second_leg', 'one column'],
        [{ second_leg: 'ad' }, '$.merge.second_leg', 'no column "ad"'],
        [{ linked: {} }, '$.merge.linked', 'It is empty'],
        [{ linked: { r: ['at'] } }, '$.merge.linked.r', 'not a list'],
        [{ linked: { r: 'at' }, add_linked: ['wrap_sec'] }, '$.merge.add_linked[0]', 'no wrap_sec'],
        [{ linked: { r: 'at' }, add: ['talk_sec'], add_linked: ['talk_sec'] }, '$.merge.add_linked[0]', 'Keep one'],
        [{ same: ['id', 'ad'] }, '$.merge.same[1]', 'no column "ad"'],
        [{ linked: { ad: 'r' } }, '$.merge.linked.ad', 'no column "ad"'],
        [{ linked: { r: 'ad' } }, '$.merge.linked.r', 'no column "ad"'],
        [{ talk_from: 'at', add: ['talk_sec'] }, '$.merge.talk_from', 'Keep one'],
        [{ talk_from: 'ad' }, '$.merge.talk_from', 'no column "ad"'],
        [{ talk_from: { from: 'at', as: 'seconds' } }, '$.merge.talk_from.as', 'holds no seconds'],
        [{ by: 'id', same: 'r' }, '$.columns.call_id', 'always one call'],
      ] as const
    ).map(([merge, place, words]): [string, string[], string, string] => [
      `a merge such as ${JSON.stringify(merge)}`,
      faultsOf({
        file: { columns: ['id', 'at', 'r', 'talked'] },
        columns: { ...good.columns, talk_sec: 'talked' },
        merge: { by: 'at', ...merge },
      }),
      place,
      words,
    ]),
    [
      'a rule that stands in for another',
      ofColumns({ started_at: { from: 'at', or: { from: 'at', as: 'seconds' } } }),
      '$.columns.started_at.or.as',
      'holds no seconds',
    ],
    [
      'a name that stands in for a number',
      ofColumns({ agent_id: { from: 'at', or: { from: 'r', as: 'name' } } }),
      '$.columns.agent_id.or',
      'read both as names',
    ],
    [
      'a word in a rule that stands in',
      ofColumns({ outcome: { from: 'r', or: { value: 'anwsered' } } }),
      '$.columns.outcome.or.value',
      '"anwsered" is no outcome.',
    ],
    ['nothing to add up', faultsOf({ merge: { by: 'id', add: ['hold_sec'] } }), '$.merge.add[0]', 'no hold_sec'],
    [
      'a counted phone number',
      faultsOf({ columns: { ...good.columns, lead_id: { from: 'dst', as: 'phone' } }, count: ['dst'] }),
      '$.count[0]',
      'never shown',
    ],
    ['a list for an object', faultsOf({ columns: [] }), '$.columns', 'It must be an object in braces, not a list.'],
  ])('%s', (_, faults, place, words) => {
    const found = faults.find((fault) => fault.startsWith(`${place}: `));
    expect(found ?? faults).toContain(words);
  });

  test('a text that is no JSON, and a name that stands twice', () => {
    expect(readMapping('{\n "table": calls }').faults).toEqual([
      { path: '$', message: expect.stringContaining('line 2, column') },
    ]);
    expect(readMapping('{"table":"calls","table":"calls"}').faults[0]).toEqual({
      path: '$.table',
      message: 'The name stands here twice. Keep one.',
    });
    for (const text of ['null', '7', '[]', '"x"']) expect(readMapping(text).faults).toHaveLength(1);
  });
});

describe('the schema', () => {
  const published = JSON.parse(readFileSync(new URL('docs/mapping.schema.json', root), 'utf8'));

  test('that is published holds by the standard alone, without our formats', () => {
    const isValid = new Ajv2020({ strict: false, validateFormats: false }).compile(published);
    for (const file of readdirSync(examples)) {
      const text = readFileSync(new URL(file, examples), 'utf8');
      expect(readMapping(text).faults, file).toEqual([]);
      expect(isValid(JSON.parse(text)), file).toBe(true);
    }
    expect(isValid({ ...good, columns: { ...good.columns, cid: {} } })).toBe(false);
  });

  test('has these words for each kind of fault', () => {
    const told: [change: Record<string, unknown>, fault: string][] = [
      [{ table: undefined }, '$.table: It is missing. Add "table". The table that the rows go into.'],
      [{ skip: [{ because: 'x' }] }, '$.skip[0].when: It is missing. Add "when". Which rows.'],
      [
        { merge: { by: 'id', bye: 'id' } },
        '$.merge.bye: There is no "bye" here. Did you mean "by"? There may be by, same, linked, second_leg, within, prefer, add, talk_from, add_linked.',
      ],
      [
        { file: { quote: 'nome' } },
        '$.file.quote: "nome" is no value that is known here. Did you mean "none"? There are "\\"", "\'", "none".',
      ],
      [{ count: 'r' }, '$.count: It must be a list in brackets, not a text.'],
      [{ merge: { by: 7 } }, '$.merge.by: It must be a text in quotes or a list in brackets, not a number.'],
      [
        { timezone: 'UTC+7' },
        '$.timezone: It is no time zone that is known here. Write a TZDB name such as Asia/Ho_Chi_Minh, America/New_York or UTC.',
      ],
      [{ merge: { by: 'id', within: -1 } }, '$.merge.within: -1 is too small. Take 0 or more.'],
      [{ file: { skip_lines: 1001 } }, '$.file.skip_lines: 1001 is too large. Take 1000 or less.'],
      [{ count: [''] }, '$.count[0]: It is empty. Write a text, or leave it out.'],
      [
        { skip: [{ when: { r: 'x' }, because: 'x'.repeat(61) }] },
        '$.skip[0].because: It is too long. Take at most 60 characters.',
      ],
      [{ count: [] }, '$.count: It is empty. Fill it, or leave it out.'],
      [{ count: Array.from({ length: 21 }, (_, index) => `c${index}`) }, '$.count: It has too many. Take at most 20.'],
      [{ columns: {} }, '$.columns: It is empty. Fill it, or leave it out.'],
    ];
    for (const [change, fault] of told) expect(faultsOf(change)[0]).toBe(fault);
  });
});
