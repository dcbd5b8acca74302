import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEngines } from '../engines.ts';
import { attacker, type Floor, openFloor, unheard, type Watched } from './floor.ts';
import { askDeaf, type DeafClient } from './sockets.ts';

const agents = 200_000;
const june = 'date_from=2026-06-01&date_to=2026-06-07';
const reports = '/api/telesales/reports';
const csv = `${reports}/agent-performance/export?${june}&format=csv`;
const json = `${reports}/agent-performance?${june}`;

/** The calls of so many agents, one each. */
function callsOf(count: number): string {
  const rows = Array.from({ length: count }, (_, n) => `a${n},1,${n + 1},2026-06-02T09:00:00Z,answered,60`);
  return `call_id,campaign_id,agent_id,started_at,outcome,talk_sec\n${rows.join('\n')}\n`;
}

/** Every dashboard was right, and no more than half of them slow: machines that run tests have little to share. */
function expectCalm({ failed, slow, attempts }: Watched): void {
  expect(failed).toEqual([]);
  expect(slow).toBeLessThanOrEqual(attempts / 2);
}

describeEngines((engine) => {
  let floor: Floor;
  let admin: string;

  beforeAll(async () => {
    floor = await openFloor({
      RATE_LIMIT: '0',
      QUERY_WAIT_MS: '2000',
      ANSWER_STALLED_SEC: '4',
      ...engine.env,
    });
    admin = await floor.token('admin');
    const sent = await floor.send(admin, '/api/telesales/ingest/calls', callsOf(agents), {
      'content-type': 'text/csv',
    });
    expect(sent.status).toBe(200);
  });
  afterAll(async () => {
    await floor?.close();
  });

  const ask = (path: string, signal?: AbortSignal) =>
    fetch(floor.url + path, { headers: { authorization: `Bearer ${admin}` }, ...(signal && { signal }) });

  test('downloads that nobody reads hold no query', async () => {
    const deaf: DeafClient[] = [];
    const before = floor.memoryMb();
    const watched = await floor.during(async () => {
      for (let n = 0; n < 12; n++) deaf.push(await askDeaf(floor.url, n % 2 ? csv : json, admin));
      for (let n = 0; n < 5; n++) {
        await sleep(200);
        expect((await fetch(`${floor.url}/readyz`)).status).toBe(200);
      }
      await floor.revokesTokens();
    });
    expectCalm(watched);
    expect(watched.mostMemoryMb - before).toBeLessThan(500);
    // Later questions of the same tenant find a place, though none of the downloads was read.
    while ((await ask(`${reports}/dashboard?${june}`)).status !== 200);
    for (const client of deaf) client.leave();
  });

  test('what a slow client had not read is all there; one that reads nothing for long is cut off', async () => {
    const slow = await askDeaf(floor.url, csv, admin);
    const deaf = await askDeaf(floor.url, json, admin);
    await sleep(1000);
    expect(await slow.read()).toBe('whole');
    expect(slow.text()).toMatch(/^HTTP\/1\.1 200/);
    expect(slow.bytes()).toBeGreaterThan(agents * 20);
    await sleep(6000);
    expect(await deaf.read()).toBe('broken');
  });

  test('one that takes an answer by drops is cut off as well', async () => {
    const dripping = await askDeaf(floor.url, json, admin);
    let taken = 0;
    const drops = setInterval(() => {
      taken += (dripping.socket.read(100) as Buffer | null)?.length ?? 0;
    }, 250);
    await dripping.dropped();
    clearInterval(drops);
    expect(taken).toBeGreaterThan(0);
  });

  test('many requests whose clients leave delay nobody, then or later', async () => {
    const watched = await floor.during(
      async () => {
        for (let n = 0; n < 400; n++) {
          const leaving = new AbortController();
          ask(`${reports}/caller-id-health?${june}&trend=1&campaign_id=1`, leaving.signal).catch(() => {});
          setTimeout(() => leaving.abort(), 5 + (n % 40));
          await sleep(6);
        }
      },
      { after: 10 },
    );
    expectCalm(watched);
  });

  test('more questions than can be answered in time are told so, and others don’t wait for them', async () => {
    const answers: { status: number; code?: string; retryAfter: string | null }[] = [];
    const watched = await floor.during(async () => {
      const asking = Array.from({ length: 240 }, async () => {
        const answer = await ask(`${json}&campaign_id=1`);
        const retryAfter = answer.headers.get('retry-after');
        if (answer.status === 200) {
          await answer.body?.cancel();
          answers.push({ status: 200, retryAfter });
        } else answers.push({ status: answer.status, ...((await answer.json()) as { code: string }), retryAfter });
      });
      await Promise.all(asking);
    });
    expect(watched.failed).toEqual([]);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(answers.length - refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) expect(answer).toMatchObject({ status: 503, code: 'STORE_BUSY', retryAfter: '1' });
    // Those that were left in the middle let go of their places, and of what they read: a purge finds nothing held.
    const json66 = { table: 'calls', from: '2026-06-02', to: '2026-06-02', campaign: 1 };
    const purged = await floor.asOperator('/api/telesales/purge', { method: 'POST', tenant: attacker, json: json66 });
    expect(((await purged.json()) as { data: object }).data).toMatchObject({ calls: agents, gone: true });
  });

  test('tokens are made and ended while files are taken in', async () => {
    const body = callsOf(agents);
    let rounds = 0;
    const watched = await floor.during(async () => {
      let isOver = false;
      const importing = Array.from({ length: 4 }, () =>
        floor.send(admin, '/api/telesales/ingest/calls', body, { 'content-type': 'text/csv' }),
      );
      const done = Promise.all(importing).finally(() => {
        isOver = true;
      });
      for (; !isOver; rounds++) await floor.revokesTokens();
      expect((await done).map(({ status }) => status)).toEqual(importing.map(() => 200));
    });
    expect(watched.failed).toEqual([]);
    // One of them alone would wait for all of the files.
    expect(rounds).toBeGreaterThan(5);
    expect(unheard(floor)).toEqual([]);
  });
});
