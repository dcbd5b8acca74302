import { afterAll, beforeAll, expect, test } from 'vitest';
import { attacker, type Floor, openFloor, worker } from './floor.ts';

let floor: Floor;
beforeAll(async () => {
  floor = await openFloor({ TOKEN_LIMIT: '50', RATE_LIMIT: '0' });
});
afterAll(() => floor.close());

const make = (tenant: number, json: object = { role: 'read_only' }) =>
  floor.asOperator('/api/telesales/tokens', { method: 'POST', tenant, json });
const end = (id: number) => floor.asOperator(`/api/telesales/tokens/${id}`, { method: 'DELETE' });
interface Made {
  data: { token_id: number; token: string };
}

test('a tenant makes tokens until it has enough, and another tenant makes its own', async () => {
  const watched = await floor.during(async () => {
    const statuses: number[] = [];
    for (let tokens = 0; tokens < 60; tokens++) statuses.push((await make(attacker)).status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(50);
    const refused = await make(attacker);
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([409, 'TOO_MANY_TOKENS']);
    expect((await make(worker)).status).toBe(201);
    await floor.revokesTokens();
  });
  expect(watched.failed).toEqual([]);
});

test('tokens that are made and ended, over and over, are held nowhere, and leave room for new ones', async () => {
  const listed = async () =>
    (await (await floor.asOperator('/api/telesales/tokens')).json()) as { data: Made['data'][] };
  const { data } = await listed();
  await end(data[0]?.token_id ?? 0);
  const cycle = async (times: number) => {
    for (let time = 0; time < times; time++) {
      const { data: made } = (await (await make(attacker)).json()) as Made;
      expect((await end(made.token_id)).status).toBe(200);
    }
  };
  await cycle(20);
  const before = floor.memoryMb();
  await cycle(150);
  expect(floor.memoryMb() - before).toBeLessThan(150);
  const limited = await floor.asOperator('/api/telesales/tokens?limit=60');
  expect(((await limited.json()) as { data: unknown[] }).data).toHaveLength(60);
  await floor.revokesTokens();
});
