import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../src/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { dial, localKey, openSite, openTestStore, reportUrl, type SentRow, type Site } from './app.ts';

let held: Awaited<ReturnType<typeof openTestStore>>;
let store: Store;
let site: Site;
let tenant = 100;

beforeAll(async () => {
  held = await openTestStore();
  store = held.store;
  site = await openSite(store, held.directory);
});

afterAll(async () => {
  await site.app.close();
  await held.close();
});

interface Sending {
  tenant?: number;
  table?: string;
  query?: string;
  type?: string;
  headers?: Record<string, string>;
  on?: Site;
}

/** Sends a body in, for tenant 1 and calls unless told otherwise. */
function send(payload: string | Buffer, { tenant: to = 1, table = 'calls', query = '', type, headers, on }: Sending) {
  return (on ?? site).app.inject({
    method: 'POST',
    url: `/api/telesales/ingest/${table}${query}`,
    headers: {
      authorization: `Bearer ${localKey}`,
      'dialtally-tenant': String(to),
      'content-type': type ?? 'application/x-ndjson',
      ...headers,
    },
    payload,
  });
}

const lines = (rows: readonly SentRow[]) => rows.map((row) => JSON.stringify(row)).join('\n');

const callIds = async (of: number) =>
  (
    await store.query<{ call_id: string }>(
      sql`SELECT call_id FROM calls FINAL WHERE tenant_id = {t:UInt64} ORDER BY call_id`.bind({ t: of }),
    )
  ).map((row) => row.call_id);

/** Bodies that lie on disk. */
const uploads = () => {
  try {
    return readdirSync(join(held.directory, 'uploads'));
  } catch {
    return [];
  }
};

describe('rows go in', () => {
  const rows = [dial({ call_id: 'a', talk_sec: 1 }), dial({ call_id: 'b "x", [y]', outcome: 'busy' })];
  const csv =
    'call_id,campaign_id,started_at,outcome\na,43,2026-06-02T09:00:00Z,busy\nb,43,2026-06-02T09:00:00Z,busy\n';

  test.each([
    ['NDJSON', lines(rows), 'application/x-ndjson'],
    [
      'NDJSON with CRLF and a byte-order mark',
      `\ufeff${lines(rows).replaceAll('\n', '\r\n')}\r\n`,
      'application/jsonl',
    ],
    ['a JSON array', JSON.stringify(rows), 'application/json'],
    ['a JSON array on many lines', `\ufeff \n${JSON.stringify(rows, null, 2)}\n`, 'application/json; charset=utf-8'],
    ['CSV', csv, 'text/csv'],
    ['CSV with quotes', csv.replace('a,', '"a",'), 'text/csv'],
  ])('as %s, packed or not', async (_what, body, type) => {
    for (const packed of [false, true]) {
      const to = ++tenant;
      const answer = await send(packed ? gzipSync(body) : body, {
        tenant: to,
        type,
        ...(packed && { headers: { 'content-encoding': 'gzip' } }),
      });
      expect(answer.statusCode, answer.body).toBe(200);
      expect(answer.json().data).toMatchObject({ rows_read: 2, taken_in: 2, refused: 0, unknown_columns: [] });
      expect((await callIds(to)).length).toBe(2);
    }
    expect(uploads()).toEqual([]);
  });

  test('a body that is too large for memory goes in from a file, as what it is', async () => {
    const many = Array.from({ length: 60_000 }, (_, n) => dial({ call_id: `many-${n}` }));
    many[59_999] = { ...many[59_999], outcome: 'nobody' };
    const body = JSON.stringify(many);
    expect(body.length).toBeGreaterThan(4 * 1024 ** 2);
    const to = ++tenant;
    const answer = await send(gzipSync(body), {
      tenant: to,
      type: 'application/json',
      headers: { 'content-encoding': 'gzip' },
    });
    expect(answer.json().data).toMatchObject({ file: 'calls.json', rows_read: 60_000, taken_in: 59_999, refused: 1 });
    expect(answer.json().data.first_refused[0].line).toBe(60_000);
    expect((await callIds(to)).length).toBe(59_999);
    expect(uploads()).toEqual([]);
  });

  test('of several requests the later one wins, and of one request the later line', async () => {
    const to = ++tenant;
    const lead = (source: string) => ({ lead_id: 1, campaign_id: 1, source, created_at: '2026-06-01' });
    const source = async () =>
      (
        await store.query<{ source: string }>(
          sql`SELECT toString(source) AS source FROM leads FINAL WHERE tenant_id = {t:UInt64}`.bind({ t: to }),
        )
      ).map((row) => row.source);
    await send(lines([lead('one'), lead('two')]), { tenant: to, table: 'leads' });
    expect(await source()).toEqual(['two']);
    await send('lead_id,campaign_id,source,created_at\n1,1,three,2026-06-01', {
      tenant: to,
      table: 'leads',
      type: 'text/csv',
    });
    expect(await source()).toEqual(['three']);
    await Promise.all(['four', 'five', 'six'].map((name) => send(lines([lead(name)]), { tenant: to, table: 'leads' })));
    expect(await source()).toEqual(['six']);
  });

  test('and are in the next answer of a report', async () => {
    const to = ++tenant;
    for (let n = 1; n <= 5; n++) {
      await send(lines([dial()]), { tenant: to });
      const answer = await site.get(
        reportUrl('dashboard', { date_from: '2026-06-01', date_to: '2026-06-30' }),
        localKey,
        { 'dialtally-tenant': String(to) },
      );
      expect(answer.json().data.total_dials).toBe(n);
    }
  });
});

describe('many at once', () => {
  test('each is told of its own rows, and one bad body hurts no other', async () => {
    const to = ++tenant;
    const good = (name: string) => lines([dial({ call_id: name }), dial({ call_id: `${name}'` })]);
    const sent = await Promise.all([
      send(good('a'), { tenant: to }),
      send('{"call_id":"half', { tenant: to }),
      send(`${lines([dial({ call_id: 'b' })])}\n\n${lines([dial({ call_id: '', colour: 'red' })])}`, { tenant: to }),
      send('', { tenant: to }),
      send(Buffer.from('\ufeff{}', 'utf16le'), { tenant: to }),
      send(lines([dial({ call_id: 'c' }), dial({ call_id: 'd', outcome: 'x' })]), { tenant: to, query: '?strict=1' }),
      send(lines([dial({ call_id: 'e', colour: 'red' })]), { tenant: to, query: '?strict=1' }),
      send(good('f'), { tenant: to, query: '?strict=1' }),
      send(JSON.stringify([dial({ call_id: 'g' }), 7, dial({ call_id: 'h', talk_sec: -1 })]), {
        tenant: to,
        type: 'application/json',
      }),
      send(good('other'), { tenant: to + 5000 }),
    ]);
    expect(sent.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 422, 422, 200, 200, 200, 200, 200]);
    const told = sent.map((answer) => answer.json().data);
    expect(
      told.map((data) => data && [data.rows_read, data.taken_in, data.refused, data.unknown_columns.join()]),
    ).toEqual([
      [2, 2, 0, ''],
      [1, 0, 1, ''],
      [2, 1, 1, 'colour'],
      undefined,
      undefined,
      [2, 0, 1, ''],
      [1, 0, 0, 'colour'],
      [2, 2, 0, ''],
      [3, 1, 2, ''],
      [2, 2, 0, ''],
    ]);
    const refused = told.map((data) =>
      data?.first_refused.map((row: { line: number; faults: { field: string }[] }) => [
        row.line,
        ...row.faults.map(({ field }) => field),
      ]),
    );
    expect(refused).toEqual([
      [],
      [[1, '(line)']],
      [[3, 'call_id']],
      undefined,
      undefined,
      [[2, 'outcome']],
      [],
      [],
      [
        [2, '(line)'],
        [3, 'talk_sec'],
      ],
      [],
    ]);
    expect(told[2].refused_by).toEqual([{ field: 'call_id', reason: 'is required', rows: 1 }]);
    expect(told[5].held_back).toContain('1 rows are bad');
    expect(told[6].held_back).toContain('colour');
    expect(await callIds(to)).toEqual(['a', "a'", 'b', 'f', "f'", 'g']);
    // What was told can be read again, by import.
    const [answer] = await Promise.all([
      site.get(`/api/telesales/ingest/refused?import_id=${told[8].import_id}`, localKey, {
        'dialtally-tenant': String(to),
      }),
    ]);
    expect(answer?.json().data).toEqual(told[8].first_refused);
  });

  test('CSV bodies with the same header share lines, and each counts from its own', async () => {
    const to = ++tenant;
    const header = 'call_id,campaign_id,started_at,outcome,phone';
    const row = (id: string, outcome = 'busy') => `${id},1,2026-06-01,${outcome},0912345678`;
    const sent = await Promise.all(
      [
        `${header}\n${row('a')}\n${row('', 'busy')}\n`,
        `${header}\r\n${row('b')}\r\n\r\n${row('c', 'nobody')}\r\n${row('d')}`,
        `${header}\n"e,1,2026-06-01,busy,\nnever closed\n`,
        `${header}\n${row('f')},too,much\n${row('g')}`,
        `${header}\n${row('h')}\rx\n`,
        `${header}\n`,
        header,
        `${header.replace('phone', 'fax')}\n${row('i')}`,
      ].map((body) => send(body, { tenant: to, type: 'text/csv' })),
    );
    const told = sent.map((answer) => {
      const { data, message } = answer.json();
      if (!data) return message;
      const refusedLines = data.first_refused.map((refused: { line: number }) => refused.line);
      return [data.rows_read, data.taken_in, data.refused, ...refusedLines];
    });
    expect(told.slice(0, 4)).toEqual([
      [2, 1, 1, 3],
      [3, 2, 1, 4],
      expect.stringMatching(/quote that opens on line 2 is never closed/),
      [2, 1, 1, 2],
    ]);
    expect(told.slice(5)).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [1, 1, 0],
    ]);
    expect(sent[0]?.json().data.unknown_columns).toEqual(['phone']);
    expect(sent[7]?.json().data.unknown_columns).toEqual(['fax']);
    expect(JSON.stringify(sent.map(({ body }) => body))).not.toContain('0912345678');
    expect((await callIds(to)).filter((id) => id !== 'h')).toEqual(['a', 'b', 'd', 'g', 'i']);
  });

  test('more than there is room for are a 429 before memory runs out, and the rest is taken in', async () => {
    const small = await openSite(store, held.directory, { config: { ingestWaitingBytes: 20_000 } });
    const to = ++tenant;
    const body = (n: number) => lines([dial({ call_id: `w${n}`, disposition_code: 'x'.repeat(900) })]);
    const sent = await Promise.all(Array.from({ length: 60 }, (_, n) => send(body(n), { tenant: to, on: small })));
    const taken = sent.filter(({ statusCode }) => statusCode === 200);
    const away = sent.filter(({ statusCode }) => statusCode === 429);
    expect(taken.length + away.length).toBe(60);
    expect(taken.length).toBeGreaterThan(0);
    expect(away.length).toBeGreaterThan(0);
    for (const answer of away) {
      expect(answer.json().code).toBe('INGEST_BUSY');
      expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    }
    expect((await callIds(to)).length).toBe(taken.length);
    // What was held is free again.
    expect((await send(body(99), { tenant: to, on: small })).statusCode).toBe(200);
    await small.app.close();
  });
});

describe('an Idempotency-Key', () => {
  const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

  test('answers as the first did, takes nothing in again, and survives a new server', async () => {
    const to = ++tenant;
    const body = lines([
      dial({ call_id: 'a', talk_sec: 1 }),
      dial({ call_id: 'b', talk_sec: -1, phone: '0912345678' }),
    ]);
    const first = await send(body, { tenant: to, ...keyed('one') });
    expect(first.json().data).toMatchObject({ taken_in: 1, refused: 1 });
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    // Corrected meanwhile: a repetition may not bring the old row back.
    await send(lines([dial({ call_id: 'a', talk_sec: 2, outcome: 'answered' })]), { tenant: to });
    const again = await openSite(store, held.directory);
    for (const on of [site, again]) {
      const repeated = await send(body, { tenant: to, on, ...keyed('one') });
      expect(repeated.headers['idempotent-replayed']).toBe('true');
      expect(repeated.json()).toEqual(first.json());
    }
    await again.app.close();
    const talk = sql`SELECT talk_sec FROM calls FINAL WHERE tenant_id = {t:UInt64}`.bind({ t: to });
    expect(await store.query(talk)).toEqual([{ talk_sec: 2 }]);
    const [refused] = await store.query(
      sql`SELECT count() AS rows FROM refused_rows WHERE tenant_id = {t:UInt64}`.bind({ t: to }),
    );
    expect(refused).toEqual({ rows: 1 });
  });

  test('with another body, table, format or strict is a 422, and takes nothing in', async () => {
    const to = ++tenant;
    const body = lines([dial({ call_id: 'a' })]);
    await send(body, { tenant: to, ...keyed('two') });
    const others: [string, Sending][] = [
      [lines([dial({ call_id: 'b' })]), {}],
      [body, { table: 'leads' }],
      [`[${body}]`, { type: 'application/json' }],
      [body, { query: '?strict=1' }],
    ];
    for (const [other, sending] of others) {
      const answer = await send(other, { tenant: to, ...keyed('two'), ...sending });
      expect([answer.statusCode, answer.json().code]).toEqual([422, 'KEY_REUSED']);
    }
    expect(await callIds(to)).toEqual(['a']);
    // The same key of another tenant is another key.
    expect((await send(body, { tenant: to + 5000, ...keyed('two') })).json().data.taken_in).toBe(1);
  });

  test('whose first request still runs is a 409 that says when to come back', async () => {
    const to = ++tenant;
    const body = lines([dial({ call_id: 'a' })]);
    const sent = await Promise.all([1, 2, 3].map(() => send(body, { tenant: to, ...keyed('three') })));
    expect(sent.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409]);
    const early = sent.find(({ statusCode }) => statusCode === 409);
    expect(early?.json().code).toBe('KEY_IN_USE');
    expect(early?.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect((await send(body, { tenant: to, ...keyed('three') })).statusCode).toBe(200);
  });

  test('is free again after a request that took nothing in, and after a day', async () => {
    const to = ++tenant;
    let now = Date.now();
    const later = await openSite(store, held.directory, { now: () => now });
    const broken = await send('[{"call_id":', { tenant: to, type: 'application/json', on: later, ...keyed('four') });
    expect(broken.statusCode).toBe(422);
    for (const id of ['a', 'b']) {
      const mended = await send(lines([dial({ call_id: id })]), { tenant: to, on: later, ...keyed('four') });
      expect(mended.json().data.taken_in).toBe(1);
      now += 24 * 3_600_000;
    }
    await later.app.close();
  });

  test.each(['', 'with space', 'ü', 'x'.repeat(256)])('that reads %j is a 422', async (key) => {
    const answer = await send(lines([dial()]), { tenant: ++tenant, ...keyed(key) });
    expect(answer.statusCode).toBe(422);
    expect(Object.keys(answer.json().errors)).toEqual(['Idempotency-Key']);
  });
});

describe('what can not be read is said, and nothing of it is taken in', () => {
  const header = 'call_id,campaign_id,started_at,outcome';
  const good = lines([dial(), dial()]);
  const gz = { 'content-encoding': 'gzip' };
  const bomb = gzipSync(Buffer.alloc(40 * 1024 ** 2, '{"call_id":"a"}\n'));
  const swollen = gzipSync(Buffer.concat([randomBytes(1024 ** 2), Buffer.alloc(40 * 1024 ** 2, '{}\n')]));
  const cases: [string, string | Buffer, Sending, number, RegExp][] = [
    ['a gzip that breaks off', gzipSync(good).subarray(0, -12), { headers: gz }, 422, /gzip of the body breaks off/],
    [
      'a gzip that is damaged',
      Buffer.concat([gzipSync(good).subarray(0, 12), randomBytes(40)]),
      { headers: gz },
      422,
      /damaged/,
    ],
    ['text that is said to be gzip', good, { headers: gz }, 422, /not gzip at all/],
    ['gzip that is not said to be', gzipSync(good), {}, 422, /Content-Encoding: gzip/],
    ['gzip that is said to be JSON', gzipSync('[]'), { type: 'application/json' }, 422, /Content-Encoding: gzip/],
    ['another packing', good, { headers: { 'content-encoding': 'br' } }, 415, /send gzip, or none/],
    ['a gzip bomb', bomb, { headers: gz }, 413, /more than 250 times its size/],
    ['a gzip that is small as it comes', swollen, { headers: gz }, 413, /at most 30 MB, also unpacked/],
    ['JSON that is no array', '{"data":[]}', { type: 'application/json' }, 422, /JSON array of objects/],
    ['JSON that is empty', ' \n', { type: 'application/json' }, 422, /empty/],
    ['JSON in UTF-16', Buffer.from('\ufeff[]', 'utf16le'), { type: 'application/json' }, 422, /UTF-16/],
    [
      'an array that breaks off in an element',
      JSON.stringify([dial(), dial()]).slice(0, -9),
      { type: 'application/json' },
      422,
      /breaks off in element 2/,
    ],
    [
      'an array that breaks off between elements',
      `[${JSON.stringify(dial())},`,
      { type: 'application/json' },
      422,
      /breaks off in element 2/,
    ],
    [
      'an array with a comma too many',
      `[${JSON.stringify(dial())},]`,
      { type: 'application/json' },
      422,
      /element 2 is missing/,
    ],
    ['an array with more behind it', '[] []', { type: 'application/json' }, 422, /more after its end/],
    ['an array sent as NDJSON', '[{}]', {}, 422, /application\/json/],
    [
      'a line of more than 1 MB',
      `${good}\n{"call_id":"${'x'.repeat(1024 ** 2)}"}\n`,
      {},
      422,
      /Line 3 is longer than 1 MB/,
    ],
    [
      'a quote that swallows megabytes',
      `${header}\n"a,1,2026-06-01,busy\n${'b,1,2026-06-01,busy\n'.repeat(60_000)}`,
      { type: 'text/csv' },
      422,
      /Line 2 is longer than 1 MB. A quote/,
    ],
    [
      'a header of too many columns',
      `${header},${Array.from({ length: 600 }, (_, n) => `c${n}`).join()}\n`,
      { type: 'text/csv' },
      422,
      /604 columns/,
    ],
    [
      'a header without an end',
      `${header},${'x'.repeat(300_000)}\n`,
      { type: 'text/csv' },
      422,
      /first line is longer than 256 KB/,
    ],
    ['NDJSON whose lines end with CR', good.replaceAll('\n', '\r'), {}, 422, /CR alone/],
    [
      'Parquet that breaks off',
      Buffer.concat([Buffer.from('PAR1'), randomBytes(500)]),
      { type: 'application/x-parquet' },
      422,
      /arquet/,
    ],
    [
      'Parquet that says it has fifty rows, and holds none',
      parquetSaying(50),
      { type: 'application/x-parquet' },
      422,
      /other rows than its parts have/,
    ],
  ];

  test.each(cases)('%s', async (_what, body, sending, status, says) => {
    const to = ++tenant;
    const limited = await openSite(store, held.directory, { config: { ingestLimitBytes: 30 * 1024 ** 2 } });
    const answer = await send(body, { ...sending, tenant: to, on: limited });
    await limited.app.close();
    expect([answer.statusCode, answer.json().message]).toEqual([status, expect.stringMatching(says)]);
    expect(await callIds(to)).toEqual([]);
    expect(uploads()).toEqual([]);
  });

  test('a header in the middle is refused by name, in every table', async () => {
    const to = ++tenant;
    const body = 'code,label\nsale,Sale\ncode,label\n"code","label"\ncallback,Call back\n';
    const { data } = (await send(body, { tenant: to, table: 'dispositions', type: 'text/csv' })).json();
    expect(data).toMatchObject({
      rows_read: 4,
      taken_in: 2,
      refused: 2,
      refused_by: [{ field: '(line)', reason: 'is the header once more', rows: 2 }],
    });
    expect(data.first_refused.map(({ line }: { line: number }) => line)).toEqual([3, 4]);
  });

  test('dates in other forms than ISO 8601 are refused by field and line', async () => {
    const dates = [
      '2026-06-01T09:00:00+07:00',
      '2026-06-01',
      '01/06/2026',
      '2026年6月1日',
      'Jun 1, 2026',
      '1780300800',
    ];
    const { data } = (await send(lines(dates.map((started_at) => dial({ started_at }))), { tenant: ++tenant })).json();
    expect(data).toMatchObject({ taken_in: 2, refused: 4 });
    expect(
      data.first_refused.map((row: { line: number; faults: { field: string }[] }) => [row.line, row.faults[0]?.field]),
    ).toEqual([3, 4, 5, 6].map((line) => [line, 'started_at']));
  });

  test('Latin-1 is refused where it is', async () => {
    const body = Buffer.from(`{"code":"caf\xe9","label":"x"}\n{"code":"ok","label":"y"}\n`, 'latin1');
    const { data } = (await send(body, { tenant: ++tenant, table: 'dispositions' })).json();
    expect(data).toMatchObject({ taken_in: 1, refused: 1 });
    expect(data.first_refused[0]).toMatchObject({ line: 1 });
  });
});

describe('over a real connection', () => {
  let address: string;
  let served: Site;

  beforeAll(async () => {
    served = await openSite(store, held.directory, { config: { ingestLimitBytes: 1024 ** 2 } });
    address = await served.app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => served.app.close());

  const post = (to: number, headers: Record<string, string> = {}) =>
    httpRequest(`${address}/api/telesales/ingest/calls`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${localKey}`,
        'dialtally-tenant': String(to),
        'content-type': 'application/x-ndjson',
        ...headers,
      },
    });

  test('a client that sends too much hears why', async () => {
    const sending = post(++tenant);
    const answered = new Promise<number | undefined>((resolve, reject) => {
      sending.once('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sending.once('error', reject);
    });
    const piece = `${JSON.stringify(dial())}\n`.repeat(1000);
    for (let n = 0; n < 100; n++) sending.write(piece);
    sending.end();
    expect(await answered).toBe(413);
  });

  test('a packed body that comes in many pieces is unpacked as a whole', async () => {
    const to = ++tenant;
    const rows = Array.from({ length: 5000 }, () => dial({ call_id: randomBytes(12).toString('base64') }));
    const packed = gzipSync(lines(rows));
    const sending = post(to, { 'content-encoding': 'gzip' });
    const answered = new Promise<string>((resolve, reject) => {
      sending.once('response', (response) => resolve(text(response)));
      sending.once('error', reject);
    });
    for (let at = 0; at < packed.length; at += 5000) {
      sending.write(packed.subarray(at, at + 5000));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    sending.end();
    expect(JSON.parse(await answered)).toMatchObject({ data: { rows_read: 5000, taken_in: 5000 } });
  });

  test('a client that leaves in the middle has sent nothing', async () => {
    const to = ++tenant;
    for (const headers of [{ 'content-length': '5000' }, {}] as Record<string, string>[]) {
      const sending = post(to, headers);
      sending.once('error', () => {});
      sending.write(`${JSON.stringify(dial())}\n`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      sending.destroy();
    }
    // The server still answers, and holds no place for who left.
    const sending = post(to);
    sending.end(JSON.stringify(dial({ call_id: 'after' })));
    await new Promise((resolve) => sending.once('response', (response) => resolve(response.resume())));
    expect(await callIds(to)).toEqual(['after']);
    expect(uploads()).toEqual([]);
  });
});

/** A Parquet file of one column without any row, which says that it has some (up to 63). */
function parquetSaying(rows: number): Buffer {
  // Thrift's compact form: whole numbers are doubled, and a field's head is its distance from the one before and its type.
  const footer = Buffer.concat([
    Buffer.from([0x15, 2, 0x19, 0x2c]),
    Buffer.from('\x48\x04root\x15\x02\x00', 'latin1'),
    Buffer.from('\x15\x0c\x25\x02\x18\x07call_id\x00', 'latin1'),
    Buffer.from([0x16, rows * 2, 0x19, 0x0c, 0]),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from('PAR1'), footer, length, Buffer.from('PAR1')]);
}
