import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtOf } from '../built.ts';
import { openDuck } from './duck.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const script = builtOf('test/export/memory-server.ts');
const megabyte = 1024 ** 2;
let directory: string;

const argsOf = (...given: string[]) => ['--expose-gc', script, ...given];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dialtally-memory-'));
  const filled = spawnSync(process.execPath, argsOf('fill', directory, '100000'), { cwd: root, encoding: 'utf8' });
  expect(filled.status, filled.stderr).toBe(0);
}, 120_000);

afterAll(() => rm(directory, { recursive: true, force: true }));

const lineEndsOf = (file: Buffer) => file.reduce((count, byte) => count + Number(byte === 10), 0);

/** How many rows a Parquet file has. */
async function rowsOfParquet(file: Buffer): Promise<number> {
  const duck = await openDuck();
  const groups = await duck.groupsOf(file);
  await duck.close();
  return groups.reduce((sum, group) => sum + group, 0);
}

test.each<[format: string, mostMb: number, rowsOf: (file: Buffer) => number | Promise<number>]>([
  ['csv', 150, (file) => lineEndsOf(file) - 1],
  ['ndjson', 150, lineEndsOf],
  // Its thread has a heap of its own.
  ['parquet', 300, rowsOfParquet],
])('%s of 100,000 agents needs less than %d MB more than an idle server has', async (format, mostMb, rowsOf) => {
  const server = spawn(process.execPath, argsOf('serve', directory), { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const said = async () => JSON.parse((await lines.next()).value ?? 'null') as Record<string, unknown>;
  const { address } = await said();
  const url = `${address}/api/telesales/reports/agent-performance/export?date_from=2026-06-01&date_to=2026-06-30&format=${format}`;
  const answer = await fetch(url, { headers: { authorization: 'Bearer key', 'dialtally-tenant': '1' } });
  const file = Buffer.from(await answer.arrayBuffer());
  const ended = once(server, 'exit');
  server.stdin.end();
  const { idle, most } = (await said()) as { idle: number; most: number };
  await ended;

  expect(await rowsOf(file)).toBe(100_000);
  expect((most - idle) / megabyte).toBeLessThan(mostMb);
});
