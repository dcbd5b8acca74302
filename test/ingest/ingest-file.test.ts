import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UnreadableFile } from '../../src/errors.ts';
import { type Importer, openImporter } from '../../src/ingest/importer.ts';
import { ingestFile } from '../../src/ingest/ingest-file.ts';
import type { Format } from '../../src/ingest/layout.ts';
import { readRefused } from '../../src/ingest/refused.ts';
import { openStamp } from '../../src/ingest/stamp.ts';
import { shipped, sql, sqlText } from '../../src/sql.ts';
import type { Store } from '../../src/store/store.ts';
import type { TableName } from '../../src/tables.ts';
import { describeStores } from '../engines.ts';

const noon = Date.parse('2026-06-10T12:00:00Z');

describeStores((engine) => {
  let directory: string;
  let store: Store;
  let importer: Importer;
  let tenant = 0;
  const clock = openStamp(() => noon);

  beforeAll(async () => {
    ({ directory, store } = engine);
    importer = openImporter(store, { directory: join(directory, 'uploads') });
  });

  afterAll(async () => {
    await importer?.close();
  });

  /** Takes a file in, for a tenant of its own unless told otherwise. */
  async function take(
    content: string | Buffer,
    {
      table = 'calls',
      format = 'csv',
      strict = false,
      tenantId = ++tenant,
    }: { table?: TableName; format?: Format; strict?: boolean; tenantId?: number } = {},
  ) {
    const path = join(directory, `${table}.${format}`);
    writeFileSync(path, content);
    const result = await ingestFile(importer, { tenantId, table, format, path, strict, stamp: clock() });
    return { ...result, tenantId };
  }

  const calls = (tenantId: number) =>
    store.query<Record<string, unknown>>(
      sql`SELECT call_id, campaign_id, toString(started_at) AS started_at, toString(outcome) AS outcome, talk_sec, toString(block_reason) AS block_reason,
        lead_id, agent_id, toString(cid) AS cid, toString(disposition_code) AS disposition_code, is_conversion
        FROM calls FINAL WHERE tenant_id = {tenant:UInt64} ORDER BY call_id, started_at`.bind({ tenant: tenantId }),
    );

  const header = 'call_id,campaign_id,started_at,outcome';

  test('names line, field and reason of every bad row, and takes the good ones in', async () => {
    const { tenantId, ...result } = await take(
      `${header},talk_sec,agent_id,cid\n` +
        'a,1,2026-06-01T10:00:00Z,answered,30,7,0900\n' +
        ',1,2026-06-01T10:00:00Z,answered,,,\n' +
        '"b\nb",1,2026-06-01T10:00:00Z,answered,,,\n' +
        'c,0,2026-02-30,nobody,-1,1.5,\n' +
        '\n' +
        'd,1,2026-06-01T10:00:00Z\n' +
        'e,1,2026-06-01T10:00:00Z,busy,,,,\n' +
        'f,9007199254740992,1970-12-31T23:59:59Z,busy,86401,9007199254740991,\n',
    );
    expect(result).toMatchObject({ rows_read: 7, taken_in: 2, refused: 5, unknown_columns: [] });
    expect(result.first_refused.map(({ line, faults }) => [line, ...faults.map(({ field }) => field)])).toEqual([
      [3, 'call_id'],
      [6, 'campaign_id', 'agent_id', 'started_at', 'outcome', 'talk_sec'],
      [8, '(line)'],
      [9, '(line)'],
      [10, 'campaign_id', 'started_at', 'talk_sec'],
    ]);
    expect(result.refused_by.reduce((sum, { rows }) => sum + rows, 0)).toBe(11);
    expect((await calls(tenantId)).map((row) => [row.call_id, row.talk_sec, row.agent_id, row.cid])).toEqual([
      ['a', 30, 7, '0900'],
      ['b\nb', 0, 0, ''],
    ]);
    expect(await readRefused(store, tenantId, { limit: 10 })).toEqual(result.first_refused);
    expect(await readRefused(store, tenantId + 1000, { limit: 10 })).toEqual([]);
  });

  test('counts lines right to the end of a long file with line breaks in its fields', async () => {
    const rows = Array.from(
      { length: 150_000 },
      (_, n) =>
        `${n % 1000 === 7 ? `"x\n${n}"` : `x${n}`},${n % 50_000 === 49_999 ? 'bad' : 1},2026-06-01T10:00:00Z,busy`,
    );
    const { first_refused, taken_in } = await take(`${header}\r\n${rows.join('\r\n')}\r\n`);
    expect(taken_in).toBe(149_997);
    const breaksBefore = (record: number) => Math.ceil(Math.max(0, record - 7) / 1000);
    expect(first_refused.map(({ line }) => line)).toEqual(
      [49_999, 99_999, 149_999].map((record) => record + 2 + breaksBefore(record)),
    );
  });

  test('says the same of the same rows as CSV, NDJSON and Parquet', async () => {
    const rows = [
      {
        call_id: 'x',
        campaign_id: 5,
        started_at: '2026-06-01T10:00:00.123456+07:00',
        outcome: 'answered',
        talk_sec: 31,
        is_conversion: true,
      },
      {
        call_id: 'ü "y",\n',
        campaign_id: 5,
        started_at: '2026-06-01 10:00:00',
        outcome: 'blocked',
        talk_sec: null,
        is_conversion: null,
      },
      {
        call_id: 'z',
        campaign_id: -5,
        started_at: 'yesterday',
        outcome: 'ANSWERED',
        talk_sec: 1.5,
        is_conversion: 'maybe',
      },
    ];
    const quote = (value: unknown) => `"${String(value ?? '').replaceAll('"', '""')}"`;
    const csv = [
      Object.keys(rows[0] ?? {}).join(','),
      ...rows.map((row) => Object.values(row).map(quote).join(',')),
    ].join('\n');
    const ndjson = rows.map((row) => JSON.stringify(row)).join('\n');
    const files: [Format, string | Buffer][] = [
      ['csv', csv],
      ['csv', `\ufeff${csv}\n`],
      ['ndjson', ndjson],
      ['ndjson', `\n${ndjson}\n\n`],
    ];
    const found = [];
    for (const [format, content] of files) {
      const { tenantId, taken_in, refused, first_refused } = await take(content, { format });
      found.push({
        taken_in,
        refused,
        fields: first_refused.map(({ faults }) => faults),
        calls: await calls(tenantId),
      });
    }
    for (const other of found) expect(other).toEqual(found[0]);
    expect(found[0]).toMatchObject({ taken_in: 2, refused: 1 });
    expect(found[0]?.calls.map((row) => [row.started_at, row.block_reason, row.is_conversion])).toEqual([
      ['2026-06-01 03:00:00.123', '', true],
      ['2026-06-01 10:00:00.000', 'other', null],
    ]);
  });

  test('reads Parquet with numbers, booleans, dates and instants of its own types', async () => {
    const path = join(directory, 'typed.parquet');
    // Either engine can write one here; a server elsewhere would not share our disk.
    await store.command(
      shipped(`INSERT INTO FUNCTION file('${path}', Parquet) SELECT concat('p', toString(number)) AS call_id, toInt32(4) AS campaign_id,
          toDateTime64('2026-06-01 10:00:00.250', 3, 'UTC') AS started_at, 'answered' AS outcome, toFloat64(number) AS talk_sec,
          if(number = 0, NULL, toInt64(9)) AS agent_id, number = 1 AS is_conversion, 'x' AS colour FROM numbers(3)`),
    );
    const result = await ingestFile(importer, {
      tenantId: ++tenant,
      table: 'calls',
      format: 'parquet',
      path,
      stamp: clock(),
    });
    expect(result).toMatchObject({ rows_read: 3, taken_in: 3, refused: 0 });
    expect((await calls(tenant)).map((row) => [row.started_at, row.talk_sec, row.agent_id, row.is_conversion])).toEqual(
      [
        ['2026-06-01 10:00:00.250', 0, 0, false],
        ['2026-06-01 10:00:00.250', 1, 9, true],
        ['2026-06-01 10:00:00.250', 2, 9, false],
      ],
    );
  });

  test.each([
    [
      'lacks a required column',
      "'a' AS call_id, toInt32(4) AS campaign_id, 'busy' AS outcome",
      /lacks started_at; calls has/,
    ],
    [
      'has a list for a column',
      "['a'] AS call_id, toInt32(4) AS campaign_id, '2026-06-01' AS started_at, 'busy' AS outcome",
      /column call_id holds lists/,
    ],
    [
      'has a group for a column',
      "'a' AS call_id, toInt32(4) AS campaign_id, CAST(('2026-06-01', 1), 'Tuple(at String, n UInt8)') AS started_at, 'busy' AS outcome",
      /column started_at holds lists or groups/,
    ],
  ])('refuses a Parquet file that %s', async (what, select, says) => {
    const path = join(directory, `${what.replaceAll(' ', '-')}.parquet`);
    await store.command(shipped(`INSERT INTO FUNCTION file('${path}', Parquet) SELECT ${select}`));
    const taking = ingestFile(importer, {
      tenantId: ++tenant,
      table: 'calls',
      format: 'parquet',
      path,
      stamp: clock(),
    });
    await expect(taking).rejects.toThrow(says);
    await expect(taking).rejects.toBeInstanceOf(UnreadableFile);
  });

  test('names the unknown columns of a Parquet file, and strict refuses them', async () => {
    const path = join(directory, 'unknown.parquet');
    await store.command(
      shipped(
        `INSERT INTO FUNCTION file('${path}', Parquet) SELECT 'a' AS call_id, 4 AS campaign_id, '2026-06-01' AS started_at, 'busy' AS outcome, [1] AS tags, 1 AS phone`,
      ),
    );
    const take = (strict: boolean) =>
      ingestFile(importer, { tenantId: ++tenant, table: 'calls', format: 'parquet', path, strict, stamp: clock() });
    expect(await take(false)).toMatchObject({ taken_in: 1, unknown_columns: ['tags', 'phone'] });
    expect(await take(true)).toMatchObject({ taken_in: 0, held_back: expect.stringContaining('tags, phone') });
  });

  test('trims Unicode white space, and keeps everything else as it is', async () => {
    const content = ['\u00a0 sale\u3000', '\t=1+1\u2028', '\u200b', 'a b', '  '].map((code, n) =>
      JSON.stringify({
        call_id: `c${n}`,
        campaign_id: ' 1 ',
        started_at: '2026-06-01',
        outcome: '\u2003busy',
        disposition_code: code,
      }),
    );
    const { tenantId, refused } = await take(content.join('\n'), { format: 'ndjson' });
    expect(refused).toBe(0);
    expect((await calls(tenantId)).map((row) => row.disposition_code)).toEqual(['sale', '=1+1', '\u200b', 'a b', '']);
  });

  test('takes one text written in two ways for one: composed, in every text column and as Parquet too', async () => {
    const written = ['Tri\u1ec3n l\u00e3m', 'Trie\u0302\u0309n la\u0303m', 'Tri\u00ea\u0309n l\u00e3m'];
    const rows = written.map((code, n) =>
      JSON.stringify({
        call_id: `c${n}`,
        campaign_id: 1,
        started_at: '2026-06-01',
        outcome: 'busy',
        disposition_code: code,
      }),
    );
    const { tenantId } = await take(rows.join('\n'), { format: 'ndjson' });
    const codes = (await calls(tenantId)).map((row) => row.disposition_code);
    expect(codes).toEqual(written.map(() => written[0]));
    const path = join(directory, 'composed.parquet');
    await store.command(
      sql`INSERT INTO FUNCTION file(${sqlText(path)}, Parquet) SELECT {code:String} AS code, {label:String} AS label`.bind(
        {
          code: written[1] ?? '',
          label: '\u212b',
        },
      ),
    );
    await ingestFile(importer, { tenantId, table: 'dispositions', format: 'parquet', path, stamp: clock() });
    const listed = await store.query(
      sql`SELECT code, label FROM dispositions FINAL WHERE tenant_id = {t:UInt64}`.bind({ t: tenantId }),
    );
    expect(listed).toEqual([{ code: written[0], label: '\u00c5' }]);
  });

  test('reads whole numbers with a point and zeroes, and refuses other decimals and exponents', async () => {
    const row = (n: number, values: object) =>
      JSON.stringify({ call_id: `c${n}`, campaign_id: 1, started_at: '2026-06-01', outcome: 'answered', ...values });
    const { tenantId, taken_in, refused_by } = await take(
      [
        row(0, { agent_id: '25.0', talk_sec: '60.00', lead_id: 25 }),
        row(1, { agent_id: ' 25.000 ', talk_sec: 60.0, lead_id: '\u00a025.0' }),
        row(2, { agent_id: '25.5' }),
        row(3, { agent_id: '2.5e1' }),
        row(4, { agent_id: '25.' }),
        row(5, { agent_id: '.0' }),
        row(6, { agent_id: '0.0' }),
        row(7, { talk_sec: '60.4' }),
        row(8, { talk_sec: '-60.0' }),
        row(9, { agent_id: '9007199254740992.0' }),
        row(10, { agent_id: '25,0' }),
      ].join('\n'),
      { format: 'ndjson' },
    );
    expect(taken_in).toBe(2);
    expect(refused_by.map(({ field, rows }) => [field, rows])).toEqual([
      ['agent_id', 7],
      ['talk_sec', 2],
    ]);
    const rows = await store.query(
      sql`SELECT agent_id, lead_id, talk_sec FROM calls FINAL WHERE tenant_id = {t:UInt64}`.bind({ t: tenantId }),
    );
    expect(rows).toEqual([1, 2].map(() => ({ agent_id: 25, lead_id: 25, talk_sec: 60 })));
  });

  test('reads numbers of JSON as they are written: none has an exponent, whatever the texts around it hold', async () => {
    const row = (call: string, more: string) =>
      `{"call_id" : "${call}", "note": "x\\": 1e5, {", "campaign_id":1, "started_at":"2026-06-01","outcome":"answered", ${more} }`;
    const { tenantId, taken_in, first_refused } = await take(
      [
        row('c0: 7e3', '"agent_id":2.5e1'),
        row('c1', '"talk_sec": 6E1'),
        row('c2', '"lead_id":\t1e+2,"talk_sec":60'),
        row('c3: 1e5', '"talk_sec":6e1, "wrap_sec": 5'),
        row('c4 \\u00e9', '"wrap_sec": 25.0, "cid": 3e8, "disposition_code": "a \\" : 6e1"'),
        row('c5', '"agent_id": 7, "cid":"5e1"'),
      ].join('\n'),
      { format: 'ndjson' },
    );
    expect(taken_in).toBe(2);
    expect(
      first_refused.map(({ line, faults, row: { call_id, agent_id, talk_sec, lead_id } }) => [
        line,
        faults.map(({ field }) => field),
        call_id,
        agent_id ?? talk_sec ?? lead_id,
      ]),
    ).toEqual([
      [1, ['agent_id'], 'c0: 7e3', '2.5e1'],
      [2, ['talk_sec'], 'c1', '6E1'],
      [3, ['lead_id'], 'c2', '60'],
      [4, ['talk_sec'], 'c3: 1e5', '6e1'],
    ]);
    const rows = await store.query(
      sql`SELECT call_id, cid, wrap_sec, disposition_code FROM calls FINAL WHERE tenant_id = {t:UInt64} ORDER BY call_id`.bind(
        { t: tenantId },
      ),
    );
    expect(rows).toEqual([
      { call_id: 'c4 \u00e9', cid: '3e8', wrap_sec: 25, disposition_code: 'a " : 6e1' },
      { call_id: 'c5', cid: '5e1', wrap_sec: 0, disposition_code: '' },
    ]);
  });

  test.each([
    '2026-06-01 09:00:00 UTC',
    '2026-06-01T09:00:00 utc',
    '2026-06-01 09:00 UTC',
    '2026-06-01 09:00:00.000000+00:00',
  ])('reads %s as an instant', async (started_at) => {
    const { tenantId } = await take(`${header}\nx,1,${started_at},busy\n`);
    const [found] = await store.query(
      sql`SELECT toString(started_at) AS at FROM calls FINAL WHERE tenant_id = {t:UInt64}`.bind({ t: tenantId }),
    );
    expect(found).toEqual({ at: '2026-06-01 09:00:00.000' });
  });

  test('reads every form of an instant as JavaScript does', async () => {
    const when = fc.date({ min: new Date('1971-01-02'), max: new Date('2105-12-30'), noInvalidDate: true });
    const offset = fc.constantFrom('Z', 'z', '', '+00:00', '+07:00', '-03:30', '+0545', '+14', ' 07:00');
    const form = fc.record({
      when,
      offset,
      mark: fc.constantFrom('T', ' ', 't'),
      digits: fc.constantFrom(0, 1, 3, 6),
      seconds: fc.boolean(),
    });
    const forms = fc.sample(form, { numRuns: 500, seed: 7 });
    const texts = forms.map(({ when: at, offset: zone, mark, digits, seconds }) => {
      const [day = '', time = ''] = at.toISOString().slice(0, -1).split('T');
      const [whole = '', fraction = ''] = time.split('.');
      return `${day}${mark}${seconds ? whole : whole.slice(0, 5)}${seconds && digits ? `.${`${fraction}987`.slice(0, digits)}` : ''}${zone}`;
    });
    const { tenantId, first_refused } = await take(
      texts
        .map((started_at, n) => JSON.stringify({ call_id: `${n}`, campaign_id: 1, started_at, outcome: 'busy' }))
        .join('\n'),
      { format: 'ndjson' },
    );
    expect(first_refused).toEqual([]);
    const rows = await store.query<{ n: number; ms: number }>(
      sql`SELECT toUInt32(call_id) AS n, toUnixTimestamp64Milli(started_at) AS ms FROM calls FINAL WHERE tenant_id = {t:UInt64} ORDER BY n`.bind(
        { t: tenantId },
      ),
    );
    const expected = texts.map((written) => {
      const match = /^(\S{10}).(\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?(.*)$/.exec(written);
      const zone = match?.[4]?.replace(' ', '+').toUpperCase() || 'Z';
      const full =
        zone === 'Z' ? zone : /^[-+]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^(...)(\d\d)$/, '$1:$2');
      return Date.parse(`${match?.[1]}T${match?.[2]}${full}`) + Number((match?.[3] ?? '').padEnd(3, '0').slice(0, 3));
    });
    expect(rows.map(({ ms }) => ms)).toEqual(expected);
  });

  test.each([
    '2026-02-29',
    '2026-13-01',
    '2026-06-01T24:00:00Z',
    '2026-06-01T10:60:00Z',
    '2026-06-01T10:00:60Z',
    '2026-06-01T10',
    '20260601',
    '01/06/2026',
    '2026-6-1',
    '2106-01-01',
    '1970-12-31T23:59:59.999Z',
    '2026-06-01T10:00:00+25:00',
    '2026-00-10T09:00:00Z',
    '2026-06-00T09:00:00Z',
    '0000-00-00 00:00:00',
    'now',
    '0000-00-00',
  ])('refuses %s as an instant', async (started_at) => {
    const { refused_by } = await take(`${header}\nx,1,${started_at},busy\n`);
    expect(refused_by.map(({ field }) => field)).toEqual(['started_at']);
  });

  test('lets the later update win, whatever the order of arrival, and keeps one row of many', async () => {
    const row = (n: number, talk_sec: number, updated?: string) =>
      JSON.stringify({
        call_id: `c${n}`,
        campaign_id: 1,
        started_at: '2026-06-01T10:00:00Z',
        outcome: 'answered',
        talk_sec,
        ...(updated && { updated_at: updated }),
      });
    const versions = [
      row(1, 1, '2026-06-01T11:00:00Z'),
      row(1, 3, '2026-06-01T13:00:00Z'),
      row(1, 2, '2026-06-01T12:00:00Z'),
    ];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
      [1, 1, 1, 0, 2],
    ]) {
      const tenantId = ++tenant;
      for (const index of order) await take(versions[index] ?? '', { format: 'ndjson', tenantId });
      expect((await calls(tenantId)).map((found) => found.talk_sec)).toEqual([3]);
    }
    const { tenantId } = await take([row(1, 1), row(1, 2), row(2, 5, '2026-06-10T12:00:00Z')].join('\n'), {
      format: 'ndjson',
    });
    expect((await calls(tenantId)).map((found) => found.talk_sec)).toEqual([2, 5]);
  });

  test('of two different rows with the same updated_at keeps the same one whatever the order', async () => {
    const rows = [1, 2, 3].map((talk_sec) =>
      JSON.stringify({
        call_id: 'c',
        campaign_id: 1,
        started_at: '2026-06-01',
        outcome: 'answered',
        talk_sec,
        updated_at: '2026-06-02',
      }),
    );
    const winners = new Set();
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [2, 0, 1],
    ]) {
      const { tenantId } = await take(order.map((index) => rows[index]).join('\n'), { format: 'ndjson' });
      winners.add((await calls(tenantId))[0]?.talk_sec);
    }
    expect(winners.size).toBe(1);
  });

  test('counts a corrected lead once, also when its day of creation moves to another month', async () => {
    const lead = (created_at: string, updated_at: string) =>
      JSON.stringify({ lead_id: 1, campaign_id: 1, created_at, updated_at });
    const { tenantId } = await take(lead('2026-05-01', '2026-05-01'), { table: 'leads', format: 'ndjson' });
    await take(lead('2026-06-01', '2026-06-02'), { table: 'leads', format: 'ndjson', tenantId });
    expect(
      await store.query(
        sql`SELECT count() AS leads FROM leads FINAL WHERE tenant_id = {t:UInt64}`.bind({ t: tenantId }),
      ),
    ).toEqual([{ leads: 1 }]);
  });

  test('refuses an update from more than a day ahead', async () => {
    const row = (updated_at: string) =>
      JSON.stringify({ call_id: updated_at, campaign_id: 1, started_at: '2026-06-01', outcome: 'busy', updated_at });
    const { refused, first_refused } = await take(
      [row('2026-06-11T12:00:00Z'), row('2026-06-11T13:00:00Z')].join('\n'),
      { format: 'ndjson' },
    );
    expect([refused, first_refused[0]?.line, first_refused[0]?.faults]).toEqual([
      1,
      2,
      [{ field: 'updated_at', reason: 'is more than a day ahead of the clock' }],
    ]);
  });

  test('takes all or nothing in with strict, and refuses unknown columns then', async () => {
    const bad = await take(`${header}\na,1,2026-06-01,busy\nb,x,2026-06-01,busy\n`, { strict: true });
    expect(bad).toMatchObject({
      rows_read: 2,
      taken_in: 0,
      refused: 1,
      held_back: expect.stringContaining('1 rows are bad'),
    });
    const unknown = await take(`${header},colour\na,1,2026-06-01,busy,red\n`, { strict: true });
    expect(unknown).toMatchObject({
      taken_in: 0,
      refused: 0,
      unknown_columns: ['colour'],
      held_back: expect.stringContaining('colour'),
    });
    const good = await take(`${header}\na,1,2026-06-01,busy\n`, { strict: true });
    expect(good).toMatchObject({ taken_in: 1, refused: 0 });
    expect([
      (await calls(bad.tenantId)).length,
      (await calls(unknown.tenantId)).length,
      (await calls(good.tenantId)).length,
    ]).toEqual([0, 0, 1]);
  });

  test('keeps nothing of unknown columns, and nothing of a row whose fields may have slipped', async () => {
    const { tenantId } = await take(
      `${header},phone\na,x,2026-06-01,busy,0912345678\nb,1,2026-06-01,busy,,0912345678\n`,
    );
    const { tenantId: other } = await take(
      `{"call_id":"a","phone":"0912345678"}\n{"call_id":{"phone":"0912345678"}}\n0912345678\n`,
      { format: 'ndjson' },
    );
    for (const refused of [
      await readRefused(store, tenantId, { limit: 9 }),
      await readRefused(store, other, { limit: 9 }),
    ]) {
      expect(refused.length).toBeGreaterThan(1);
      expect(JSON.stringify(refused)).not.toContain('0912345678');
    }
  });

  const files: [what: string, content: string | Buffer, format: Format, says: RegExp][] = [
    ['an empty file', '', 'csv', /empty/],
    ['a file without the required columns', 'a,b\n1,2\n', 'csv', /lacks call_id, campaign_id, started_at, outcome/],
    ['columns separated by semicolons', `${header.replaceAll(',', ';')}\n`, 'csv', /separated by ";"/],
    ['a header that names a column twice', `${header},outcome\n`, 'csv', /outcome more than once/],
    ['UTF-16', Buffer.from(`\ufeff${header}\n`, 'utf16le'), 'csv', /UTF-16/],
    ['lines that end with CR alone', `${header}\ra,1,2026-06-01,busy\r`, 'csv', /CR alone/],
    [
      'a quote that is never closed',
      `${header}\na,1,2026-06-01,busy\n"b,1,2026-06-01,busy\nc,1,2026-06-01,busy\n`,
      'csv',
      /quote that opens on line 3 is never closed, so the 2 lines after it/,
    ],
    ['gzip', Buffer.from('1f8b0800', 'hex'), 'csv', /gzip/],
    ['a JSON array', '[{"call_id":"a"}]', 'ndjson', /JSON array/],
    ['something that is no Parquet', 'PAR0xxxx', 'parquet', /not a Parquet file/],
    ['a truncated Parquet file', 'PAR1\0\0\0\0nothing', 'parquet', /can't be read as parquet/],
  ];
  test.each(files)('says what is wrong with %s', async (_what, content, format, says) => {
    const reading = take(content, { format });
    await expect(reading).rejects.toThrow(says);
    await expect(reading).rejects.toBeInstanceOf(UnreadableFile);
    const [left] = await store.query<{ tables: number }>(
      sql`SELECT count() AS tables FROM system.tables WHERE name LIKE 'staging%'`,
    );
    expect(left).toEqual({ tables: 0 });
  });

  test('refuses text that is not UTF-8, and keeps what can be kept of it', async () => {
    const { first_refused } = await take(
      Buffer.from(
        `${header},disposition_code\na,1,2026-06-01,busy,\xc3(\n\xff\xfe,1,\xc3\xa9,busy,\xc3\xa9 \xef\xbf\xbd\nb,1,2026-06-01,busy,${'\xff'.repeat(2000)}\n`,
        'latin1',
      ),
    );
    expect(first_refused.map(({ faults }) => faults.map(({ field }) => field))).toEqual([
      ['disposition_code'],
      ['call_id', 'started_at'],
      ['disposition_code'],
    ]);
    const common = { campaign_id: '1', outcome: 'busy' };
    expect(first_refused.map(({ row }) => row)).toEqual([
      { ...common, call_id: 'a', started_at: '2026-06-01', disposition_code: '\\xC3(' },
      { ...common, call_id: '\\xFF\\xFE', started_at: '\u00e9', disposition_code: '\u00e9 \ufffd' },
      { ...common, call_id: 'b', started_at: '2026-06-01', disposition_code: '\\xFF'.repeat(1000) },
    ]);
  });

  test('keeps nothing of a line of JSON that is not UTF-8', async () => {
    const row = '{"call_id":"\xff\xfe","campaign_id":1,"started_at":"x","outcome":"busy"}\n';
    const { first_refused } = await take(Buffer.from(row, 'latin1'), { format: 'ndjson' });
    expect(first_refused).toMatchObject([{ faults: [{ field: '(line)', reason: 'is not valid JSON' }], row: {} }]);
  });
});
