import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtOf } from '../built.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const script = builtOf('test/export/memory-server.ts');
const megabyte = 1024 ** 2;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dialtally-memory-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const argsOf = (...given: string[]) => ['--expose-gc', script, ...given];

test('the CSV of 100,000 agents needs less than 150 MB more than an idle server has', async () => {
  const filled = spawnSync(process.execPath, argsOf('fill', directory, '100000'), { cwd: root, encoding: 'utf8' });
  expect(filled.status, filled.stderr).toBe(0);

  const server = spawn(process.execPath, argsOf('serve', directory), { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const said = async () => JSON.parse((await lines.next()).value ?? 'null') as Record<string, unknown>;
  const { address } = await said();
  const url = `${address}/api/telesales/reports/agent-performance/export?date_from=2026-06-01&date_to=2026-06-30`;
  const answer = await fetch(url, { headers: { authorization: 'Bearer key', 'dialtally-tenant': '1' } });
  let lineEnds = 0;
  for await (const chunk of answer.body!) for (const byte of chunk) if (byte === 10) lineEnds++;
  const ended = once(server, 'exit');
  server.stdin.end();
  const { idle, most } = (await said()) as { idle: number; most: number };
  await ended;

  expect(lineEnds).toBe(100_001);
  expect((most - idle) / megabyte).toBeLessThan(150);
});
