import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settingNames } from '../../src/engine/setting-fields.ts';
import { defaultSettings } from '../../src/engine/settings.ts';
import { dial, localKey, openSite, openTestStore, reportUrl, type Site, talk } from './app.ts';

const now = Date.parse('2026-06-20T00:00:00Z');
const path = '/api/telesales/settings';

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let tenant = 0;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { now: () => now });
}, 60_000);

afterAll(async () => {
  await site.app.close();
  await held.close();
}, 60_000);

/** A tenant of its own for a story, with an admin. */
async function newTenant() {
  tenant += 1;
  return { tenant, admin: await site.token('admin', { tenant }) };
}

async function put(token: string, payload: unknown, headers = {}) {
  const answer = await site.app.inject({
    method: 'PUT',
    url: path,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
  return { status: answer.statusCode, body: answer.json() };
}

const read = async (token: string) => (await site.get(path, token)).json().data;
const changes = async (token: string, query = '') => (await site.get(`${path}/changes${query}`, token)).json().data;

test('an admin reads them, changes a few, and reads what was changed by whom', async () => {
  const { admin } = await newTenant();
  expect(await read(admin)).toEqual(defaultSettings);
  const { status, body } = await put(admin, {
    meaningful_talk_sec: 15,
    health: { min_dials: 25, warn_rejected_pct: 7.5 },
  });
  expect(status).toBe(200);
  const changed = {
    ...defaultSettings,
    meaningful_talk_sec: 15,
    health: { ...defaultSettings.health, min_dials: 25, warn_rejected_pct: 7.5 },
  };
  expect(body).toEqual({ data: changed });
  expect(await read(admin)).toEqual(changed);
  const log = await changes(admin);
  expect(log).toEqual([
    ...[
      ['health.min_dials', 20, 25],
      ['health.warn_rejected_pct', 10, 7.5],
      ['meaningful_talk_sec', 30, 15],
    ].map(([name, old_value, new_value]) => ({
      name,
      old_value,
      new_value,
      token_id: expect.any(Number),
      role: 'admin',
      changed_at: log[0].changed_at,
    })),
  ]);
  expect(await changes(admin, '?limit=1')).toHaveLength(1);
  expect(await changes(admin, '?to=2026-06-19')).toEqual([]);
  expect(await changes(admin, '?from=2026-06-20')).toHaveLength(3);
  expect((await site.get(`${path}/changes?from=x&limit=0`, admin)).json().errors).toEqual({
    from: [expect.any(String)],
    limit: [expect.any(String)],
  });
});

test('the operator does so for any tenant, and leaves no token id', async () => {
  const { tenant: own, admin } = await newTenant();
  expect((await put(localKey, { meaningful_talk_sec: 9 })).status).toBe(422); // no tenant named
  expect((await put(localKey, { meaningful_talk_sec: 9 }, { 'dialtally-tenant': String(own) })).status).toBe(200);
  expect(await read(admin)).toMatchObject({ meaningful_talk_sec: 9 });
  expect(await changes(admin)).toMatchObject([{ token_id: null, role: 'operator' }]);
});

test('nobody else may read or change them', async () => {
  const { tenant: own, admin } = await newTenant();
  const others = [
    await site.token('supervisor', { tenant: own }),
    await site.token('supervisor', { tenant: own, team: 1 }),
    await site.token('agent', { tenant: own, agent: 25 }),
    await site.token('read_only', { tenant: own }),
    await site.token('ingest', { tenant: own }),
  ];
  for (const other of others) {
    expect((await site.get(path, other)).statusCode).toBe(403);
    expect((await site.get(`${path}/changes`, other)).statusCode).toBe(403);
    expect((await put(other, { meaningful_talk_sec: 9 })).status).toBe(403);
  }
  expect((await site.get(path)).statusCode).toBe(401);
  expect(await read(admin)).toEqual(defaultSettings);
});

test('another tenant\u2019s can\u2019t be read or set, whatever the request says', async () => {
  const [one, other] = [await newTenant(), await newTenant()];
  await put(other.admin, { meaningful_talk_sec: 77 });
  const smuggled = await put(one.admin, { meaningful_talk_sec: 11, tenant_id: other.tenant, tenant: other.tenant });
  expect(smuggled.status).toBe(422);
  expect(Object.keys(smuggled.body.errors)).toEqual(['tenant_id', 'tenant']);
  await put(one.admin, { meaningful_talk_sec: 11 }, { 'dialtally-tenant': String(other.tenant) });
  expect(await read(one.admin)).toMatchObject({ meaningful_talk_sec: 11 });
  expect(await read(other.admin)).toMatchObject({ meaningful_talk_sec: 77 });
  expect((await changes(one.admin)).map((change: { new_value: number }) => change.new_value)).toEqual([11]);
  expect((await changes(other.admin)).map((change: { new_value: number }) => change.new_value)).toEqual([77]);
  const asOther = await site.get(`${path}?tenant_id=${other.tenant}`, one.admin, {
    'dialtally-tenant': String(other.tenant),
  });
  expect(asOther.json().data).toMatchObject({ meaningful_talk_sec: 11 });
});

test('every unknown and every bad setting is named at once', async () => {
  const { admin } = await newTenant();
  const { status, body } = await put(admin, {
    meaningful_talk_sec: -1,
    abandon_alert_min_attempts: 0,
    tone: 'loud',
    health: {
      min_dials: 1.5,
      baseline_days: 366,
      baseline_min_dials: null,
      block_below_asr_pct: 100.01,
      block_rejected_pct: 0,
      warn_short_calls_pct: 33.333,
      warn_below_baseline_pct: [80],
      mood: 1,
    },
  });
  expect(status).toBe(422);
  expect(body).toMatchObject({ code: 'INVALID_PARAMS', message: 'The given data was invalid.' });
  expect(body.errors).toEqual({
    meaningful_talk_sec: ['The meaningful talk sec must be a whole number from 0 to 3600.'],
    abandon_alert_min_attempts: ['The abandon alert min attempts must be a whole number from 1 to 1000000.'],
    tone: [expect.stringContaining('There is no such setting. There are meaningful_talk_sec, ')],
    'health.min_dials': ['The health min dials must be a whole number from 1 to 1000000.'],
    'health.baseline_days': ['The health baseline days must be a whole number from 1 to 365.'],
    'health.baseline_min_dials': [expect.any(String)],
    'health.block_below_asr_pct': [
      'The health block below asr pct must be a number with at most 2 decimals from 0 to 100.',
    ],
    'health.block_rejected_pct': [
      'The health block rejected pct must be a number with at most 2 decimals from 0.01 to 100.',
    ],
    'health.warn_short_calls_pct': [expect.any(String)],
    'health.warn_below_baseline_pct': [expect.any(String)],
    'health.mood': [expect.any(String)],
  });
  expect(await read(admin)).toEqual(defaultSettings);
});

test('a warning comes before a block: also of what was set before', async () => {
  const { admin } = await newTenant();
  const faults = async (health: object) => Object.keys((await put(admin, { health })).body.errors ?? {});
  expect(await faults({ warn_rejected_pct: 20.01 })).toEqual(['health.warn_rejected_pct']);
  expect(await faults({ block_rejected_pct: 9.99 })).toEqual(['health.block_rejected_pct']);
  expect(await faults({ warn_below_baseline_pct: 49.99, block_below_baseline_pct: 50 })).toEqual([
    'health.block_below_baseline_pct',
    'health.warn_below_baseline_pct',
  ]);
  expect(await faults({ warn_rejected_pct: 30, block_rejected_pct: 30 })).toEqual([]);
  expect(await faults({ block_rejected_pct: 29 })).toEqual(['health.block_rejected_pct']);
});

test('names with a dot are settings, too; each may be given once', async () => {
  const { admin } = await newTenant();
  expect((await put(admin, { 'health.min_dials': '21' })).status).toBe(200);
  expect(await read(admin)).toMatchObject({ health: { min_dials: 21 } });
  const twice = await put(admin, { 'health.min_dials': 22, health: { min_dials: 23 } });
  expect(twice.body.errors).toEqual({ 'health.min_dials': ['The health min dials may be given only once.'] });
  expect((await put(admin, {})).body.data).toMatchObject({ health: { min_dials: 21 } });
});

test('reports judge by them at once, in every format; another tenant\u2019s by its own', async () => {
  const [one, other] = [await newTenant(), await newTenant()];
  for (const { tenant: own } of [one, other]) {
    await site.ingest(
      'calls',
      [
        ...Array.from({ length: 15 }, () => talk({ cid: '0900', talk_sec: 20 })),
        ...Array.from({ length: 4 }, () => dial({ cid: '0900' })),
      ],
      own,
    );
  }
  const asked = { date_from: '2026-06-01', date_to: '2026-06-10' };
  const health = async (token: string) =>
    (await site.get(reportUrl('caller-id-health', asked), token)).json().data[0] as Record<string, unknown>;
  const csv = async (token: string) => (await site.get(reportUrl('caller-id-health/export', asked), token)).body;
  expect(await health(one.admin)).toMatchObject({ short_calls: 15, health_status: 'no_data' });
  expect(await csv(one.admin)).toContain(',no_data,');
  await put(one.admin, { meaningful_talk_sec: 20, health: { min_dials: 19 } });
  expect(await health(one.admin)).toMatchObject({ short_calls: 0, health_status: 'healthy' });
  expect(await csv(one.admin)).toContain(',healthy,');
  await put(one.admin, { meaningful_talk_sec: 21 });
  expect(await health(one.admin)).toMatchObject({
    health_status: 'warning',
    health_reasons: [{ code: 'short_calls', value: 78.95, limit: 40, sample: 19 }],
  });
  expect(await csv(one.admin)).toContain(',warning,');
  expect(await health(other.admin)).toMatchObject({ short_calls: 15, health_status: 'no_data' });
});

test('any body is answered as the API document says', async () => {
  const { admin } = await newTenant();
  const document = (await site.get('/api/openapi.json')).json();
  const { responses, requestBody } = document.paths[path].put;
  const ajv = new Ajv2020({ strict: false });
  expect(Object.keys(requestBody.content['application/json'].schema.properties)).toEqual(Object.keys(defaultSettings));
  const value = fc.oneof(
    fc.constantFrom<unknown>(0, 1, 20, '30', 50, 99.99, 100, 1e300, -0, '', ' 7 ', '٤٣', null, [], {}, '1e2', true),
    fc.double(),
    fc.string(),
  );
  const names = fc.constantFrom<string>(...settingNames, 'health', 'constructor', 'toString', 'min_dials');
  const bodies = fc.oneof(
    { weight: 3, arbitrary: fc.dictionary(names, value).map((body) => JSON.stringify(body)) },
    {
      weight: 2,
      arbitrary: fc
        .dictionary(fc.constantFrom(...Object.keys(defaultSettings.health), 'x'), value)
        .map((health) => JSON.stringify({ health })),
    },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string() },
    {
      weight: 1,
      arbitrary: fc.constantFrom('{"__proto__":1}', '{"health":{"__proto__":{}}}', 'null', '[]', '"x"', '{'),
    },
  );
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(bodies, async (payload) => {
      const { status, body } = await put(admin, payload);
      statuses.add(status);
      const schema = responses[status]?.content['application/json'].schema;
      expect(schema, `${status} ${payload}`).toBeDefined();
      expect(ajv.validate(schema, body), `${ajv.errorsText()} ${payload}`).toBe(true);
      if (status === 422) expect(Object.keys(body.errors).length).toBeGreaterThan(0);
    }),
    { numRuns: 200, interruptAfterTimeLimit: 5000 },
  );
  for (const status of [200, 400, 422]) expect(statuses).toContain(status);
}, 60_000);
