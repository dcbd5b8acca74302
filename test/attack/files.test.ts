import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEngines } from '../engines.ts';
import { type Floor, openFloor } from './floor.ts';
import { hangingParquet } from './parquet.ts';

const parquet = { 'content-type': 'application/vnd.apache.parquet' };
const teams = '/api/telesales/ingest/teams';

describeEngines((engine) => {
  let floor: Floor;
  let token: string;

  beforeAll(async () => {
    floor = await openFloor({
      INGEST_READ_TIMEOUT_MS: '3000',
      INGEST_MEMORY_MB: '512',
      RATE_LIMIT: '0',
      ...engine.env,
    });
    token = await floor.token('ingest');
  });
  afterAll(async () => {
    await floor?.close();
  });

  /** What the working tenant must not feel: every dashboard right, few of them slow, and tokens end. */
  async function expectUnharmed(attack: () => Promise<unknown>, memoryMb = 2500) {
    const watched = await floor.during(async () => {
      const attacking = attack();
      await floor.revokesTokens();
      await attacking;
    });
    expect(watched.failed).toEqual([]);
    expect(watched.slow, JSON.stringify(watched)).toBeLessThanOrEqual(Math.max(3, watched.attempts / 10));
    expect(watched.mostMemoryMb).toBeLessThan(memoryMb);
    expect(floor.lives()).toBe(true);
  }

  test('a Parquet file over which the decoder turns for ever is refused, and nobody else feels it', async () => {
    const answers: string[] = [];
    await expectUnharmed(async () => {
      const sent = Array.from({ length: 3 }, () => floor.send(token, teams, hangingParquet, parquet));
      for (const answer of await Promise.all(sent)) answers.push(`${answer.status} ${await answer.text()}`);
    });
    for (const answer of answers) expect(answer).toMatch(/^422 .*longer than 4 s/);
  });

  test('rows of another tenant go in while a file hangs', async () => {
    const hanging = floor.send(token, teams, hangingParquet, parquet);
    const other = await floor.token('ingest', { tenant: 2 });
    const sent = await floor.send(other, teams, '{"team_id":1,"name":"One"}', {
      'content-type': 'application/x-ndjson',
    });
    expect(await sent.json()).toMatchObject({ data: { taken_in: 1 } });
    expect((await hanging).status).toBe(422);
  });

  test('a body of millions of bad rows is refused in bounded memory', async () => {
    const rows = gzipSync(Buffer.from('x\n'.repeat(4_000_000)));
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
    const answers: string[] = [];
    await expectUnharmed(async () => {
      const sent = Array.from({ length: 2 }, () => floor.send(token, teams, rows, headers));
      for (const answer of await Promise.all(sent)) answers.push(`${answer.status} ${await answer.text()}`);
    });
    for (const answer of answers) {
      expect(answer).toMatch(/^(413|422|429) /);
      expect(answer.length).toBeLessThan(20_000);
    }
  });

  test('campaigns without end are refused, and those that are there stay', async () => {
    const campaigns = Array.from({ length: 20_000 }, (_, n) => `{"campaign_id":${n + 1},"name":"C"}`);
    const headers = { 'content-type': 'application/x-ndjson' };
    const send = async (lines: string[]) => {
      const answer = await floor.send(token, '/api/telesales/ingest/campaigns', lines.join('\n'), headers);
      return `${answer.status} ${await answer.text()}`;
    };
    expect(await send(campaigns.slice(0, 9000))).toMatch(/^200 .*"taken_in":9000/);
    expect(await send(campaigns)).toMatch(/^409 .*TOO_MANY_CAMPAIGNS/);
    expect(await send(campaigns.slice(5000, 10_000))).toMatch(/^200 .*"taken_in":5000/);
    expect(await send(campaigns.slice(9999, 10_001))).toMatch(/^409 /);
  });
});
