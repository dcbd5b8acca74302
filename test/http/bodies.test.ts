import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, openTestStore, type Site } from './app.ts';

// Bodies are read leniently: numbers as texts, one for a list of one. So they are brought to their schemas' types first.
const ajv = new Ajv2020({ strict: false, coerceTypes: 'array' });
addFormats.default(ajv);

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let admin: string;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory, { config: { tokenLimit: 100_000 } });
  admin = await site.token('admin');
}, 60_000);

afterAll(async () => {
  await site.app.close();
  await held.close();
}, 60_000);

const anything = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, 1, 7, -1, 1.5, '', ' 7 ', '007', 'x', [], [1], {}, 2 ** 53, 1e300, '٤٣'),
  fc.constantFrom<unknown>('0d', '90d', 'ftp://example.com', ['a\u0000'], 'x'.repeat(5000), '{', '1e2'),
  fc.string(),
);

/** Routes that take a body, with some good values of each field. */
const routes: [method: 'POST' | 'PUT', url: string, fields: Record<string, unknown[]>][] = [
  [
    'POST',
    '/api/telesales/tokens',
    {
      role: ['admin', 'agent', 'supervisor', ' read_only '],
      team_id: [3, '3'],
      agent_id: [25, '25'],
      expires: ['90d'],
    },
  ],
  [
    'POST',
    '/api/telesales/webhooks',
    { url: ['https://example.com/x'], events: ['abandon.breached', ['abandon.breached', 'abandon.nearing']] },
  ],
  [
    'PUT',
    '/api/telesales/settings',
    { meaningful_talk_sec: [20, '30'], abandon_alert_min_attempts: [50], health: [{ min_dials: 25 }, {}] },
  ],
  [
    'POST',
    '/api/telesales/ids',
    {
      kind: ['campaign', 'lead'],
      names: [['An', 'Binh'], [], [' ']],
      in_any_case: [true, 'true', 0, '0', ' TRUE ', ['1']],
    },
  ],
  [
    'POST',
    '/api/telesales/ids/phone',
    { phone: ['+84 903 000 001', 84903000001], country_code: ['84', 84], dial_prefix: ['0', 9] },
  ],
];

/** The texts that are read as yes or no: those of the two words in any case, and of 1 and 0. */
const flags = new Map(Object.entries({ true: true, '1': true, false: false, '0': false }));

/** A body with what is read as not given left out, and what is read as a flag made one. */
const toGiven = (body: Record<string, unknown>, fields: Record<string, { type?: string }>) =>
  Object.fromEntries(
    Object.entries(body)
      .filter(([, one]) => one !== null && !(typeof one === 'string' && one.trim() === ''))
      .map(([field, one]) => {
        // A list of one is that one.
        const text = [one].flat().join(',').trim().toLowerCase();
        const flag = fields[field]?.type === 'boolean' ? flags.get(text) : undefined;
        return [field, flag ?? (typeof one === 'string' ? one.trim() : one)];
      }),
  );

test.each(routes)('%s %s takes nothing that its schema does not', async (method, url, fields) => {
  const { paths } = (await site.get('/api/openapi.json')).json();
  const { schema } = paths[url][method.toLowerCase()].requestBody.content['application/json'];
  const isFitting = ajv.compile(schema);
  const body = fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([field, good]) => [
        field,
        fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: anything }),
      ]),
    ),
    { requiredKeys: [] },
  );
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(body, async (payload) => {
      const answer = await site.app.inject({ method, url, headers: { authorization: `Bearer ${admin}` }, payload });
      expect(answer.statusCode, answer.body).toBeLessThan(500);
      if (answer.statusCode >= 300) return;
      taken += 1;
      const given = toGiven(structuredClone(payload), schema.properties);
      expect(isFitting(given), `${ajv.errorsText(isFitting.errors)}: ${JSON.stringify(payload)}`).toBe(true);
    }),
    { numRuns: 150, interruptAfterTimeLimit: 4000 },
  );
  expect(taken).toBeGreaterThan(0);
});
