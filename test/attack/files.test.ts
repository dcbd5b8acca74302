import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Floor, openFloor } from './floor.ts';
import { hangingParquet } from './parquet.ts';

let floor: Floor;
let token: string;

beforeAll(async () => {
  floor = await openFloor({ INGEST_READ_TIMEOUT_MS: '3000', INGEST_MEMORY_MB: '512', RATE_LIMIT: '0' });
  token = await floor.token('ingest');
});
afterAll(() => floor.close());

const parquet = { 'content-type': 'application/vnd.apache.parquet' };

/** What the working tenant must not feel: every dashboard right, few of them slow, and tokens end. */
async function expectUnharmed(attack: () => Promise<unknown>, memoryMb = 2500) {
  const watched = await floor.during(async () => {
    const attacking = attack();
    await floor.revokesTokens();
    await attacking;
  });
  expect(watched.failed).toEqual([]);
  expect(watched.slow, JSON.stringify(watched)).toBeLessThanOrEqual(Math.max(2, watched.attempts / 10));
  expect(watched.mostMemoryMb).toBeLessThan(memoryMb);
  expect(floor.lives()).toBe(true);
}

test('a Parquet file over which the decoder turns for ever is refused, and nobody else feels it', async () => {
  const answers: string[] = [];
  await expectUnharmed(async () => {
    const sent = Array.from({ length: 3 }, () =>
      floor.send(token, '/api/telesales/ingest/teams', hangingParquet, parquet),
    );
    for (const answer of await Promise.all(sent)) answers.push(`${answer.status} ${await answer.text()}`);
  });
  for (const answer of answers) expect(answer).toMatch(/^422 .*longer than 4 s/);
});

test('rows of another tenant go in while a file hangs', async () => {
  const hanging = floor.send(token, '/api/telesales/ingest/teams', hangingParquet, parquet);
  const other = await floor.token('ingest', { tenant: 2 });
  const teams = '{"team_id":1,"name":"One"}';
  const sent = await floor.send(other, '/api/telesales/ingest/teams', teams, {
    'content-type': 'application/x-ndjson',
  });
  expect(await sent.json()).toMatchObject({ data: { taken_in: 1 } });
  expect((await hanging).status).toBe(422);
});

test('a body of millions of bad rows is refused in bounded memory', async () => {
  const rows = gzipSync(Buffer.from('x\n'.repeat(4_000_000)));
  const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
  const statuses: number[] = [];
  await expectUnharmed(async () => {
    const sent = Array.from({ length: 2 }, () => floor.send(token, '/api/telesales/ingest/teams', rows, headers));
    for (const answer of await Promise.all(sent)) {
      statuses.push(answer.status);
      expect((await answer.text()).length).toBeLessThan(20_000);
    }
  });
  for (const status of statuses) expect([413, 422, 429]).toContain(status);
});
