import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { makeDemo } from '../../src/cli/files/demo-tenant.ts';
import type { Door } from '../../src/cli/server/door.ts';
import { dialtally, directoryOf, emptyDirectory, floor, serve } from './command-line.ts';

vi.setConfig({ testTimeout: 180_000 });

const dayMs = 86_400_000;

test('the demo is topped up on later days, and made again it stays as it is', async () => {
  const dataDir = emptyDirectory();
  await serve(dataDir);
  const { url, key } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { url: string; key: string };
  const door: Door = { url, token: key, where: 'here', dataDir, close: async () => {} };
  const now = new Date();
  const date = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const dials = async () => {
    const window = ['--from', date(now.getTime() - 20 * dayMs), '--to', date(now.getTime() + dayMs)];
    const { out } = await dialtally(
      'report',
      'dashboard',
      '--tenant',
      '9',
      ...window,
      '--data-dir',
      dataDir,
      '--format',
      'json',
    );
    return JSON.parse(out).data.total_dials as number;
  };

  const first = await makeDemo(door, { calls: 2000, days: 10, now: new Date(now.getTime() - 4 * dayMs) });
  expect(first).toMatchObject({ tenantId: 9, isTopUp: false });
  expect(first.calls).toBeGreaterThan(1000);
  const before = await dials();
  expect(before).toBeGreaterThan(1000);

  const second = await makeDemo(door, { now });
  expect(second.isTopUp).toBe(true);
  const after = await dials();
  expect(after).toBeGreaterThan(before);
  expect(await makeDemo(door, { now })).toMatchObject({ isTopUp: true, calls: 0, leads: 0 });
  expect(await dials()).toBe(after);
  // Beside what any server has: no file that was made on the way is left.
  const [readers, revocations, uploads] = ['readers', 'revocations', 'uploads'];
  expect(readdirSync(dataDir).sort()).toEqual(['demo.json', readers, revocations, 'server.json', 'store', uploads]);
  expect(readdirSync(join(dataDir, uploads))).toEqual([]);
});

test('dialtally demo: other options or somebody else\u2019s tenant 9 are refused', async () => {
  const dataDir = emptyDirectory();
  const made = await dialtally('demo', '--calls', '500', '--days', '5', '--data-dir', dataDir);
  expect(made).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^The demo tenant 9 is made: [\d,]+ rows of calls/),
  });
  const other = await dialtally('demo', '--seed', '2', '--data-dir', dataDir);
  expect(other).toMatchObject({ code: 1, err: expect.stringContaining('was made with --seed 1 --calls 500 --days 5') });

  const taken = emptyDirectory();
  await dialtally('import', directoryOf(floor), '--tenant', '9', '--data-dir', taken);
  const refused = await dialtally('demo', '--calls', '500', '--days', '5', '--data-dir', taken);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Tenant 9 has rows or a name of its own') });
});
