import { expect, test, vi } from 'vitest';
import { dialtally, directoryOf, emptyDirectory, floor, june } from './command-line.ts';

vi.setConfig({ testTimeout: 120_000 });

test('purged calls are gone, and it says how many', async () => {
  const dataDir = emptyDirectory();
  await dialtally('import', directoryOf(floor), '--tenant', '1', '--data-dir', dataDir);
  const purge = (...args: string[]) => dialtally('purge', '--tenant', '1', '--data-dir', dataDir, ...args);
  const unasked = await purge('--table', 'calls', ...june);
  expect(unasked).toMatchObject({ code: 1, err: expect.stringContaining('add --yes') });
  const bad = await purge('--table', 'calls', '--to', '2026-06-01', '--yes');
  expect(bad).toMatchObject({ code: 1, err: 'error: --from is required.\n' });
  const purged = await purge('--table', 'calls', ...june, '--yes');
  expect(purged).toMatchObject({ code: 0, out: expect.stringContaining('Removed 3 calls, 0 leads') });
  expect(purged.out).toContain('gone from disk');
  const report = await dialtally('report', 'dashboard', '--tenant', '1', ...june, '--data-dir', dataDir);
  expect(report.out).toMatch(/^Dials +0$/m);
});
