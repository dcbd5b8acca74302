import { expect, test, vi } from 'vitest';
import { idsOf } from '../../src/ingest/names.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { dialtally, emptyDirectory } from './command-line.ts';

vi.setConfig({ testTimeout: 120_000 });

test('the ids of names are listed as a table', async () => {
  const dataDir = emptyDirectory();
  const store = await openEmbedded({ path: `${dataDir}/store` });
  await migrate(store);
  await idsOf(store, 1, 'campaign', ['OUTBOUND', 'Gia hạn']);
  await idsOf(store, 1, 'agent', ['6666']);
  await store.close();
  const list = (...args: string[]) => dialtally('ids', '--tenant', '1', '--data-dir', dataDir, ...args);
  expect(await list()).toEqual({
    code: 0,
    err: '',
    out: `Kind      Id  Name
────────  ──  ────────
campaign   1  OUTBOUND
campaign   2  Gia hạn
agent      1  6666
`,
  });
  expect((await list('--kind', 'agent')).out).toContain('agent   1  6666');
});
