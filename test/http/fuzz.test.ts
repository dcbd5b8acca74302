import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reports } from '../../src/reports/index.ts';
import { type TableName, tableNames, tables } from '../../src/tables.ts';
import { dial, openSite, openTestStore, type Site, talk } from './app.ts';

interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Schema {
  type?: string;
  enum?: readonly string[];
  minimum?: number;
  maximum?: number;
  pattern?: string;
  format?: string;
  examples?: readonly string[];
}
type Document = { paths: Record<string, Record<string, Operation>> };

const reportsPath = '/api/telesales/reports';
const reportPaths = reports.map(({ name }) => `${reportsPath}/${name}`);
const now = Date.parse('2026-07-01T12:00:00Z');

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let document: Document;
let tokens: string[];
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => now });
  document = (await site.get('/api/openapi.json')).json();
  tokens = [
    await site.token('admin'),
    await site.token('supervisor', { team: 1 }),
    await site.token('agent', { agent: 25 }),
    await site.token('read_only'),
    await site.token('ingest'),
  ];
  await site.ingest('campaigns', [{ campaign_id: 43, name: 'Ngày mới "ưu đãi"' }]);
  await site.ingest('leads', [{ lead_id: 1, campaign_id: 43, created_at: '2026-06-01T00:00:00Z' }]);
  await site.ingest('calls', [
    talk({ agent_id: 25, cid: '0900', lead_id: 1, disposition_code: 'sale', team_id: 1 }),
    dial({ agent_id: 26, cid: '0900', outcome: 'abandoned' }),
    dial({ outcome: 'blocked', block_reason: 'pdpl', started_at: '2026-03-08T07:30:00Z' }),
  ]);
}, 60_000);

afterAll(async () => {
  await site.app.close();
  await held.close();
}, 60_000);

// ---------------------------------------------------------------------------------------------------------------
// What an answer must be, whatever was asked

async function inTime(asking: Promise<LightMyRequestResponse>): Promise<LightMyRequestResponse> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer within 20 seconds')), 20_000);
  });
  return Promise.race([asking, late]).finally(() => clearTimeout(timer));
}

const validators = new Map<object, ReturnType<typeof ajv.compile>>();

/** An answer that the API document declares for this operation, with a body that fits. */
function expectDeclared(answer: LightMyRequestResponse, operation: Operation): void {
  const about = `${answer.statusCode}: ${answer.body.slice(0, 300)}`;
  expect(answer.statusCode, about).toBeLessThan(500);
  const declared = operation.responses[answer.statusCode]?.content;
  expect(declared, `is not declared: ${about}`).toBeDefined();
  const type = String(answer.headers['content-type']).split(';')[0] ?? '';
  const schema = declared?.[type]?.schema;
  expect(schema, `${type} is not declared: ${about}`).toBeDefined();
  if (type !== 'application/json' || !schema) return;
  const validate = validators.get(schema) ?? ajv.compile(schema);
  validators.set(schema, validate);
  const body = answer.json();
  expect(validate(body), `${ajv.errorsText(validate.errors)} in ${about}`).toBe(true);
  if (answer.statusCode === 422) expect(Object.keys(body.errors ?? {}).length, about).toBeGreaterThan(0);
}

/** An error of the one shape, declared or not: what no operation is asked. */
function expectRefusal(answer: LightMyRequestResponse): void {
  const about = `${answer.statusCode}: ${answer.body.slice(0, 300)}`;
  expect(answer.statusCode, about).toBeGreaterThanOrEqual(400);
  expect(answer.statusCode, about).toBeLessThan(500);
  expect(answer.json(), about).toMatchObject({ message: expect.any(String), code: expect.stringMatching(/^[A-Z_]+$/) });
}

// ---------------------------------------------------------------------------------------------------------------
// What is asked

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 10 }),
);

const hostile = fc.constantFrom(
  '\u0000',
  'a\u0000b',
  '\\',
  "\\'",
  "'",
  '"; DROP TABLE calls; --',
  "' OR 1=1 --",
  '{tenant:UInt64}',
  '${7*7}',
  '\u202e\ufeff',
  'x'.repeat(20_000),
  '1,'.repeat(3000),
  '[]',
  '{}',
  'null',
  'undefined',
  'NaN',
  '-0',
  '0',
  '00043',
  '+43',
  '1e309',
  '9007199254740991',
  '9007199254740992',
  '18446744073709551615',
  '18446744073709551616',
  '-9223372036854775808',
  '٤٣',
  '４３',
);

const dates = fc.oneof(
  fc.constantFrom(
    '1970-12-31',
    '1971-01-01',
    '1971-01-01T00:00:00Z',
    '1970-12-31T23:59:59.999Z',
    '2105-12-31',
    '2105-12-31T23:59:59.999Z',
    '2106-01-01',
    '0000-00-00',
    '9999-12-31T23:59:59.999999999Z',
    '-000001-01-01',
    '+275760-09-13',
    '2026-02-29',
    '2026-06-01T00:00:00-23:59',
    '2026-06-01T00:00:00+23:59',
    '2026-06-01 00:00:00 07:00',
    '2026-06-01T00:00',
    '2026-03-08',
    '2026-06-01',
    '2026-06-02',
    '2026-06-10',
    '2026-08-30',
  ),
  fc
    .date({ min: new Date('1960-01-01T00:00:00Z'), max: new Date('2110-01-01T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString()),
);

const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'utc', 'GMT+7', 'EST5EDT', 'posixrules', '../UTC');

/** Values that a parameter of this schema takes. */
function valid(name: string, schema: Schema): fc.Arbitrary<string> {
  if (/date_from/.test(name)) return fc.constantFrom('2026-06-01', '2026-05-30T10:00:00+07:00');
  if (/date_to/.test(name)) return fc.constantFrom('2026-06-10', '2026-06-30T00:00:00Z');
  if (name === 'timezone') return zones;
  if (name === 'campaign_id') return fc.constantFrom('43', '43', '43', '44');
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.type === 'boolean') return fc.constantFrom('true', '0');
  if (schema.type === 'array') return fc.constantFrom('25', '25,26');
  if (schema.type === 'integer') {
    const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema;
    return fc
      .oneof(fc.constantFrom(minimum, maximum), fc.integer({ min: minimum, max: Math.min(maximum, 30) }))
      .map(String);
  }
  if (schema.format === 'uuid') return fc.uuid();
  // A word, or an instant: the document says the same of both.
  return fc.oneof(fc.constantFrom('2026-06-30T00:00:00Z', '2026-06-05'), text);
}

const garbage = fc.oneof(text, hostile, dates, zones, fc.bigInt().map(String), fc.double().map(String));

/** Percent-encoded; half a surrogate pair, which has no encoding, becomes U+FFFD. */
const encode = (raw: string) => encodeURIComponent(Buffer.from(raw).toString());

/** A pair of a query string: encoded, and sometimes as no encoder would write it. */
function pair(name: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return value.map((raw) => `${encode(name)}=${encode(raw)}`);
}

const oddNames = (name: string) =>
  fc.constantFrom(
    `${name}[]`,
    `${name}[0]`,
    `${name}[][]`,
    `${name}[a][b]`,
    `${name}[`,
    name.toUpperCase(),
    ` ${name}`,
  );

const rawPairs = fc.constantFrom(
  '%',
  '%zz=%zz',
  '%E0%A4%A=1',
  'date_from=%',
  'date_to=%ff%fe',
  'timezone=%00',
  'campaign_id=%2',
  '&&&',
  '=',
  '=x',
  ';',
  '?',
  '+=+',
  '__proto__=1',
  '__proto__[campaign_id]=43',
  'constructor[prototype][x]=1',
  'hasOwnProperty=1',
  'toString=1',
  `${'a'.repeat(5000)}=${'b'.repeat(5000)}`,
  'agent_ids=1&'.repeat(500),
);

/** Query strings for an operation: some as documented, most spoiled in one place or in many. */
function queries({ parameters = [] }: Operation): fc.Arbitrary<string> {
  const given = parameters.filter((parameter) => parameter.in === 'query');
  const proper = given.map(({ name, schema, required }) => {
    const filled = pair(name, valid(name, schema));
    return required ? filled : fc.option(filled, { nil: '', freq: 2 });
  });
  const spoiled = given.map(({ name, schema }) =>
    fc.oneof(
      { weight: 4, arbitrary: pair(name, valid(name, schema)) },
      { weight: 2, arbitrary: pair(name, garbage) },
      { weight: 1, arbitrary: fc.tuple(pair(name, garbage), pair(name, garbage)).map((both) => both.join('&')) },
      {
        weight: 1,
        arbitrary: fc.tuple(oddNames(name), garbage).chain(([odd, value]) => pair(odd, fc.constant(value))),
      },
      { weight: 1, arbitrary: fc.constant('') },
    ),
  );
  const extra = fc.array(
    fc.oneof(
      rawPairs,
      text.chain((name) => pair(name, garbage)),
    ),
    { maxLength: 3 },
  );
  const joined = (parts: fc.Arbitrary<string>[]) =>
    fc.tuple(fc.tuple(...parts), extra).map(([own, more]) => [...own, ...more].filter(Boolean).join('&'));
  const oneBad =
    given.length === 0
      ? fc.constant('')
      : fc.tuple(fc.nat(given.length - 1), fc.tuple(...proper), garbage).chain(([index, pairs, bad]) =>
          pair(given[index]?.name ?? '', fc.constant(bad)).map((spoiledPair) =>
            pairs
              .map((kept, at) => (at === index ? spoiledPair : kept))
              .filter(Boolean)
              .join('&'),
          ),
        );
  return fc.oneof(
    fc.tuple(...proper).map((pairs) => pairs.filter(Boolean).join('&')),
    oneBad,
    joined(spoiled),
  );
}

// ---------------------------------------------------------------------------------------------------------------
// Data in comes first, so that the reports have to do with whatever got in

describe('garbage in', () => {
  const value = fc.oneof(
    text,
    hostile,
    dates,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom<unknown>([], {}, [[1]], { a: 1 }, 1e308, -1, 0),
  );
  const properly: Record<string, fc.Arbitrary<unknown>> = {
    id: fc.constantFrom(1, 25, 43, Number.MAX_SAFE_INTEGER, '7'),
    text: fc.oneof(text, fc.constantFrom('sale', '0900', ' ưu đãi ')),
    instant: fc.constantFrom(
      '2026-06-02T09:00:00Z',
      '2026-06-03 09:00',
      '2026-06-04T09:00:00.123456+07:00',
      '2026-06-05',
    ),
    seconds: fc.constantFrom(0, 30, 31, 86_400, '12'),
    flag: fc.constantFrom(true, false, 1, 0, 'TRUE'),
    color: fc.constantFrom('#10B981', '#abcdef'),
    percent: fc.constantFrom(0, 3, '2.5', '99.999999'),
    count: fc.constantFrom(1, 60, 1_000_000),
  };
  const rowOf = (table: TableName) =>
    fc.tuple(
      ...Object.entries(
        tables[table].columns as Record<string, { kind: string; required?: true; choices?: readonly string[] }>,
      ).map(([column, { kind, required, choices }]) =>
        fc
          .oneof(
            { weight: required ? 0 : 40, arbitrary: fc.constant(undefined) },
            { weight: 40, arbitrary: choices ? fc.constantFrom(...choices) : (properly[kind] ?? text) },
            { weight: 1, arbitrary: value },
          )
          .map((one) => [column, one] as const),
      ),
    );
  const rows = (table: TableName) =>
    fc.array(
      rowOf(table).map((cells) => JSON.stringify(Object.fromEntries(cells))),
      { minLength: 1, maxLength: 30 },
    );
  const send = (path: string, type: string, payload: string | Buffer, query = '') =>
    inTime(
      site.app.inject({
        method: 'POST',
        url: `${path}${query}`,
        headers: { authorization: `Bearer ${tokens[0]}`, 'content-type': type },
        payload,
      }),
    );

  test.each(tableNames)(
    'rows of %s are taken in or refused by name, and add up',
    async (table) => {
      const path = `/api/telesales/ingest/${table}`;
      let takenIn = 0;
      await fc.assert(
        fc.asyncProperty(rows(table), async (lines) => {
          const answer = await send(path, 'application/x-ndjson', lines.join('\n'));
          expectDeclared(answer, document.paths[path]?.post as Operation);
          const { data } = answer.json();
          expect(data.rows_read).toBe(lines.length);
          expect(data.taken_in + data.refused).toBe(lines.length);
          takenIn += data.taken_in;
        }),
        { numRuns: 12 },
      );
      expect(takenIn).toBeGreaterThan(0);
    },
    120_000,
  );

  test('bodies of any bytes, type and query are answered', async () => {
    const types = fc.constantFrom(
      'text/csv',
      'application/x-ndjson',
      'application/vnd.apache.parquet',
      'application/json',
      'text/plain',
      'multipart/form-data',
      '*/*',
      '',
      'text/csv; charset=utf-16',
      'garbage',
    );
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      text.map((raw) => Buffer.from(raw)),
      text.map((raw) => Buffer.from(`call_id,campaign_id,started_at,outcome\n${raw},43,2026-06-02,answered\n`)),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.concat([Buffer.from('PAR1'), bytes, Buffer.from('PAR1')])),
      fc.json().map((raw) => Buffer.from(raw)),
    );
    const path = '/api/telesales/ingest/calls';
    const operation = document.paths[path]?.post as Operation;
    await fc.assert(
      fc.asyncProperty(types, bodies, queries(operation), async (type, body, query) => {
        expectDeclared(await send(path, type, body, query && `?${query}`), operation);
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});

// ---------------------------------------------------------------------------------------------------------------
// Questions

async function askAnything(path: string, { runs, timeMs }: { runs: number; timeMs: number }) {
  const operation = document.paths[path]?.get as Operation;
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(
      queries(operation),
      fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(tokens.length - 1) }),
      async (query, who) => {
        const answer = await inTime(
          site.app.inject({
            url: `${path}${query && `?${query}`}`,
            headers: { authorization: `Bearer ${tokens[who]}` },
          }),
        );
        expectDeclared(answer, operation);
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
      },
    ),
    { numRuns: runs, interruptAfterTimeLimit: timeMs },
  );
  return statuses;
}

test.each(reportPaths)(
  'GET %s: any query gets an answer that the API document declares',
  async (path) => {
    const statuses = await askAnything(path, { runs: 300, timeMs: 15_000 });
    // Both sides of the fence were tried.
    expect(statuses.get(200)).toBeGreaterThan(0);
    expect(statuses.get(422)).toBeGreaterThan(0);
  },
  60_000,
);

test('every other GET of the API document does so too', async () => {
  // A stream that was asked for well does not end.
  const isStream = (path: string) =>
    document.paths[path]?.get?.responses?.[200]?.content?.['text/event-stream'] !== undefined;
  const others = Object.keys(document.paths).filter(
    (path) => document.paths[path]?.get && !reportPaths.includes(path) && !isStream(path),
  );
  expect(others.length).toBeGreaterThan(10);
  for (const path of others) await askAnything(path, { runs: 25, timeMs: 10_000 });
}, 120_000);

describe('POST with any body', () => {
  const bodies = (fields: readonly string[]) =>
    fc.oneof(
      fc.json().map((raw) => ({ raw, type: 'application/json' })),
      fc
        .dictionary(
          fc.constantFrom(...fields, 'tenant_id', 'toString', '__proto__', 'constructor'),
          fc.anything({ maxDepth: 2 }),
        )
        .map((object) => ({
          raw: JSON.stringify(object, (_, value) => (typeof value === 'bigint' ? String(value) : value)) ?? '',
          type: 'application/json',
        })),
      fc
        .tuple(text, fc.constantFrom('application/json', 'text/plain', 'text/xml', 'application/x-www-form-urlencoded'))
        .map(([raw, type]) => ({ raw, type })),
      fc
        .constantFrom(
          '{"role":{"toString":null}}',
          '{"lead":{"toString":1,"valueOf":2}}',
          `{"role":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
          `{"lead":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
          '{"__proto__":{"role":"admin"}}',
          '{"role":"admin","role":"operator"}',
          '{"role":["admin","admin"]}',
          '{"role":"agent","agent_id":1e400}',
          '{"role":"read_only","expires":"99999d"}',
          '\ufeff{}',
          'null',
          '[]',
          '"x"',
          '{',
          '',
        )
        .map((raw) => ({ raw, type: 'application/json' })),
    );
  const post = (url: string, { raw, type }: { raw: string; type: string }) =>
    inTime(
      site.app.inject({
        method: 'POST',
        url,
        headers: { authorization: `Bearer ${tokens[0]}`, 'content-type': type },
        payload: raw,
      }),
    );

  test('tokens', async () => {
    const path = '/api/telesales/tokens';
    const operation = document.paths[path]?.post as Operation;
    await fc.assert(
      fc.asyncProperty(bodies(['role', 'team_id', 'agent_id', 'expires']), async (body) => {
        expectDeclared(await post(path, body), operation);
      }),
      { numRuns: 300, interruptAfterTimeLimit: 15_000 },
    );
  }, 60_000);

  test.each([
    ['/api/telesales/purge', '{"lead":[1]}', 'lead'],
    ['/api/telesales/purge', '{"lead":{"id":1}}', 'lead'],
    ['/api/telesales/purge', '{"table":["calls"],"from":"2026-06-01","to":"2026-06-02"}', 'table'],
    ['/api/telesales/tokens', '{"role":["admin"]}', 'role'],
    ['/api/telesales/tokens', '{"role":"agent","agent_id":[[5]]}', 'agent_id'],
    ['/api/telesales/ids/phone', '{"phone":{}}', 'phone'],
    ['/api/telesales/webhooks', '{"url":["https://example.com/"]}', 'url'],
    ['/api/telesales/webhooks', '{"url":"https://example.com/","events":[["breach"]]}', 'events'],
    ['/api/telesales/tokens', '["role"]', 'body'],
    ['/api/telesales/tokens', '"role"', 'body'],
  ])('%s takes one value for one value: %s', async (path, raw, field) => {
    const answer = await post(path, { raw, type: 'application/json' });
    expect(answer.statusCode).toBe(422);
    expect(Object.keys(answer.json().errors)).toContain(field);
  });

  test('a purge that nobody can have meant', async () => {
    const isMeant = (raw: string) => /"lead":"?\s*\d/.test(raw);
    await fc.assert(
      fc.asyncProperty(
        bodies(['table', 'from', 'to', 'campaign', 'lead']).filter(({ raw }) => !isMeant(raw)),
        async (body) => expectRefusal(await post('/api/telesales/purge', body)),
      ),
      { numRuns: 300, interruptAfterTimeLimit: 15_000 },
    );
  }, 60_000);
});

test('paths, methods and headers of any kind are refused in the one shape, or answered', async () => {
  const methods = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS');
  const part = fc.oneof(
    text.map((raw) => encode(raw)),
    fc.constantFrom(
      '%',
      '%00',
      '%2e%2e',
      '..',
      '%zz',
      '%E0%A4%A',
      '',
      '.',
      'export',
      'dashboard',
      'tokens',
      'x'.repeat(3000),
    ),
  );
  const paths = fc.oneof(
    fc.array(part, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
    fc.array(part, { maxLength: 3 }).map((parts) => `${reportsPath}/${parts.join('/')}`),
    fc.constantFrom(...reportPaths, '/api/telesales/me', '/api/telesales/tokens/1e3', '/api/telesales/tokens/-1'),
  );
  const headers = fc.dictionary(
    fc.constantFrom(
      'authorization',
      'accept',
      'accept-encoding',
      'content-type',
      'content-encoding',
      'content-length',
      'dialtally-tenant',
      'x-forwarded-for',
      'x-http-method-override',
      'range',
      'if-none-match',
      'host',
      'expect',
      'accept-version',
    ),
    fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom('*', '0', '-1', 'gzip', 'br, *;q=0', 'identity;q=0', 'application/xml', 'bytes=0-5', 'Bearer '),
    ),
  );
  await fc.assert(
    fc.asyncProperty(methods, paths, headers, fc.boolean(), async (method, url, sent, known) => {
      const answer = await inTime(
        site.app.inject({
          method,
          url,
          headers: { ...sent, ...(known && { authorization: `Bearer ${tokens[3]}` }) },
        }),
      );
      expect(answer.statusCode, `${answer.statusCode}: ${answer.body.slice(0, 300)}`).toBeLessThan(500);
      if (answer.statusCode >= 400 && method !== 'HEAD') expectRefusal(answer);
    }),
    { numRuns: 400, interruptAfterTimeLimit: 15_000 },
  );
}, 60_000);
