import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Floor, openFloor, unheard } from './floor.ts';
import { askDeaf, type DeafClient } from './sockets.ts';

const agents = 99_000;
const june = 'date_from=2026-06-01&date_to=2026-06-07';
const report = `/api/telesales/reports/agent-performance`;
const lists = [
  `${report}?${june}`,
  `${report}?${june}&format=csv`,
  '/api/telesales/agents',
  '/api/telesales/ingest/refused?limit=10000',
];

let floor: Floor;
let admin: string;

beforeAll(async () => {
  floor = await openFloor({ RATE_LIMIT: '0' });
  admin = await floor.token('admin');
  const head = 'call_id,campaign_id,agent_id,started_at,outcome,talk_sec\n';
  const good = Array.from({ length: agents }, (_, n) => `a${n},1,${n + 1},2026-06-02T09:00:00Z,answered,60`);
  const bad = Array.from({ length: 20_000 }, (_, n) => `${'x'.repeat(900)}${n},1,${n + 1},never,answered,60`);
  const body = `${head}${[...good, ...bad].join('\n')}\n`;
  const sent = await floor.send(admin, '/api/telesales/ingest/calls', body, { 'content-type': 'text/csv' });
  expect(((await sent.json()) as { data: object }).data).toMatchObject({ taken_in: agents, refused: bad.length });
});
afterAll(() => floor.close());

const ask = (path: string) => fetch(floor.url + path, { headers: { authorization: `Bearer ${admin}` } });

test('long lists are whole, as they come', async () => {
  const { data } = (await (await ask(lists[0]!)).json()) as { data: { agent_id: number; dials: number }[] };
  expect(new Set(data.map(({ agent_id }) => agent_id)).size).toBe(agents);
  expect(data.every(({ dials }) => dials === 1)).toBe(true);
  const csv = await (await ask(lists[1]!)).text();
  expect(csv.split('\r\n')).toHaveLength(agents + 2);
  const listed = (await (await ask(lists[2]!)).json()) as { data: { name: string }[] };
  expect(listed.data).toHaveLength(agents);
  const refused = (await (await ask(lists[3]!)).json()) as { data: { line: number }[] };
  expect(refused.data.map(({ line }) => line)).toEqual(Array.from({ length: 10_000 }, (_, n) => agents + 2 + n));
});

test('answers that nobody reads hold little memory, however many', async () => {
  const deaf: DeafClient[] = [];
  const before = floor.memoryMb();
  const watched = await floor.during(async () => {
    for (let n = 0; n < 40; n++) deaf.push(await askDeaf(floor.url, lists[n % lists.length]!, admin));
    // When they are made, the tenant's next question finds a place, though nobody has read any.
    while ((await ask(`/api/telesales/reports/dashboard?${june}`)).status !== 200);
  });
  expect(watched.failed).toEqual([]);
  expect(watched.slow).toBeLessThanOrEqual(watched.attempts / 4);
  expect(watched.mostMemoryMb - before).toBeLessThan(500);
  for (const client of deaf) client.leave();
});

test('large Excel files hold nobody up', async () => {
  const watched = await floor.during(async () => {
    const files = await Promise.all(
      Array.from({ length: 2 }, async () => {
        const answer = await ask(`${report}/export?${june}&format=xlsx`);
        expect(answer.status).toBe(200);
        return Buffer.from(await answer.arrayBuffer());
      }),
    );
    for (const file of files) expect(file.subarray(0, 2).toString()).toBe('PK');
  });
  expect(watched.failed).toEqual([]);
  expect(watched.slow).toBeLessThanOrEqual(watched.attempts / 4);
  expect(floor.lives()).toBe(true);
  expect(unheard(floor)).toEqual([]);
});
