import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../src/demo/random.ts';
import { shipped } from '../../src/sql.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { type Floor, openFloor } from './floor.ts';

// ATTACK_ROUNDS=10000 looks longer, ATTACK_SEED=... at the same files again.
const rounds = Number(process.env.ATTACK_ROUNDS ?? 150);
const seed = Number(process.env.ATTACK_SEED ?? Date.now() % 1_000_000);
const codecs = ['none', 'gzip', 'snappy', 'zstd', 'brotli', 'lz4'];

let floor: Floor;
let originals: Buffer[];

beforeAll(async () => {
  originals = await writeOriginals();
  floor = await openFloor({
    INGEST_READ_TIMEOUT_MS: '1500',
    INGEST_MEMORY_MB: '512',
    RATE_LIMIT: '0',
    RATE_LIMIT_TENANT: '0',
  });
});
afterAll(() => floor?.close());

/** Good files, one for each way to pack pages. */
async function writeOriginals(): Promise<Buffer[]> {
  const directory = mkdtempSync(join(tmpdir(), 'dialtally-mutated-'));
  const engine = await openEmbedded({ path: join(directory, 'store') });
  try {
    const files: Buffer[] = [];
    for (const codec of codecs) {
      const path = join(directory, `${codec}.parquet`);
      await engine.command(
        shipped(`INSERT INTO FUNCTION file('${path}', Parquet) SELECT toInt64(number + 1) AS team_id,
            concat('Team ', toString(cityHash64(number))) AS name, now64(3, 'UTC') AS updated_at FROM numbers(300)
            SETTINGS output_format_parquet_compression_method = '${codec}', output_format_parquet_row_group_size = 100`),
      );
      files.push(readFileSync(path));
    }
    return files;
  } finally {
    await engine.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Some bytes changed, cut out, doubled or put elsewhere; in every other file the ends that make it a Parquet file stay. */
function mutate(original: Buffer, random: () => number): Buffer {
  const whole = Buffer.from(original);
  const at = () => 4 + Math.floor(random() * (whole.length - 12));
  for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes--) {
    const [from, to] = [at(), at()].sort((a, b) => a - b) as [number, number];
    const kind = random();
    if (kind < 0.4) whole[from] = Math.floor(random() * 256);
    else if (kind < 0.6) whole[from] = (whole[from] ?? 0) ^ (1 << Math.floor(random() * 8));
    else if (kind < 0.7) whole.fill(random() < 0.5 ? 0 : 255, from, Math.min(to, from + 8));
    else if (kind < 0.85) whole.copy(whole, from, to, Math.min(whole.length - 8, to + 16));
    else if (kind < 0.95) whole.writeUInt32LE(Math.floor(random() * 2 ** 32), from);
    else return Buffer.concat([whole.subarray(0, from), whole.subarray(to)]);
  }
  return whole;
}

test(`${rounds} mutated Parquet files: each is taken in or refused, and nobody else feels it`, {
  timeout: 0,
}, async () => {
  console.log(`ATTACK_SEED=${seed}`);
  const drawn = new Random(seed);
  const random = () => drawn.next();
  const token = await floor.token('ingest');
  const headers = { 'content-type': 'application/vnd.apache.parquet' };
  const statuses = new Map<number, number>();
  const wrong: string[] = [];
  const watched = await floor.during(async () => {
    for (let round = 0; round < rounds; round++) {
      const codec = codecs[round % codecs.length];
      const file = mutate(originals[round % codecs.length] ?? Buffer.alloc(0), random);
      const answer = await floor.send(token, '/api/telesales/ingest/teams', file, headers);
      const text = await answer.text();
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (![200, 422].includes(answer.status))
        wrong.push(`${codec}, round ${round}: ${answer.status} ${text.slice(0, 300)}`);
    }
    await floor.revokesTokens();
  });
  console.log(JSON.stringify({ statuses: [...statuses], ...watched, failed: watched.failed.length }));
  expect(wrong).toEqual([]);
  expect(watched.failed).toEqual([]);
  expect(watched.slow, JSON.stringify(watched)).toBeLessThanOrEqual(Math.max(3, watched.attempts / 10));
  expect(watched.mostMemoryMb).toBeLessThan(2500);
  expect(floor.lives()).toBe(true);
});
