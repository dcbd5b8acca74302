import { readdirSync, statSync } from 'node:fs';
import { Agent, type RequestOptions, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Floor, openFloor } from './floor.ts';

// Mappings that make much of little: work, memory, or bytes on the disk.

let floor: Floor;
let token: string;
beforeAll(async () => {
  floor = await openFloor({ RATE_LIMIT: '0' });
  token = await floor.token('ingest');
});
afterAll(() => floor.close());

const columns = {
  call_id: 'id',
  campaign_id: { value: '1' },
  started_at: { value: '2026-06-01T10:00:00Z' },
  outcome: { value: 'answered' },
};

async function send(mapping: object, file: string, isPacked = false): Promise<string> {
  const body = Buffer.from(`${JSON.stringify({ table: 'calls', columns, ...mapping })}\n${file}`);
  const headers = isPacked ? { 'content-encoding': 'gzip' } : {};
  const path = '/api/telesales/ingest/mapped';
  const answer = await floor.send(token, path, isPacked ? gzipSync(body) : body, headers as Record<string, string>);
  return `${answer.status} ${await answer.text()}`;
}

/** All that lies on its way in, in bytes. */
function uploaded(directory = join(floor.dataDir, 'uploads')): number {
  let bytes = 0;
  try {
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
    }
  } catch {
    // It was taken away meanwhile.
  }
  return bytes;
}

/** Attacks, and gives the answers and the most that lay on the disk; nobody else may feel it. */
async function attack(work: () => Promise<string[]>) {
  let [answers, mostBytes]: [string[], number] = [[], 0];
  const watching = setInterval(() => {
    mostBytes = Math.max(mostBytes, uploaded());
  }, 20);
  const watched = await floor.during(async () => {
    const attacking = work();
    await floor.revokesTokens();
    answers = await attacking;
  });
  clearInterval(watching);
  expect(watched.failed).toEqual([]);
  expect(watched.slow, JSON.stringify(watched)).toBeLessThanOrEqual(Math.max(3, watched.attempts / 5));
  expect(watched.mostMemoryMb).toBeLessThan(2000);
  expect(floor.lives()).toBe(true);
  return { answers, mostBytes };
}

const long = (n: number) => `${'a'.repeat(n / 2 - 1)}b${'a'.repeat(n / 2)}`;

test('texts to search for are bounded together, before a row is looked at', async () => {
  const contains = Array.from({ length: 950 }, () => long(1000));
  const file = `id,t\n${`1,${'a'.repeat(10_000)}\n`.repeat(6)}`;
  const { answers } = await attack(async () => [
    await send({ skip: [{ because: 'x', when: { t: { contains } } }] }, file),
  ]);
  expect(answers[0]).toMatch(/^422 .*BAD_MAPPING.*contains/);
});

test('the dearest conditions that there may be take their turns', async () => {
  const contains = [long(1000), long(998)];
  const when = [{ t: { contains } }, ...Array.from({ length: 450 }, () => ({ t: { shorter_than: 1000, above: 5 } }))];
  const file = `id,t\n${Array.from({ length: 100 }, (_, n) => `${n},${'a'.repeat(10_000)}\n`).join('')}`;
  const { answers } = await attack(async () => [await send({ skip: [{ because: 'x', when }] }, file)]);
  expect(answers[0]).toMatch(/^200 .*"rows_read":100/);
});

test('what comes after a mapping that is refused is read to its end, and the connection takes the next request', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { authorization: `Bearer ${token}` };
  try {
    for (let n = 0; n < 3; n++) {
      const body = Buffer.concat([Buffer.from('{"table":"calls"}\n'), Buffer.alloc(3_000_000, 'a')]);
      const refused = await ask({ agent, method: 'POST', path: '/api/telesales/ingest/mapped', headers }, body);
      expect(refused.status).toBe(422);
      const next = await ask({ agent, path: '/api/telesales/me', headers });
      expect(next).toEqual({ status: 200, isReused: true });
    }
  } finally {
    agent.destroy();
  }
});

function ask(options: RequestOptions, body?: Buffer): Promise<{ status: number; isReused: boolean }> {
  return new Promise((resolve, reject) => {
    const asked = request(floor.url, options, (answer) => {
      answer.resume().on('end', () => resolve({ status: answer.statusCode ?? 0, isReused: asked.reusedSocket }));
    });
    asked.on('error', reject).end(body);
  });
}

test('what is joined again and again is no text of ours, and fills no memory', async () => {
  const cid = { join: Array.from({ length: 1900 }, () => 't'), between: '字'.repeat(20) };
  const mapping = { file: { columns: ['t'] }, columns: { ...columns, call_id: 't', cid } };
  const { answers, mostBytes } = await attack(() =>
    Promise.all(Array.from({ length: 3 }, () => send(mapping, 'x\n'.repeat(32_000), true))),
  );
  for (const answer of answers) expect(answer).toMatch(/^(200 .*"taken_in":0|413|422|429)/);
  expect(mostBytes).toBeLessThan(100 * 1024 ** 2);
});

test('calls without number that are merged are made in few pieces, one file after the other', async () => {
  const merge = { by: 'id' };
  const columns = { call_id: 'k', campaign_id: 'k', started_at: 'k', outcome: 'k' };
  const mapping = { file: { columns: ['id', 'k'], fewest: 1 }, merge, count: ['k'], columns, timezone: 'UTC' };
  const file = Array.from({ length: 120_000 }, (_, n) => n.toString(36)).join('\n');
  const { answers } = await attack(() =>
    Promise.all(Array.from({ length: 4 }, () => send(mapping, `${file}\n`, true))),
  );
  // Nothing of it is a call, and no file was too much.
  for (const answer of answers) expect(answer).toMatch(/^200 .*"rows_read":120000,"taken_in":0/);
});

test('rows without number that one key ties to each other are calls in the time of as many calls', async () => {
  const columns = {
    call_id: 'id',
    campaign_id: { value: '1' },
    started_at: 'at',
    outcome: { from: 'o', values: { busy: 'busy' } },
  };
  const merge = { by: 'k', same: ['to', 'too'], linked: { a: 'b', c: 'd' }, within: 60, add_linked: ['talk_sec'] };
  const names = ['k', 'id', 'to', 'too', 'a', 'b', 'c', 'd', 'o', 'at'];
  const mapping = { file: { columns: names }, columns: { ...columns, talk_sec: { value: '1' } }, merge };
  const at = '2026-06-01T10:00:00Z';
  const shapes: ((n: number) => unknown[])[] = [
    (n) => ['k', n >> 1, n % 2 ? 'x' : n, n % 3 ? 'y' : n, 'a', 'a', n, n + 1, 'busy'],
    (n) => ['k', n, n % 300, n % 301, n, n + 1, n % 7, n % 11, 'busy'],
    (n) => ['k', n % 200, n, n, n, n, n + 1, n + 2, 'busy'],
    // Half of them can't be read, and might be part of any.
    (n) => ['k', n >> 2, n % 4 ? 'x' : n, 'y', n, n, n, n, (n >> 2) % 2 ? 'busy' : 'what'],
  ];
  const { answers } = await attack(() =>
    Promise.all(
      shapes.map((shape) => send(mapping, Array.from({ length: 20_000 }, (_, n) => `${[...shape(n), at]}\n`).join(''))),
    ),
  );
  for (const answer of answers) expect(answer).toMatch(/^200 .*"rows_read":20000,/);
});

test('who leaves takes the work along', async () => {
  const dear = Array.from({ length: 450 }, () => ({ t: { below: 5 } }));
  const file = `id,t\n${`1,${'1'.repeat(400)}\n`.repeat(20_000)}`;
  const body = `${JSON.stringify({ table: 'calls', columns, skip: [{ because: 'x', when: dear }] })}\n${file}`;
  const leaving = new AbortController();
  const headers = { authorization: `Bearer ${token}` };
  const asked = fetch(`${floor.url}/api/telesales/ingest/mapped`, {
    method: 'POST',
    headers,
    body,
    signal: leaving.signal,
  });
  await sleep(1500);
  leaving.abort();
  await expect(asked).rejects.toThrow();
  // Its place is free for the next one, which waits for nothing of it.
  expect(await send({}, 'id\n1\n')).toMatch(/^200 .*"taken_in":1/);
  await expect.poll(() => uploaded(), { timeout: 20_000 }).toBe(0);
});

test('constants beside every row make no gigabytes of a small body', async () => {
  const constant = { value: 'x'.repeat(1000) };
  const mapping = { columns: { ...columns, cid: constant, disposition_code: constant } };
  const file = `id\n${Array.from({ length: 60_000 }, (_, n) => `${n}\n`).join('')}`;
  const { answers, mostBytes } = await attack(async () => [await send(mapping, file)]);
  expect(answers[0]).toMatch(/^422 .*100 times as much/);
  expect(mostBytes).toBeLessThan(100 * 1024 ** 2);
});
