import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { listNames } from '../../src/ingest/names.ts';
import { readRefused } from '../../src/ingest/refused.ts';
import { openStamp } from '../../src/ingest/stamp.ts';
import { ingestMapped } from '../../src/mapping/ingest-mapped.ts';
import type { Mapping } from '../../src/mapping/language/mapping.ts';
import { checkMapping, readMapping } from '../../src/mapping/language/read-mapping.ts';
import { openMakers } from '../../src/mapping/makers.ts';
import { sql } from '../../src/sql.ts';
import { openWorld } from '../world.ts';
import { type JsonLeg, toDocument } from './json-cdr.ts';
import { toDay } from './twilio.ts';

const world = openWorld();
const stamp = openStamp();

const readExample = (file: string): Mapping => {
  const text = readFileSync(new URL(`../../examples/mappings/${file}.json`, import.meta.url), 'utf8');
  const { mapping, faults } = readMapping(text);
  expect(faults).toEqual([]);
  return mapping!;
};

async function ingest(mapping: Mapping, file: string) {
  expect(checkMapping(mapping).faults).toEqual([]);
  return ingestMapped(
    { importer: world.importer, makers: openMakers({ timeoutMs: 10_000 }) },
    {
      tenantId: world.tenantId,
      mapping,
      bytes: (async function* () {
        yield Buffer.from(file);
      })(),
      fileName: 'calls.json',
      stamp: stamp(),
    },
  );
}

const calls = () =>
  world.store.query<Record<string, unknown>>(
    sql`SELECT call_id, outcome, talk_sec, cid, lead_id, agent_id, toString(started_at) AS started FROM calls FINAL
      WHERE tenant_id = {t:UInt64} ORDER BY call_id`.bind({ t: world.tenantId }),
  );
const outcomes = async () => (await calls()).map(({ call_id, outcome, talk_sec }) => [call_id, outcome, talk_sec]);

describe('Twilio', () => {
  const twilio = readExample('twilio-bulk-export');

  test('dials of the API, of <Dial> and of a trunk are calls, by status and by who picked up', async () => {
    const unanswered = { duration: '0', start_time: '2026-06-01T02:00:05Z' };
    const done = await ingest(
      twilio,
      toDay([
        { sid: 'CA01' },
        { sid: 'CA02', answered_by: 'human', duration: 61 },
        { sid: 'CA03', answered_by: 'machine_start' },
        { sid: 'CA04', answered_by: 'machine_end_beep' },
        { sid: 'CA05', answered_by: 'fax' },
        { sid: 'CA06', answered_by: 'unknown' },
        { sid: 'CA07', ...unanswered, status: 'busy', duration: null },
        { sid: 'CA08', ...unanswered, status: 'no-answer' },
        { sid: 'CA09', ...unanswered, status: 'failed' },
        { sid: 'CA10', ...unanswered, status: 'canceled' },
        { sid: 'CA11', direction: 'outbound-dial', parent_call_sid: 'CA90' },
        { sid: 'CA12', direction: 'trunking-terminating', from: 'sip:100@pbx.example.com' },
      ]),
    );
    expect(done).toMatchObject({ rows_read: 12, taken_in: 12, refused: 0, skipped: 0, absent_columns: [] });
    expect(await outcomes()).toEqual([
      ['CA01', 'answered', 60],
      ['CA02', 'answered', 61],
      ['CA03', 'machine', 0],
      ['CA04', 'machine', 0],
      ['CA05', 'machine', 0],
      ['CA06', 'answered', 60],
      ['CA07', 'busy', 0],
      ['CA08', 'no_answer', 0],
      ['CA09', 'failed', 0],
      ['CA10', 'no_answer', 0],
      ['CA11', 'answered', 60],
      ['CA12', 'answered', 60],
    ]);
    const [first, ...others] = await calls();
    expect(first).toMatchObject({ cid: '+842871000001', started: '2026-06-01 02:00:05.000' });
    // One number, one lead.
    expect(new Set(others.map(({ lead_id }) => lead_id))).toEqual(new Set([first?.lead_id]));
    expect(others.at(-1)?.cid).toBe('');
  });

  test('what is no dial is left out and counted: inbound calls, legs to agents, calls that are not over or never began', async () => {
    const done = await ingest(
      twilio,
      toDay([
        { sid: 'CA01', direction: 'inbound', from: '+84901112223', to: '+842871000001' },
        { sid: 'CA02', direction: 'inbound', from: 'client:an', to: '' },
        { sid: 'CA03', direction: 'trunking-originating', from: '+84901112223' },
        { sid: 'CA04', direction: 'outbound-dial', to: 'client:an', parent_call_sid: 'CA10' },
        { sid: 'CA05', direction: 'outbound-api', to: 'sip:an@floor.example.com' },
        { sid: 'CA06', direction: 'outbound-dial', to: 'an@floor.example.com' },
        { sid: 'CA07', status: 'in-progress', duration: null, end_time: null },
        { sid: 'CA08', status: 'canceled', duration: null, start_time: null, end_time: null },
        { sid: 'CA09', status: 'failed', duration: null, start_time: '' },
        { sid: 'CA10' },
      ]),
    );
    expect(done).toMatchObject({ rows_read: 10, taken_in: 1, skipped: 9, refused: 0 });
    expect(done.skipped_by).toEqual([
      { because: 'inbound', rows: 3 },
      { because: 'agents\u2019 legs', rows: 3 },
      { because: 'not over', rows: 1 },
      { because: 'never dialed', rows: 2 },
    ]);
    expect((await calls()).map(({ call_id }) => call_id)).toEqual(['CA10']);
    // Nothing of a customer who called is anywhere.
    expect(JSON.stringify(done)).not.toContain('901112223');
  });

  test('a status that nobody knows refuses its line, and no number of a customer is kept of it', async () => {
    const done = await ingest(twilio, `${toDay([{ sid: 'CA01', status: 'unheard' }, { sid: 'CA02' }])}{"sid":\n`);
    expect(done).toMatchObject({ rows_read: 3, taken_in: 1, refused: 2, numbered_by: 'line' });
    const refused = await readRefused(world.store, world.tenantId, { limit: 10 });
    expect(refused.map(({ line, faults }) => [line, faults[0]?.reason])).toEqual([
      [1, 'none of the mapping\u2019s cases holds'],
      [3, 'is no JSON object on one line: it ends within an object or a list'],
    ]);
    expect(JSON.stringify(refused)).not.toContain('901112223');
  });

  test('an agent whose leg was dialed from the customer\u2019s call is known by merging both', async () => {
    const [inbound, , ...others] = twilio.skip ?? [];
    const merging: Mapping = {
      ...twilio,
      skip: [inbound!, ...others],
      columns: {
        ...twilio.columns,
        call_id: { from: ['parent_call_sid', 'sid'] },
        agent_id: { from: 'to', after: 'client:', otherwise: null, as: 'name' },
      },
      merge: { by: ['parent_call_sid', 'sid'] },
    };
    const done = await ingest(
      merging,
      toDay([
        { sid: 'CA01', duration: '90' },
        { sid: 'CA02', direction: 'outbound-dial', to: 'client:an', parent_call_sid: 'CA01', duration: '80' },
        { sid: 'CA03', status: 'no-answer', duration: '0' },
      ]),
    );
    expect(done).toMatchObject({ rows_read: 3, taken_in: 2, merged: 1, refused: 0 });
    const found = await calls();
    expect(found).toMatchObject([
      { call_id: 'CA01', outcome: 'answered', talk_sec: 90, agent_id: 1 },
      { call_id: 'CA03', outcome: 'no_answer' },
    ]);
    expect(found[0]?.lead_id).toBe(found[1]?.lead_id);
    expect(await listNames(world.store, world.tenantId, { kind: 'agent', limit: 9 })).toEqual([{ name: 'an', id: 1 }]);
  });
});

describe('FreeSWITCH\u2019s json_cdr', () => {
  const cdr = readExample('freeswitch-json-cdr');
  const legs: JsonLeg[] = [
    { uuid: 'u1', accountcode: 'Win back' },
    { uuid: 'u1b', madeBy: 'u1' },
    { uuid: 'u2', answeredAt: 0 },
    { uuid: 'u3', answeredAt: 0, cause: 'USER_BUSY' },
    { uuid: 'u4', answeredAt: 0, cause: 'CALL_REJECTED' },
    { uuid: 'u5', answeredAt: 0, cause: 'UNALLOCATED_NUMBER' },
    { uuid: 'u6', billsec: 0 },
    { uuid: 'u7', context: 'public' },
    { uuid: 'u8', to: '1001' },
  ];
  const expected = [
    ['u1', 'answered', 60],
    ['u2', 'no_answer', 0],
    ['u3', 'busy', 0],
    ['u4', 'rejected', 0],
    ['u5', 'failed', 0],
    ['u6', 'no_answer', 0],
  ];
  const documents = legs.map(toDocument);

  test.each([
    ['compact, a line each', documents.map((one) => `${JSON.stringify(one)}\n`).join('')],
    ['pretty, one behind the other', documents.map((one) => JSON.stringify(one, null, '\t')).join('\n')],
    ['in a list', JSON.stringify(documents)],
  ])('documents %s', async (_, file) => {
    const done = await ingest(cdr, file);
    expect(done).toMatchObject({ rows_read: 9, taken_in: 6, skipped: 3, refused: 0, absent_columns: [] });
    expect(done.skipped_by).toEqual([
      { because: 'second legs', rows: 1 },
      { because: 'inbound', rows: 1 },
      { because: 'internal', rows: 1 },
    ]);
    expect(await outcomes()).toEqual(expected);
    expect((await calls())[0]).toMatchObject({ cid: '02871000001', started: '2026-06-01 02:00:00.000' });
    const campaigns = await listNames(world.store, world.tenantId, { kind: 'campaign', limit: 9 });
    expect(campaigns.map(({ name }) => name).sort()).toEqual(['Win back', 'default']);
  });

  test('the documents of one call alone say what they do not have, and go in', async () => {
    const done = await ingest(cdr, JSON.stringify(toDocument({ uuid: 'u1' })));
    expect(done).toMatchObject({ taken_in: 1, refused: 0 });
    expect(done.absent_columns.map(({ column }) => column)).toEqual([
      'callflow[0].caller_profile.originator.originator_caller_profiles[0].uuid',
    ]);
  });
});

describe('records of JSON that share a line', () => {
  const merging: Mapping = {
    table: 'calls',
    file: { format: 'json' },
    columns: {
      call_id: 'id',
      campaign_id: { value: '7' },
      started_at: { from: 'at', as: 'time', format: 'epoch' },
      outcome: 'outcome',
      talk_sec: 'talk',
    },
    merge: { by: 'key' },
  };
  const part = (id: string, more: object) => ({ id, at: 1_780_279_200, outcome: 'no_answer', talk: 0, ...more });

  test('are parts of a call by their key, and calls of their own without one', async () => {
    const done = await ingest(
      merging,
      JSON.stringify([
        part('a', { key: 'k' }),
        part('b', {}),
        part('c', { key: null }),
        part('d', { key: 'k', outcome: 'answered', talk: 9 }),
      ]),
    );
    expect(done).toMatchObject({ rows_read: 4, taken_in: 3, merged: 1, refused: 0, numbered_by: 'record' });
    expect(await outcomes()).toEqual([
      ['a', 'answered', 9],
      ['b', 'no_answer', 0],
      ['c', 'no_answer', 0],
    ]);
  });

  test('a call of which one part is refused is refused as a whole', async () => {
    const done = await ingest(
      merging,
      JSON.stringify([part('a', { key: 'k', talk: [] }), part('b', { key: 'k' }), part('c', {})]),
    );
    expect(done).toMatchObject({ taken_in: 1, refused: 2 });
    expect(done.first_refused.map(({ line, faults, row }) => [line, faults[0]?.field, row['(line)']])).toEqual([
      [1, 'talk', '1'],
      [2, '(line)', undefined],
    ]);
  });

  test('nothing of a text that breaks in the middle is taken in', async () => {
    const good = JSON.stringify(part('a', {}));
    await expect(ingest(merging, `[${good},\n${good.repeat(2)}]`)).rejects.toMatchObject({ code: 'UNREADABLE_FILE' });
    expect(await calls()).toEqual([]);
  });
});
