import { afterAll, beforeAll, expect, test } from 'vitest';
import { localKey, openSite, openTestStore, reportUrl, type Site } from './app.ts';

let held: Awaited<ReturnType<typeof openTestStore>>;
let site: Site;
let admin: string;

beforeAll(async () => {
  held = await openTestStore();
  site = await openSite(held.store, held.directory);
  admin = await site.token('admin');
}, 60_000);

afterAll(async () => {
  await site.app.close();
  await held.close();
}, 60_000);

const asData = { 'dialtally-faults': 'data' };
const backwards = reportUrl('dashboard', { date_from: '2026-06-02', date_to: '2026-06-01', campaign_id: 0 });

test('faults come as data beside the sentences to whoever asks for them, and to nobody else', async () => {
  const plain = await site.get(backwards, admin);
  const asked = await site.get(backwards, admin, asData);
  expect(plain.statusCode).toBe(422);
  const { faults, ...others } = asked.json();
  expect(JSON.stringify(others)).toBe(plain.body);
  expect(faults).toEqual([
    { id: 'not_whole', field: 'campaign_id', least: 1, most: Number.MAX_SAFE_INTEGER },
    { id: 'not_after', field: 'date_to', other: 'date_from' },
  ]);
  expect((await site.get(backwards, admin, { 'dialtally-faults': 'words' })).body).toBe(plain.body);
});

test('an error of another kind has none', async () => {
  const lost = await site.get('/api/telesales/nothing', admin, asData);
  expect(lost.json()).not.toHaveProperty('faults');
});

test('faults that are too many to be short are told in sentences alone', async () => {
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`mood_${index}`, 1]));
  const answer = await site.app.inject({
    method: 'PUT',
    url: '/api/telesales/settings',
    headers: { authorization: `Bearer ${admin}`, ...asData },
    payload: many,
  });
  expect(answer.statusCode).toBe(422);
  expect(answer.json()).not.toHaveProperty('faults');
  expect(answer.json().errors).toHaveProperty(['(more)']);
});

test('the last line of progress has them as any other answer', async () => {
  const send = async (headers: Record<string, string>) => {
    const answer = await site.app.inject({
      method: 'POST',
      url: '/api/operator/imports',
      headers: { authorization: `Bearer ${localKey}`, ...headers },
      payload: { table: 'calls', format: 'csv', path: '/nowhere.csv' },
    });
    return JSON.parse(answer.body.trim().split('\n').at(-1) ?? '');
  };
  const told = {
    code: 'INVALID_PARAMS',
    status: 422,
    errors: { tenant: ['Name the tenant in the header Dialtally-Tenant: a whole number from 1.'] },
  };
  expect(await send(asData)).toMatchObject({ ...told, faults: [{ id: 'no_tenant', field: 'tenant' }] });
  expect(await send({})).not.toHaveProperty('faults');
  expect(await send({})).toMatchObject(told);
});
