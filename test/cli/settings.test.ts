import { expect, test, vi } from 'vitest';
import { dialtally, emptyDirectory } from './command-line.ts';

vi.setConfig({ testTimeout: 120_000 });

test('settings are shown, changed, and their changes told', async () => {
  const dataDir = emptyDirectory();
  const settings = (...args: string[]) => dialtally('settings', '--tenant', '3', '--data-dir', dataDir, ...args);
  const changed = await settings('--set', 'meaningful_talk_sec=20', '--set', 'health.warn_rejected_pct=7.5');
  expect(changed).toMatchObject({ code: 0, err: '' });
  const shown = await settings();
  expect(shown.out).toBe(changed.out);
  expect(shown.out).toMatch(/^meaningful_talk_sec +20 +30 +A conversation below/m);
  expect(shown.out).toMatch(/^health\.warn_rejected_pct +7\.5 +10 /m);
  expect(shown.out).toMatch(/^health\.min_dials +20 +20 /m);
  const log = await settings('--changes');
  expect(log.out).toMatch(/Z +meaningful_talk_sec +30 +20 +this machine\n/);

  const bad = await settings('--set', 'health.min_dials=0', '--set', 'mood=1');
  expect(bad).toMatchObject({ code: 1, out: '' });
  expect(bad.err).toMatch(
    /^error: --set health\.min_dials must be a whole number from 1 to \d+\.\nerror: --set mood: There is no such/,
  );
  expect(await settings('--set', 'health.min_dials')).toMatchObject({
    code: 1,
    err: 'error: --set must look like meaningful_talk_sec=20.\n',
  });
  expect((await settings('--set', 'health.min_dials=5', '--set', 'health.min_dials=6')).err).toContain('only once');
});
