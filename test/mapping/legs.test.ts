import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { firstHashId } from '../../src/ingest/names.ts';
import { openStamp } from '../../src/ingest/stamp.ts';
import { openCallGathering } from '../../src/mapping/calls/call-gathering.ts';
import { ingestMapped } from '../../src/mapping/ingest-mapped.ts';
import type { Mapping } from '../../src/mapping/language/mapping.ts';
import { readMapping } from '../../src/mapping/language/read-mapping.ts';
import { openMakers } from '../../src/mapping/makers.ts';
import { sql } from '../../src/sql.ts';
import { openWorld } from '../world.ts';
import { type Leg, toCsvLine, toCustomLine } from './asterisk.ts';

const world = openWorld();
const stamp = openStamp();

function readExample(file: string, changes: Partial<Mapping> = {}): Mapping {
  const text = readFileSync(new URL(`../../examples/mappings/${file}.json`, import.meta.url), 'utf8');
  const { mapping, faults } = readMapping(JSON.stringify({ ...JSON.parse(text), ...changes }));
  expect(faults).toEqual([]);
  return mapping!;
}

let otherTenants = 3_000_000;
const nextTenant = () => otherTenants++;

async function ingest(mapping: Mapping, lines: readonly string[], tenantId = world.tenantId) {
  const done = await ingestMapped(
    { importer: world.importer, makers: openMakers({ timeoutMs: 10_000 }) },
    {
      tenantId,
      mapping,
      bytes: (async function* () {
        yield Buffer.from(lines.join(''));
      })(),
      fileName: 'Master.csv',
      stamp: stamp(),
    },
  );
  expect(done.rows_read).toBe(done.taken_in + done.refused + done.skipped + done.merged);
  return done;
}

const calls = (tenantId = world.tenantId) =>
  world.store.query<{ call_id: string; outcome: string; talk_sec: number; cid: string; lead_id: number; at: string }>(
    sql`SELECT call_id, outcome, talk_sec, cid, lead_id, toString(started_at) AS at
      FROM calls FINAL WHERE tenant_id = {t:UInt64} ORDER BY call_id`.bind({ t: tenantId }),
  );
const inShort = async (tenantId?: number) =>
  (await calls(tenantId)).map(({ call_id, outcome, talk_sec }) => [call_id, outcome, talk_sec]);

const asterisk = readExample('asterisk-cdr-csv', { timezone: 'UTC' });
const nine = Date.UTC(2026, 9, 6, 9) / 1000;
/** A leg that begins so many seconds after nine. */
const leg = (count: number, second: number, more: Partial<Leg> = {}): Leg => ({
  dst: '079001112201',
  start: new Date((nine + second) * 1000).toISOString().slice(0, 19).replace('T', ' '),
  uniqueid: `${nine + second}.${count}`,
  linkedid: `${nine - 3600}.1`,
  ...more,
});
const answered = (billsec: number): Partial<Leg> => ({ disposition: 'ANSWERED', billsec });
const toLines = (...legs: Leg[]) => legs.map((one) => toCsvLine(one));

describe('Asterisk: one linkedid', () => {
  test('three customers of one agent are three calls, in any order of lines, once and again', async () => {
    const lines = toLines(
      leg(11, 0, { ...answered(60), channel: 'PJSIP/trunk-11', dstchannel: 'PJSIP/agent-1' }),
      leg(12, 3600, { ...answered(30), dst: '079001112202', channel: 'PJSIP/trunk-12', dstchannel: 'PJSIP/agent-1' }),
      leg(13, 7200, { ...answered(120), dst: '079001112203', channel: 'PJSIP/trunk-13', dstchannel: 'PJSIP/agent-1' }),
    );
    expect(await ingest(asterisk, lines)).toMatchObject({ taken_in: 3, merged: 0, merged_calls: [] });
    const expected = [
      [`${nine}.11`, 'answered', 60],
      [`${nine + 3600}.12`, 'answered', 30],
      [`${nine + 7200}.13`, 'answered', 120],
    ];
    expect(await inShort()).toEqual(expected);
    await ingest(asterisk, lines.toReversed());
    expect(await inShort()).toEqual(expected);
  });

  test('a call that is tried over several trunks is one; CANCEL alone is no answer', async () => {
    const done = await ingest(
      asterisk,
      toLines(
        leg(20, 0, { disposition: 'CANCEL', channel: 'SIP/101-4', dstchannel: 'SIP/trunk-5' }),
        leg(20, 0, { ...answered(300), channel: 'SIP/101-4', dstchannel: 'SIP/trunk-6' }),
        leg(21, 90, { dst: '079001112299', disposition: 'CANCEL' }),
      ),
    );
    expect(done).toMatchObject({ taken_in: 2, merged: 1, refused: 0, merged_calls: [{ parts: 2, calls: 1 }] });
    expect(await inShort()).toEqual([
      [`${nine}.20`, 'answered', 300],
      [`${nine + 90}.21`, 'no_answer', 0],
    ]);
    const custom = readExample('asterisk-cdr-custom', { timezone: 'UTC' });
    expect(await ingest(custom, [toCustomLine(leg(1, 0, { disposition: 'CANCEL' }))])).toMatchObject({ refused: 0 });
  });

  test('a customer who is handed on stays one call: the seconds of both agents, the number that was dialed first', async () => {
    const first = leg(30, 0, { ...answered(60), src: '101', channel: 'PJSIP/101-1', dstchannel: 'PJSIP/trunk-7' });
    const onwards = { channel: 'PJSIP/trunk-7', src: '079001112201', dcontext: 'from-internal-xfer' };
    const colleague = leg(31, 1, { ...onwards, ...answered(120), dst: '102', dstchannel: 'PJSIP/102-2' });
    const outside = leg(31, 1, { ...onwards, ...answered(500), dst: '079001119999', dstchannel: 'PJSIP/trunk-8' });
    // Their own calls within the house stay out.
    const chat = leg(32, 2, { ...answered(40), dst: '103', channel: 'PJSIP/101-3', dstchannel: 'PJSIP/103-1' });
    const done = await ingest(asterisk, toLines(chat, outside, colleague, first));
    expect(done).toMatchObject({ taken_in: 1, merged: 2, skipped: 1, merged_calls: [{ parts: 3, calls: 1 }] });
    expect(done.skipped_by).toContainEqual({ because: 'internal', rows: 1 });
    expect(await calls()).toMatchObject([{ call_id: `${nine}.30`, outcome: 'answered', talk_sec: 680, cid: '101' }]);
    const alone = nextTenant();
    await ingest(asterisk, toLines(first), alone);
    // Nobody's number is in it but the customer's, as a hash of another tenant.
    expect((await calls())[0]?.lead_id).toBeGreaterThanOrEqual(firstHashId);
    expect(await inShort(alone)).toEqual([[`${nine}.30`, 'answered', 60]]);
  });

  const at = (clock: string) => `2026-10-06 09:${clock}`;
  test.each<[string, Partial<Leg>[], number]>([
    [
      'one agent after the other',
      [
        { ...answered(60), answer: at('00:10') },
        { ...answered(120), answer: at('01:10') },
      ],
      180,
    ],
    [
      'both halves of one channel',
      [
        { ...answered(70), answer: at('00:10') },
        { ...answered(60), answer: at('00:20'), uniqueid: `${nine + 1}.36` },
      ],
      70,
    ],
    [
      'one row twice',
      [
        { ...answered(60), answer: at('00:10') },
        { ...answered(60), answer: at('00:10') },
      ],
      60,
    ],
    ['times that are not known', [{ ...answered(60), answer: at('00:10') }, answered(120)], 120],
  ])('talk is added up where it did not go on at the same time: %s', async (_, legs, talked) => {
    expect(await ingest(asterisk, toLines(...legs.map((more) => leg(35, 0, more))))).toMatchObject({ taken_in: 1 });
    expect(await inShort()).toEqual([[`${nine}.35`, 'answered', talked]]);
  });

  test('rows of one channel are one call, though the linkedid changed when an agent took it', async () => {
    const missed = leg(40, 0, { channel: 'PJSIP/trunk-9', dstchannel: 'PJSIP/101-1', linkedid: `${nine}.40` });
    const taken = leg(40, 0, { ...answered(50), channel: 'PJSIP/trunk-9', dstchannel: 'PJSIP/102-1' });
    for (const lines of [toLines(missed, taken), toLines(taken, missed)]) {
      expect(await ingest(asterisk, lines)).toMatchObject({ taken_in: 1, merged: 1 });
      expect(await inShort()).toEqual([[`${nine}.40`, 'answered', 50]]);
    }
  });

  test('a part that comes in a later file replaces the call instead of doubling it', async () => {
    await ingest(asterisk, toLines(leg(50, 0)));
    await ingest(asterisk, toLines(leg(50, 0), leg(51, 20, answered(9))));
    expect(await inShort()).toEqual([[`${nine}.50`, 'answered', 9]]);
  });
});

describe('a part that can\u2019t be read', () => {
  const strange = leg(60, 0, { disposition: 'STRANGE' });

  test('doesn\u2019t refuse a call that another one decides, and is told', async () => {
    const done = await ingest(asterisk, toLines(strange, leg(61, 20, answered(30))));
    expect(done).toMatchObject({ taken_in: 1, refused: 1, merged: 0, incomplete_calls: 1 });
    expect(done.first_refused).toMatchObject([{ line: 1, row: { disposition: 'STRANGE' } }]);
    // It is the call that it is when the word is known.
    expect(await calls()).toMatchObject([{ call_id: strange.uniqueid, at: '2026-10-06 09:00:00.000', talk_sec: 30 }]);
    const knowing = structuredClone(asterisk);
    Object.assign(knowing.columns.outcome!, { otherwise: 'failed' });
    expect(await ingest(knowing, toLines(strange, leg(61, 20, answered(30))))).toMatchObject({ incomplete_calls: 0 });
    expect(await inShort()).toEqual([[strange.uniqueid, 'answered', 30]]);
  });

  test.each<[string, Leg[]]>([
    ['whose word might be the heaviest', [strange, leg(61, 20)]],
    [
      'of which more is wrong than the word',
      [{ ...strange, uniqueid: '1.1', start: 'soon' }, leg(61, 20, answered(30))],
    ],
    [
      'that was answered, for nobody knows how long',
      [leg(60, 0, { disposition: 'ANSWERED', billsec: -1 }), leg(61, 20)],
    ],
  ])('%s refuses the call', async (_, legs) => {
    expect(await ingest(asterisk, toLines(...legs))).toMatchObject({ taken_in: 0, refused: 2, incomplete_calls: 0 });
  });

  test('refuses no call that it is no part of', async () => {
    const done = await ingest(asterisk, toLines(strange, leg(62, 7200, { dst: '079001112202' })));
    expect(done).toMatchObject({ taken_in: 1, refused: 1, incomplete_calls: 0 });
  });
});

describe('the time of an Asterisk call', () => {
  const start = '2026-11-01 01:30:00';
  const ids = [Date.UTC(2026, 10, 1, 5, 30), Date.UTC(2026, 10, 1, 6, 30)].map((ms) => ms / 1000);

  test.each<[string, string]>([
    ['asterisk-cdr-csv', ''],
    ['asterisk-cdr-custom', ''],
    ['asterisk-cdr-csv', 'pbx1-'],
  ])('is the one that its id says in the hour that the clock shows twice (%s, %j)', async (file, prefix) => {
    const legs = ids.map((id, n): Leg => ({ dst: `07900111220${n}`, start, uniqueid: `${prefix}${id}.${n}` }));
    const lines = legs.map((one) => (file.endsWith('csv') ? toCsvLine(one) : toCustomLine(one)));
    const done = await ingest(readExample(file, { timezone: 'America/New_York' }), lines);
    expect(done).toMatchObject({ taken_in: 2, repeated_times: 0 });
    expect((await calls()).map(({ at }) => at)).toEqual(['2026-11-01 05:30:00.000', '2026-11-01 06:30:00.000']);
  });

  test('is the start that is written where the id says none', async () => {
    const mapping = readExample('asterisk-cdr-csv', { timezone: 'America/New_York' });
    const legs = ['7.1', 'a-b-1793511000.1', 'x'].map((uniqueid): Leg => ({ dst: '079001112201', start, uniqueid }));
    expect(await ingest(mapping, toLines(...legs))).toMatchObject({ taken_in: 3, repeated_times: 3 });
    expect((await calls()).every(({ at }) => at === '2026-11-01 05:30:00.000')).toBe(true);
  });
});

describe('FreeSWITCH with both legs', () => {
  const row = (uuid: string, other: string, to = '0912345678', billsec = 55) =>
    `"Sales","02871000001","${to}","default","2026-06-01 09:00:00","2026-06-01 09:00:05","2026-06-01 09:01:00","60","${billsec}","NORMAL_CLEARING","${uuid}","${other}","RENEWALS","PCMU","PCMU"\n`;

  const seconds = async () => (await calls()).map(({ talk_sec }) => talk_sec);
  /** Each of these lines first, the others behind it. */
  const orders = (lines: string[]) => lines.map((_, from) => [...lines.slice(from), ...lines.slice(0, from)]);
  const customers = ['0912345671', '0912345672', '0912345673'];

  test.each<[string, string[], number[]]>([
    ['the B leg names nobody', [row('b1', ''), row('a1', 'b1'), row('a2', '')], [55, 55]],
    ['they name each other', [row('a1', 'b1', '0912345678', 60), row('b1', 'a1', '0912345678', 55)], [60]],
    [
      'they name each other, and are alike',
      [row('a1', 'b1'), row('b1', 'a1'), row('a2', 'b2'), row('b2', 'a2')],
      [55, 55],
    ],
    ['a leg names itself', [row('a1', 'a1'), row('a2', '')], [55, 55]],
    [
      'three customers are bridged to one agent\u2019s leg',
      [...customers.map((to, n) => row(`a${n}`, 'agent', to, 60)), row('agent', '', '0281234567', 180)],
      [60, 60, 60],
    ],
    [
      'the agent\u2019s leg names the last of them, who came later',
      [
        ...customers.map((to, n) => row(`a${n}`, 'agent', to, 60)),
        row('agent', 'a2', '0281234567', 180).replace('2026-06-01 09:00:00', '2026-06-01 08:00:00'),
      ],
      [60, 60, 60],
    ],
    ['the customer\u2019s leg goes on to another one', [row('a1', 'b1'), row('b1', 'c1'), row('c1', '')], [55]],
  ])('counts each call once, whatever the order of lines: %s', async (_, lines, expected) => {
    for (const order of orders(lines)) {
      const done = await ingest(readExample('freeswitch-cdr-csv'), order);
      const left = lines.length - expected.length;
      expect(done).toMatchObject({ taken_in: expected.length, refused: 0, merged: 0, skipped: left });
      expect(done.skipped_by.filter(({ rows }) => rows > 0)).toEqual(
        left === 0 ? [] : [{ because: 'second legs', rows: left }],
      );
      expect(await seconds()).toEqual(expected);
    }
  });

  test('a leg that the mapping leaves out leaves nothing else out: where the agent\u2019s phone rings first, the customer\u2019s stays', async () => {
    const done = await ingest(readExample('freeswitch-cdr-csv'), [row('agent', 'a1', '1001', 60), row('a1', 'agent')]);
    expect(done).toMatchObject({ taken_in: 1, skipped: 1 });
    expect(await inShort()).toEqual([['a1', 'answered', 55]]);
  });

  test('a first leg that is refused is told, and its second one is no call of its own', async () => {
    const done = await ingest(readExample('freeswitch-cdr-csv'), [row('a1', 'b1', '0912345678', -5), row('b1', '')]);
    expect(done).toMatchObject({ taken_in: 0, refused: 1, skipped: 1 });
  });

  test('a file that does not say which of two legs began the call is refused', async () => {
    const file = [row('a1', 'b1'), row('a1', 'c1'), row('b1', 'a1'), row('c1', 'a1')];
    await expect(ingest(readExample('freeswitch-cdr-csv'), file)).rejects.toMatchObject({ code: 'UNREADABLE_FILE' });
    expect(await calls()).toEqual([]);
  });

  test('is refused by a mapping that would count each call twice, and the cure is told', async () => {
    const twice = readExample('freeswitch-cdr-csv', { merge: { by: 'uuid' } });
    const tied = readExample('freeswitch-cdr-csv', {
      merge: { by: ['bleg_uuid', 'uuid'], linked: { bleg_uuid: 'uuid' } },
    });
    for (const [mapping, lines] of [
      [twice, [row('b1', ''), row('a1', 'b1')]],
      [twice, [row('a1', 'b1'), row('b1', 'a1')]],
      [tied, [row('a1', 'b1'), row('b1', 'a1')]],
    ] as const) {
      await expect(ingest(mapping, lines)).rejects.toMatchObject({
        code: 'UNREADABLE_FILE',
        message: expect.stringContaining('"merge":{"by":"uuid","second_leg":"bleg_uuid"}'),
      });
    }
    expect(await calls()).toEqual([]);
    // A leg that is written nowhere else is no other call.
    expect(await ingest(twice, [row('a1', 'b1'), row('a2', 'b2'), row('a1', 'b1')])).toMatchObject({ taken_in: 2 });
  });
});

test('what lies on the disk meanwhile has no text in it by which rows are tied', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'dialtally-legs-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const gathering = await openCallGathering(asterisk.merge!, directory, 1);
  const ties = { key: '0900000001', same: ['0900000002', ''], leads: ['0900000003'], led: ['0900000004'] };
  const line = { made: { line: 1, values: [], row: { call_id: 'c' } } };
  await gathering.add(line, ties);
  await gathering.close();
  mkdirSync(join(directory, 'legs'));
  const legs = await openCallGathering({ by: 'uuid', second_leg: 'bleg_uuid' }, join(directory, 'legs'), 1);
  await legs.add(line, { ...ties, secondLeg: '0900000005' });
  await legs.close();
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const written = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
  expect(written.filter((text) => text.includes('"call_id":"c"'))).toHaveLength(2);
  expect(written.join('')).not.toMatch(/090000000/);
});
