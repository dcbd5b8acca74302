import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UnreadableFile } from '../../../src/errors.ts';
import { type Importer, openImporter } from '../../../src/ingest/importer.ts';
import { ingestFile } from '../../../src/ingest/ingest-file.ts';
import { type Embedded, openEmbedded } from '../../../src/store/embedded.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { hangingParquet } from '../../attack/parquet.ts';

let directory: string;
let store: Embedded;
let importer: Importer;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'dialtally-readers-'));
  store = await openEmbedded({ path: join(directory, 'store') });
  await migrate(store);
  importer = openImporter(store, { directory: join(directory, 'uploads'), timeoutMs: 8000 });
});

afterAll(async () => {
  await importer.close();
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

let files = 0;

function take(tenantId: number, content: string | Buffer) {
  const format = typeof content === 'string' ? 'ndjson' : 'parquet';
  const path = join(directory, `teams-${++files}.${format}`);
  writeFileSync(path, content);
  return ingestFile(importer, { tenantId, table: 'teams', format, path, stamp: Date.now() });
}

const team = (teamId: number) => `{"team_id":${teamId},"name":"Team"}\n`;

/** The readers that there are, by the directories that they work in. */
const readers = () => readdirSync(join(directory, 'readers'));

test('a reader is used again, also after a file that it could not read', async () => {
  expect(await take(1, team(1))).toMatchObject({ taken_in: 1 });
  const [first] = readers();
  await expect(take(1, Buffer.from('PAR1, and no more'))).rejects.toBeInstanceOf(UnreadableFile);
  expect(await take(1, team(2))).toMatchObject({ taken_in: 1 });
  expect(readers()).toEqual([first]);
});

test('a reader that hangs is killed, and its tenant\u2019s next file is read by another', async () => {
  const hanging = take(1, hangingParquet);
  const next = take(1, team(3));
  const other = take(2, team(4));
  expect(await Promise.race([other.then(() => 'other'), hanging.catch(() => 'hanging')])).toBe('other');
  await expect(hanging).rejects.toThrow(/longer than 9 s/);
  expect(await next).toMatchObject({ taken_in: 1 });
});

test('a file that takes more memory than it may is refused, and nothing else is', async () => {
  const small = openImporter(store, { directory: join(directory, 'small', 'uploads'), memoryBytes: 1 });
  try {
    const path = join(directory, 'wide.ndjson');
    const rows = Array.from({ length: 600_000 }, (_, n) => `{"team_id":${n + 1},"name":"${'é'.repeat(400)}"}\n`);
    writeFileSync(path, rows.join(''));
    const file = { tenantId: 3, table: 'teams', format: 'ndjson', stamp: Date.now() } as const;
    await expect(ingestFile(small, { ...file, path })).rejects.toBeInstanceOf(UnreadableFile);
    writeFileSync(path, team(6));
    expect(await ingestFile(small, { ...file, path })).toMatchObject({ taken_in: 1 });
  } finally {
    await small.close();
  }
});

test('a reader knows none of the server\u2019s secrets', async () => {
  process.env.METRICS_TOKEN = 'a-secret-of-the-server';
  const fresh = openImporter(store, { directory: join(directory, 'fresh', 'uploads') });
  try {
    const path = join(directory, 'secret.ndjson');
    writeFileSync(path, team(7));
    await ingestFile(fresh, { tenantId: 4, table: 'teams', format: 'ndjson', path, stamp: Date.now() });
    const [scratch = ''] = readdirSync(join(directory, 'fresh', 'readers'));
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const read = (pid: string, what: string) => {
      try {
        return readFileSync(`/proc/${pid}/${what}`, 'utf8');
      } catch {
        return '';
      }
    };
    const reader = pids.find((pid) => read(pid, 'cmdline').includes(scratch));
    expect(reader).toBeDefined();
    expect(read(reader ?? '', 'environ')).toContain('UV_THREADPOOL_SIZE');
    expect(read(reader ?? '', 'environ')).not.toContain('a-secret-of-the-server');
  } finally {
    delete process.env.METRICS_TOKEN;
    await fresh.close();
  }
});
