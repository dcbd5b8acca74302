import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstHashId, listNames } from '../../src/ingest/names.ts';
import { readRefused } from '../../src/ingest/refused.ts';
import { openStamp } from '../../src/ingest/stamp.ts';
import { openConversion } from '../../src/mapping/convert.ts';
import { ingestMapped } from '../../src/mapping/ingest-mapped.ts';
import type { Mapping } from '../../src/mapping/language/mapping.ts';
import { checkMapping, readMapping } from '../../src/mapping/language/read-mapping.ts';
import { openMakers } from '../../src/mapping/makers.ts';
import { openRecordSource } from '../../src/mapping/source/open-source.ts';
import { name, sql } from '../../src/sql.ts';
import { openWorld } from '../world.ts';
import { busyHour, type Leg, toCsvLine, toCustomLine } from './asterisk.ts';

const world = openWorld();
const stamp = openStamp();
let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'dialtally-mapped-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const readExample = (file: string): Mapping => {
  const text = readFileSync(new URL(`../../examples/mappings/${file}.json`, import.meta.url), 'utf8');
  const { mapping, faults } = readMapping(text);
  expect(faults).toEqual([]);
  return mapping!;
};

/** Takes a file in, in pieces. */
async function ingest(
  mapping: Mapping,
  file: string | Buffer,
  options: { strict?: boolean; size?: number; piece?: number } = {},
) {
  const { faults } = checkMapping(mapping);
  expect(faults).toEqual([]);
  const bytes = Buffer.from(file);
  const { piece = 1000, size = bytes.length, strict = false } = options;
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  }
  const done = await ingestMapped(
    { importer: world.importer, makers: openMakers({ timeoutMs: 10_000 }) },
    {
      tenantId: world.tenantId,
      mapping,
      bytes: pieces(),
      size,
      fileName: 'Master.csv',
      strict,
      stamp: stamp(),
    },
  );
  expect(done.rows_read).toBe(
    done.taken_in +
      done.refused +
      done.skipped +
      done.merged +
      (done.held_back ? done.rows_read - done.refused - done.skipped - done.merged : 0),
  );
  // Nothing is left of what was made on the way.
  expect(readdirSync(directory)).toEqual([]);
  return done;
}

const rowsOf = (table: string, columns: string) =>
  world.store.query<Record<string, unknown>>(
    sql`SELECT * FROM (SELECT ${columns
      .split(', ')
      .map(name)
      .reduce(
        (all, one) => sql`${all}, ${one}`,
      )} FROM ${name(table)} FINAL WHERE tenant_id = {t:UInt64}) ORDER BY ALL`.bind({
      t: world.tenantId,
    }),
  );
const calls = () => rowsOf('calls', 'call_id, started_at, outcome, talk_sec, cid');

/** The simplest mapping: a header, and columns of nearly our names. */
const simple: Mapping = {
  table: 'calls',
  timezone: 'Asia/Ho_Chi_Minh',
  columns: {
    call_id: 'id',
    campaign_id: { value: '7' },
    started_at: 'at',
    outcome: { from: 'result', values: { OK: 'answered', NA: 'no_answer' } },
    talk_sec: 'talked',
  },
};
const simpleFile = 'id,at,result,talked\nc1,2026-06-01 09:00:00,OK,60\nc2,2026-06-01 10:00:00,NA,\n';
const simpleCalls = [
  { call_id: 'c1', started_at: '2026-06-01 02:00:00.000', outcome: 'answered', talk_sec: 60, cid: '' },
  { call_id: 'c2', started_at: '2026-06-01 03:00:00.000', outcome: 'no_answer', talk_sec: 0, cid: '' },
];

describe('Asterisk', () => {
  /** What the calls of these legs are, the plain way. */
  function plainly(legs: readonly Leg[], keyOf: (leg: Leg) => string) {
    const outcome = ({ disposition, billsec = 0 }: Leg) =>
      disposition === 'ANSWERED' && billsec > 0
        ? 'answered'
        : (({ BUSY: 'busy', FAILED: 'failed', CONGESTION: 'failed' } as Record<string, string>)[disposition ?? ''] ??
          'no_answer');
    const weight = ['answered', 'busy', 'no_answer', 'failed'];
    return [...new Set(legs.map(keyOf))]
      .map((key) => {
        const own = legs.filter((leg) => keyOf(leg) === key);
        const best = Math.min(...own.map((leg) => weight.indexOf(outcome(leg))));
        const talk =
          best === 0 ? Math.max(...own.filter((leg) => outcome(leg) === 'answered').map((leg) => leg.billsec ?? 0)) : 0;
        const start = own.map((leg) => leg.start).sort()[0] ?? '';
        const utc = new Date(Date.parse(`${start.replace(' ', 'T')}+07:00`)).toISOString();
        return {
          call_id: own.map(({ uniqueid }) => uniqueid).sort()[0] ?? '',
          started_at: utc.replace('T', ' ').replace('Z', ''),
          outcome: weight[best],
          talk_sec: talk,
          cid: '02871000001',
        };
      })
      .sort((one, other) => (one.call_id < other.call_id ? -1 : 1));
  }
  const legs = busyHour();
  const dispositions = (disposition: string) => legs.filter((leg) => leg.disposition === disposition).length;

  test('84 legs are 36 calls, wherever in the file they lie', async () => {
    expect(legs).toHaveLength(84);
    const done = await ingest(readExample('asterisk-cdr-csv'), legs.map((leg) => toCsvLine(leg)).join(''));
    expect(done).toMatchObject({ rows_read: 84, taken_in: 36, merged: 48, refused: 0, skipped: 0 });
    const expected = plainly(legs, ({ linkedid = '' }) => linkedid);
    expect(await calls()).toEqual(expected);
    const count = (outcome: string) => expected.filter((call) => call.outcome === outcome).length;
    expect(done.by_outcome).toEqual({
      answered: count('answered'),
      busy: count('busy'),
      no_answer: count('no_answer'),
      failed: count('failed'),
    });
    for (const { values, rows, taken_in, merged } of done.source_totals) {
      expect(rows).toBe(dispositions(values.disposition ?? ''));
      expect(taken_in + merged).toBe(rows);
    }
    expect(done.source_totals.reduce((sum, total) => sum + total.taken_in, 0)).toBe(36);
    // Taken in again, nothing changes; nor does the number of files that the parts are put into.
    await ingest(readExample('asterisk-cdr-csv'), legs.map((leg) => toCsvLine(leg)).join(''), { size: 10 ** 10 });
    expect(await calls()).toEqual(expected);
  });

  test('without linkedid a leg is a call unless others name it, and old and new lines may stand in one file', async () => {
    const file = legs.map((leg, index) => toCsvLine(leg, index % 2 === 0 ? 18 : 21)).join('');
    const done = await ingest(readExample('asterisk-cdr-csv'), file);
    const keyOf = (leg: Leg) => (legs.indexOf(leg) % 2 === 0 ? leg.uniqueid : (leg.linkedid ?? ''));
    expect(await calls()).toEqual(plainly(legs, keyOf));
    expect(done.taken_in + done.merged).toBe(84);
    const old = await ingest(readExample('asterisk-cdr-csv'), legs.map((leg) => toCsvLine(leg, 18)).join(''));
    expect(old).toMatchObject({ rows_read: 84, taken_in: 84, merged: 0 });
  });

  test('the other order of cdr_custom', async () => {
    const done = await ingest(readExample('asterisk-cdr-custom'), legs.map(toCustomLine).join(''));
    expect(done).toMatchObject({ rows_read: 84, taken_in: 84, refused: 0 });
    expect(await calls()).toEqual(plainly(legs, ({ uniqueid }) => uniqueid));
  });

  test('a file of one order read by the mapping of the other is refused row by row', async () => {
    const done = await ingest(readExample('asterisk-cdr-csv'), legs.map(toCustomLine).join(''));
    expect(done).toMatchObject({ taken_in: 0, refused: 84 });
    expect(await calls()).toEqual([]);
  });

  test('inbound and internal rows are skipped, an account names the campaign, a number the lead', async () => {
    const base = { start: '2026-06-01 09:00:00', disposition: 'ANSWERED', billsec: 20 };
    const done = await ingest(
      readExample('asterisk-cdr-csv'),
      [
        { ...base, dst: '0912345678', uniqueid: '1.1' },
        { ...base, dst: '+84 912 345 678', uniqueid: '1.2', accountcode: '' },
        { ...base, dst: 's', uniqueid: '1.3', accountcode: 'WIN "BACK"', clid: '\ufffd\ufffd <100>' },
        { ...base, dst: '101', src: '0912345678', dcontext: 'from-trunk', uniqueid: '1.4' },
        { ...base, dst: '102', uniqueid: '1.5' },
      ]
        .map((leg) => toCsvLine(leg))
        .join(''),
    );
    expect(done).toMatchObject({ rows_read: 5, taken_in: 2, skipped: 3 });
    expect(done.skipped_by).toEqual([
      { because: 'inbound', rows: 1 },
      { because: 'internal', rows: 2 },
    ]);
    const found = await rowsOf('calls', 'call_id, campaign_id, lead_id');
    expect(found.map((row) => row.campaign_id)).toEqual([1, 2]);
    // Both ways to write the number are one lead.
    expect(found[0]?.lead_id).toBe(found[1]?.lead_id);
    expect(found[0]?.lead_id).toBeGreaterThanOrEqual(firstHashId);
    expect(await listNames(world.store, world.tenantId, { kind: 'campaign', limit: 10 })).toEqual([
      { name: 'RENEWALS', id: 1 },
      { name: 'dialer', id: 2 },
    ]);
    expect(await rowsOf('campaigns', 'campaign_id, name')).toEqual([
      { campaign_id: 1, name: 'RENEWALS' },
      { campaign_id: 2, name: 'dialer' },
    ]);
  });

  test('a text that can\u2019t be decoded is told, not kept as something else', async () => {
    const mapping = readExample('asterisk-cdr-csv');
    const line = (accountcode: string) =>
      toCsvLine({
        dst: '0912345678',
        uniqueid: '1.1',
        start: '2026-06-01 09:00:00',
        accountcode,
        disposition: accountcode,
      });
    const long = `${'x'.repeat(98)}\u{1f600}y`;
    const done = await ingestMapped(
      { importer: world.importer, makers: openMakers({ timeoutMs: 10_000 }) },
      {
        tenantId: world.tenantId,
        mapping,
        bytes: (async function* () {
          yield Buffer.from(line('L\xc9'), 'latin1');
          yield Buffer.from(line(long));
        })(),
        fileName: 'Master.csv',
        stamp: stamp(),
      },
    );
    expect(done).toMatchObject({ taken_in: 0, refused: 2 });
    expect(done.first_refused.map(({ row }) => row.disposition)).toEqual(['(not readable)', `${'x'.repeat(98)}\u2026`]);
    expect(done.source_totals.map(({ values }) => values.disposition)).toEqual([
      '(not readable)',
      `${'x'.repeat(59)}\u2026`,
    ]);
  });

  test('a campaign that somebody named keeps its name', async () => {
    const file = toCsvLine({ dst: '0912345678', uniqueid: '1.1', start: '2026-06-01 09:00:00' });
    await ingest(readExample('asterisk-cdr-csv'), file);
    await world.ingest('campaigns', [{ campaign_id: 1, name: 'Renewals of June', abandon_limit_pct: 5 }]);
    await ingest(readExample('asterisk-cdr-csv'), file);
    expect(await rowsOf('campaigns', 'campaign_id, name')).toEqual([{ campaign_id: 1, name: 'Renewals of June' }]);
  });
});

test('FreeSWITCH: a cause alone proves no answer, a repeated uuid is one call, and quotes in names are as they are', async () => {
  const row = (
    uuid: string,
    answered: boolean,
    billsec: number,
    cause: string,
    more: { name?: string; to?: string; context?: string } = {},
  ) =>
    `"${more.name ?? 'Sales'}","02871000001","${more.to ?? '0912345678'}","${more.context ?? 'default'}","2026-06-01 09:00:00","${answered ? '2026-06-01 09:00:05' : ''}","2026-06-01 09:01:00","${billsec + 5}","${billsec}","${cause}","${uuid}","","RENEWALS","PCMU","PCMU"\n`;
  const file = [
    row('u1', true, 55, 'NORMAL_CLEARING', { name: 'Bob "the voice" Tran' }),
    row('u2', false, 0, 'NORMAL_CLEARING'),
    row('u3', false, 0, 'USER_BUSY'),
    row('u4', false, 0, 'CALL_REJECTED'),
    row('u5', false, 0, 'NO_USER_RESPONSE'),
    row('u6', false, 0, 'RECOVERY_ON_TIMER_EXPIRE'),
    row('u7', true, 0, 'NORMAL_CLEARING'),
    row('u1', true, 55, 'NORMAL_CLEARING'),
    row('u8', true, 9, 'NORMAL_CLEARING', { context: 'public' }),
    row('u9', true, 9, 'NORMAL_CLEARING', { to: '1001' }),
  ].join('');
  const done = await ingest(readExample('freeswitch-cdr-csv'), file);
  expect(done).toMatchObject({ rows_read: 10, taken_in: 7, merged: 1, skipped: 2, refused: 0 });
  expect((await calls()).map(({ call_id, outcome, talk_sec }) => [call_id, outcome, talk_sec])).toEqual([
    ['u1', 'answered', 55],
    ['u2', 'no_answer', 0],
    ['u3', 'busy', 0],
    ['u4', 'rejected', 0],
    ['u5', 'no_answer', 0],
    ['u6', 'failed', 0],
    ['u7', 'no_answer', 0],
  ]);
});

describe('phone numbers', () => {
  const filesIn = (path: string): string[] =>
    readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? filesIn(join(path, entry.name)) : [join(path, entry.name)],
    );

  test('are in no refused row, total or file of the store; the same number is the same lead, another tenant another', async () => {
    const phone = '0987654321';
    const base = { start: '2026-06-01 09:00:00', disposition: 'ANSWERED', billsec: 20 };
    const legs: Leg[] = [
      { ...base, dst: phone, uniqueid: '1.1' },
      // Slipped columns, unknown words, and every kind of bad value: the number in each place.
      { ...base, dst: phone, uniqueid: '1.2', start: phone },
      { ...base, dst: phone, uniqueid: '1.3', disposition: phone },
      { ...base, dst: phone, uniqueid: '1.4', billsec: Number(phone) },
      { ...base, dst: phone, uniqueid: '1.5', start: `${phone} 09:00` },
    ];
    const file = `${legs.map((leg) => toCsvLine(leg)).join('')}"${phone}","${phone}"\n`;
    const done = await ingest({ ...readExample('asterisk-cdr-csv'), count: ['disposition', 'billsec'] }, file);
    expect(done).toMatchObject({ rows_read: 6, taken_in: 1, refused: 5 });
    expect(JSON.stringify(done)).not.toContain('987654321');
    expect(JSON.stringify(await readRefused(world.store, world.tenantId, { limit: 100 }))).not.toContain('987654321');
    const [path] = await world.store.query<{ path: string }>(sql`SELECT path FROM system.disks LIMIT 1`);
    const holders = filesIn(path?.path ?? '').filter(
      (one) => statSync(one).isFile() && readFileSync(one).includes('987654321'),
    );
    expect(holders).toEqual([]);

    const [first] = await rowsOf('calls', 'call_id, lead_id');
    await ingest(readExample('asterisk-cdr-csv'), toCsvLine({ ...base, dst: `84${phone.slice(1)}`, uniqueid: '2.1' }));
    expect((await rowsOf('calls', 'call_id, lead_id'))[1]?.lead_id).toBe(first?.lead_id);
    // A plain hash could be tried out for all numbers there are: this one needs the tenant's key.
    const plain = Number(
      createHash('sha256')
        .update(`84${phone.slice(1)}`)
        .digest()
        .readBigUInt64BE(0) >> 12n,
    );
    expect(first?.lead_id).not.toBe(firstHashId + plain);
    const keys = await world.store.query<{ key: string }>(
      sql`SELECT DISTINCT toString(key) AS key FROM hash_keys FINAL`,
    );
    expect(keys.every(({ key }) => /^[0-9a-f]{64}$/.test(key))).toBe(true);
    expect(new Set(keys.map(({ key }) => key)).size).toBe(keys.length);
  });

  test('imports at the same time make one key', async () => {
    const tenantId = 90_000 + world.tenantId;
    const file = Buffer.from(toCsvLine({ dst: '0912345678', uniqueid: '1.1', start: '2026-06-01 09:00:00' }));
    const importOne = () =>
      ingestMapped(
        { importer: world.importer, makers: openMakers({ timeoutMs: 10_000 }) },
        {
          tenantId,
          mapping: readExample('asterisk-cdr-csv'),
          bytes: (async function* () {
            yield file;
          })(),
          fileName: 'Master.csv',
          stamp: stamp(),
        },
      );
    await Promise.all([importOne(), importOne(), importOne()]);
    const made = await world.store.query<{ leads: number; keys: number }>(
      sql`SELECT (SELECT uniqExact(lead_id) FROM calls WHERE tenant_id = {t:UInt64}) AS leads,
        (SELECT count() FROM hash_keys WHERE tenant_id = {t:UInt64}) AS keys`.bind({ t: tenantId }),
    );
    expect(made).toEqual([{ leads: 1, keys: 1 }]);
  });
});

describe('files', () => {
  test.each([
    ['as it is', simpleFile],
    ['with CRLF', simpleFile.replaceAll('\n', '\r\n')],
    ['with a byte-order mark', `\ufeff${simpleFile}`],
    [
      'with quotes, white space and blank lines',
      simpleFile.replace('c1', '" c1\u00a0"').replace('id,at', '"id"," at "').replaceAll('\n', '\n\n'),
    ],
    ['with more columns', simpleFile.replaceAll('\n', ',"a\nb"\n')],
  ])('%s', async (_, file) => {
    expect(await ingest(simple, file, { piece: 3 })).toMatchObject({ rows_read: 2, taken_in: 2 });
    expect(await calls()).toEqual(simpleCalls);
  });

  test('in other encodings, by their names', async () => {
    const mapping: Mapping = {
      ...simple,
      file: { encoding: 'windows-1252' },
      columns: { ...simple.columns, disposition_code: 'note' },
    };
    const text = 'id,at,result,talked,note\nc1,2026-06-01 09:00:00,OK,60,Fünf €\n';
    const bytes = Buffer.from(text.replace('€', '\x80'), 'latin1');
    await ingest(mapping, bytes);
    expect(await rowsOf('calls', 'call_id, disposition_code')).toEqual([{ call_id: 'c1', disposition_code: 'Fünf €' }]);
    await ingest(
      { ...mapping, file: { encoding: 'utf-16le' } },
      Buffer.from(`\ufeff${text.replace('c1', 'c3')}`, 'utf16le'),
      { piece: 7 },
    );
    expect((await rowsOf('calls', 'call_id, disposition_code'))[1]).toEqual({
      call_id: 'c3',
      disposition_code: 'Fünf €',
    });
    // Read as UTF-8, only the rows whose column it is are bad.
    const wrong = await ingest(
      { ...mapping, file: {} },
      Buffer.concat([bytes, Buffer.from('c4,2026-06-01 09:00:00,NA,,plain\n')]),
    );
    expect(wrong).toMatchObject({ taken_in: 1, refused: 1 });
    expect(wrong.refused_by[0]).toMatchObject({
      field: 'note (disposition_code)',
      reason: expect.stringContaining('file.encoding'),
    });
    expect(await ingest(simple, bytes)).toMatchObject({ refused: 0, taken_in: 1 });
  });

  test.each([
    ['', 'The file is empty.'],
    ['\n\n', 'The file is empty.'],
    [
      'id,at,resul,talked\n',
      'at $.columns.outcome.from: The file has no column "result". Did you mean "resul"? It has id, at, resul, talked.',
    ],
    ['id,at,result,id\n', 'names "id" more than once'],
    ['c1,2026-06-01 09:00:00,OK,60\n', 'The first line is no header'],
    ['id\rc1\r', 'CR alone'],
    ['\x1f\x8b\x08', 'gzip'],
    ['PK\x03\x04', 'ZIP or Excel'],
    ['id,at\0', 'no text in utf-8'],
    [`${simpleFile}"open,1,2,3\n`, 'line 4 does not end'],
  ])('%j is refused as a whole', async (file, reason) => {
    await expect(ingest(simple, Buffer.from(file, 'latin1'))).rejects.toMatchObject({
      code: 'UNREADABLE_FILE',
      message: expect.stringContaining(reason),
    });
    expect(readdirSync(directory)).toEqual([]);
    expect(await readRefused(world.store, world.tenantId, { limit: 10 })).toEqual([]);
  });

  test('UTF-16 says how the mapping must name it', async () => {
    await expect(ingest(simple, Buffer.from(`\ufeff${simpleFile}`, 'utf16le'))).rejects.toThrow(
      '"encoding": "utf-16le"',
    );
  });

  test('a header alone is a file without rows', async () => {
    expect(await ingest(simple, 'id,at,result,talked')).toMatchObject({ rows_read: 0, taken_in: 0, refused: 0 });
  });
});

describe('refused rows', () => {
  const bad = `id,at,result,talked
c1,2026-06-01 09:00:00,OK,60
"c
2",2026-13-01 09:00:00,OK,60
c3,2026-06-01 09:00:00,WHAT,60
,2026-06-01 09:00:00,OK,60
c5,2026-06-01 09:00:00,NA,x
c6,2026-06-01 09:00:00
c7,2026-06-01 09:00:00,NA,
`;

  test('tell the line of the file, its columns, and why', async () => {
    const done = await ingest(simple, bad);
    expect(done).toMatchObject({ rows_read: 7, taken_in: 2, refused: 5 });
    const told = done.first_refused.map(({ line, faults, row }) => [
      line,
      faults.map(({ field, reason }) => `${field}: ${reason}`),
      row,
    ]);
    expect(told).toEqual([
      [3, ['at (started_at): must be a time written as ISO 8601, such as 2026-06-01 09:00:00'], {}],
      [5, ['result (outcome): has a value that the mapping does not know'], { result: 'WHAT' }],
      [6, ['id (call_id): is required'], expect.objectContaining({ outcome: 'answered' })],
      [7, ['talked (talk_sec): must be a number of seconds, of at most a day'], { talked: 'x' }],
      [8, ['(line): has 2 fields, not 4'], {}],
    ]);
    expect(await readRefused(world.store, world.tenantId, { importId: done.import_id, limit: 100 })).toEqual(
      done.first_refused,
    );
    expect(
      done.source_totals.map(({ values, rows, refused, taken_in }) => [values.result, rows, refused, taken_in]),
    ).toEqual([
      ['OK', 3, 2, 1],
      ['NA', 2, 1, 1],
      ['WHAT', 1, 1, 0],
      ['(unreadable)', 1, 1, 0],
    ]);
    expect(done.by_outcome).toEqual({ answered: 1, no_answer: 1 });
  });

  test('strict: all rows or none', async () => {
    const done = await ingest(simple, bad, { strict: true });
    expect(done).toMatchObject({ taken_in: 0, held_back: expect.stringContaining('strict'), by_outcome: {} });
    const checked = await ingest(simple, simpleFile.replace('c1', ''), { strict: true });
    expect(checked).toMatchObject({
      taken_in: 0,
      refused: 1,
      held_back: expect.stringContaining('strict'),
      by_outcome: {},
    });
    expect(await calls()).toEqual([]);
    expect(await ingest(simple, simpleFile, { strict: true })).toMatchObject({ taken_in: 2 });
  });

  test('a call of which one leg is bad is refused as a whole', async () => {
    const base = { dst: '0912345678', start: '2026-06-01 09:00:00' };
    const done = await ingest(
      readExample('asterisk-cdr-csv'),
      [
        { ...base, uniqueid: '1.1', linkedid: '1.1' },
        { ...base, uniqueid: '1.2', linkedid: '1.1', disposition: 'UNHEARD OF' },
        { ...base, uniqueid: '1.3', linkedid: '1.3' },
      ]
        .map((leg) => toCsvLine(leg))
        .join(''),
    );
    expect(done).toMatchObject({ rows_read: 3, taken_in: 1, refused: 2, merged: 0 });
    expect(done.refused_by.map(({ field, reason }) => `${field}: ${reason}`)).toEqual([
      '(line): is part of a call of which another row is refused',
      'disposition, billsec (outcome): none of the mapping\u2019s cases holds',
    ]);
    expect(done.first_refused.map(({ line }) => line)).toEqual([1, 2]);
  });
});

describe('rules', () => {
  const file = 'id,at,result,talked,user,n,how\n';
  const mapped = async (columns: Mapping['columns'], row: string, show: string) => {
    const mapping: Mapping = { ...simple, columns: { ...simple.columns, ...columns } };
    expect(checkMapping(mapping).faults).toEqual([]);
    async function* bytes() {
      yield Buffer.from(`${file}${row}\n`);
    }
    const conversion = openConversion(mapping, await openRecordSource(mapping, bytes()), {
      resolveNames: async (_kind, names) => new Map(names.map((one, index) => [one, index + 1])),
    });
    for await (const [one] of conversion.batches()) {
      if (one?.kind === 'bad') return one.bad.faults[0]?.reason;
      if (one?.kind === 'row') return one.made.row[show] ?? '';
    }
    return undefined;
  };
  const row = 'c1,2026-06-01 09:00:00,OK,60,Lan,7,a';

  test.each<[string, Mapping['columns'], string, unknown]>([
    [
      'the first column that is not empty',
      { disposition_code: { from: ['none', 'how'].slice(1) } },
      'disposition_code',
      'a',
    ],
    ['joined columns', { disposition_code: { join: ['user', 'n'], between: '-' } }, 'disposition_code', 'Lan-7'],
    ['a fixed value', { disposition_code: { value: 'X' } }, 'disposition_code', 'X'],
    ['a value map', { disposition_code: { from: 'how', values: { a: 'SALE' } } }, 'disposition_code', 'SALE'],
    ['a value map with null', { disposition_code: { from: 'how', values: { a: null } } }, 'disposition_code', ''],
    [
      'a value map with a default',
      { disposition_code: { from: 'how', values: { b: 'SALE' }, otherwise: 'OTHER' } },
      'disposition_code',
      'OTHER',
    ],
    [
      'a value map without',
      { disposition_code: { from: 'how', values: { b: 'SALE' } } },
      'disposition_code',
      'has a value that the mapping does not know',
    ],
    ['a name', { agent_id: { from: 'user', as: 'name' } }, 'agent_id', 1],
    ['a number', { agent_id: 'n' }, 'agent_id', '7'],
    ['milliseconds', { talk_sec: { from: 'talked', as: 'milliseconds' } }, 'talk_sec', '0'],
    [
      'a clock',
      { talk_sec: { from: 'how', as: 'clock' } },
      'talk_sec',
      'must be a duration of at most a day, written as h:mm:ss, m:ss, 23m 17s or seconds',
    ],
    ['what comes after a mark', { disposition_code: { from: 'at', after: ' ' } }, 'disposition_code', '09:00:00'],
    ['what comes before one', { disposition_code: { from: 'at', before: '-' } }, 'disposition_code', '2026'],
    ['what is between', { disposition_code: { from: 'at', after: '-', before: '-' } }, 'disposition_code', '06'],
    [
      'a part that stands for something',
      { disposition_code: { from: 'at', before: '-', values: { '2026': 'NEW' } } },
      'disposition_code',
      'NEW',
    ],
    [
      'a part that is not there',
      { disposition_code: { from: 'at', after: '#' } },
      'disposition_code',
      'has no "#" in it',
    ],
    [
      'a part that is not there, otherwise',
      { disposition_code: { from: 'at', after: ':', before: '#', otherwise: null } },
      'disposition_code',
      '',
    ],
    [
      'a case',
      { disposition_code: { cases: [{ when: { n: { above: 6, below: 8 }, how: ['b', 'a'] }, from: 'user' }] } },
      'disposition_code',
      'Lan',
    ],
    [
      'one of several conditions',
      {
        disposition_code: {
          cases: [{ when: [{ n: '8' }, { user: { starts_with: 'L', ends_with: 'n', contains: 'a' } }], value: 'Y' }],
        },
      },
      'disposition_code',
      'Y',
    ],
    [
      'a case that does not hold',
      { disposition_code: { cases: [{ when: { user: { not: ['Lan', 'Hoa'] } }, value: 'Y' }], otherwise: 'Z' } },
      'disposition_code',
      'Z',
    ],
    [
      'a length',
      {
        disposition_code: {
          cases: [{ when: { user: { longer_than: 2, shorter_than: 4, empty: false } }, value: 'Y' }],
        },
      },
      'disposition_code',
      'Y',
    ],
    [
      'no number is above nothing',
      { disposition_code: { cases: [{ when: { user: { above: -1 } }, value: 'Y' }], otherwise: null } },
      'disposition_code',
      '',
    ],
  ])('%s', async (_, columns, show, expected) => {
    expect(await mapped(columns, row, show)).toBe(expected);
  });

  const inNumbers = async (numbers: Mapping['numbers'], talked: string) => {
    const mapping: Mapping = { ...simple, ...(numbers && { numbers }) };
    expect(checkMapping(mapping).faults).toEqual([]);
    const done = await ingest(
      mapping,
      `id;at;result;talked\nc1;2026-06-01 09:00:00;OK;${talked}\n`.replaceAll(';', ','),
    );
    const [call] = await calls();
    return done.first_refused[0]?.faults[0]?.reason ?? Number(call?.talk_sec);
  };

  test.each<[Mapping['numbers'], string, number | RegExp]>([
    [undefined, '1.234', /whole seconds.*"decimal"/],
    [undefined, '60.0', 60],
    [undefined, '60.00', 60],
    [{ decimal: '.' }, '1.634', 2],
    [{ decimal: ',', thousands: '.' }, '1.234', 1234],
    [{ decimal: ',', thousands: '.' }, '"1.234,4"', 1234],
    [{ decimal: ',' }, '1.234', /number of seconds/],
    [{ thousands: ',' }, '"1,234"', 1234],
    [undefined, '"1,234"', /number of seconds: .*"numbers".*"thousands"/],
    [undefined, '1 234', /"thousands"/],
    [{ decimal: '.' }, '"12,5"', /"decimal"/],
    [undefined, '12 34', /number of seconds, of at most a day/],
    [undefined, '-0', /number of seconds/],
    [{ decimal: ',' }, '"-0,2"', /number of seconds/],
  ])('numbers written as %j: %s', async (numbers, talked, seconds) => {
    expect(await inNumbers(numbers, talked)).toEqual(
      seconds instanceof RegExp ? expect.stringMatching(seconds) : seconds,
    );
  });

  test('durations as clocks show them', async () => {
    expect(await mapped({ talk_sec: { from: 'how', as: 'clock' } }, row.replace(/a$/, '1:02:03'), 'talk_sec')).toBe(
      '3723',
    );
  });

  test('times that the clock shows twice are counted, those that it skips refused', async () => {
    const times = ['2026-11-01 01:30:00', '2026-11-01 03:30:00', '2026-03-08 02:30:00'];
    const rows = times.map((time, index) => `c${index},${time},OK,60\n`).join('');
    const done = await ingest({ ...simple, timezone: 'America/New_York' }, `id,at,result,talked\n${rows}`);
    expect(done).toMatchObject({ taken_in: 2, refused: 1, repeated_times: 1 });
    expect((await calls()).map(({ started_at }) => started_at)).toEqual([
      '2026-11-01 05:30:00.000',
      '2026-11-01 08:30:00.000',
    ]);
  });

  test('other tables go in the same way, and names that calls used fit', async () => {
    await ingest(
      { ...simple, columns: { ...simple.columns, agent_id: { from: 'user', as: 'name' } } },
      `${file}${row}\n`,
    );
    const done = await ingest(
      {
        table: 'agents',
        columns: { agent_id: { from: 'login', as: 'name' }, name: 'full', team_id: { from: 'grp', as: 'name' } },
      },
      'login,full,grp\nLan,Nguyễn Thị Lan,North\nHoa,Trần Hoa,North\n',
    );
    expect(done).toMatchObject({ taken_in: 2, source_totals: [{ rows: 2 }] });
    expect(await rowsOf('agents', 'agent_id, name, team_id')).toEqual([
      { agent_id: 1, name: 'Nguyễn Thị Lan', team_id: 1 },
      { agent_id: 2, name: 'Trần Hoa', team_id: 1 },
    ]);
    expect(await rowsOf('teams', 'team_id, name')).toEqual([{ team_id: 1, name: 'North' }]);
  });
});

test('random files: every row is counted once, and the calls are those of a plain computation', async () => {
  const leg = fc.record({
    call: fc.integer({ min: 1, max: 6 }),
    result: fc.constantFrom('OK', 'NA', 'BUSY', 'WHAT', 'SKIP'),
    talked: fc.integer({ min: 0, max: 99 }),
    minute: fc.integer({ min: 0, max: 59 }),
  });
  const mapping: Mapping = {
    ...simple,
    columns: {
      ...simple.columns,
      outcome: { from: 'result', values: { OK: 'answered', NA: 'no_answer', BUSY: 'busy' } },
    },
    skip: [{ because: 'skipped', when: { result: 'SKIP' } }],
    merge: { by: 'id', prefer: ['answered', 'busy'], add: ['talk_sec'] },
  };
  let tenant = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(leg, { maxLength: 14 }), fc.integer({ min: 1, max: 40 }), async (legs, piece) => {
      const tenantId = 1_000_000 + tenant++;
      const pad = (value: number) => String(value).padStart(2, '0');
      const lines = legs.map(
        ({ call, result, talked, minute }) => `c${call},2026-06-01 09:${pad(minute)}:00,${result},${talked}\n`,
      );
      const bytes = Buffer.from(`id,at,result,talked\n${lines.join('')}`);
      const done = await ingestMapped(
        { importer: world.importer, makers: openMakers({ timeoutMs: 10_000 }) },
        {
          tenantId,
          mapping,
          bytes: (async function* () {
            for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
          })(),
          fileName: 'f.csv',
          stamp: stamp(),
        },
      );
      const kept = legs.filter(({ result }) => result !== 'SKIP');
      const bad = new Set(kept.filter(({ result }) => result === 'WHAT').map(({ call }) => call));
      const good = kept.filter(({ call }) => !bad.has(call));
      const expected = [...new Set(good.map(({ call }) => call))].sort().map((call) => {
        const own = good.filter((one) => one.call === call);
        const has = (result: string) => own.some((one) => one.result === result);
        return {
          call_id: `c${call}`,
          outcome: has('OK') ? 'answered' : has('BUSY') ? 'busy' : 'no_answer',
          talk_sec: own.reduce((sum, one) => sum + one.talked, 0),
          minute: Math.min(...own.map(({ minute }) => minute)),
        };
      });
      const found = await world.store.query(
        sql`SELECT call_id, outcome, talk_sec, toMinute(started_at) AS minute FROM calls FINAL WHERE tenant_id = {t:UInt64} ORDER BY call_id`.bind(
          { t: tenantId },
        ),
      );
      expect(found).toEqual(expected);
      expect(done).toMatchObject({
        rows_read: legs.length,
        skipped: legs.length - kept.length,
        refused: kept.length - good.length,
        merged: good.length - expected.length,
        taken_in: expected.length,
      });
      const sum = (field: 'rows' | 'skipped' | 'refused' | 'merged' | 'taken_in') =>
        done.source_totals.reduce((total, one) => total + one[field], 0);
      expect([sum('rows'), sum('skipped'), sum('refused'), sum('merged'), sum('taken_in')]).toEqual([
        done.rows_read,
        done.skipped,
        done.refused,
        done.merged,
        done.taken_in,
      ]);
    }),
    { numRuns: 12 },
  );
}, 120_000);
