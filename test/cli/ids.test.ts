import { expect, test, vi } from 'vitest';
import { idsOf } from '../../src/ingest/names.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { dialtally, dialtallyReading, emptyDirectory } from './command-line.ts';

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

test('one phone number at a time is asked for; what would change the answer unsaid is refused', async () => {
  const dataDir = emptyDirectory();
  const store = await openEmbedded({ path: `${dataDir}/store` });
  await migrate(store);
  await store.close();
  const ask = (input: string, ...args: string[]) =>
    dialtallyReading(input, 'ids', '--tenant', '1', '--data-dir', dataDir, ...args);
  const alone = await ask('0912345678\r\n', '--phone', '--country', '84');
  expect(alone).toMatchObject({ code: 0, out: expect.stringMatching(/^[0-9]{16}\n$/) });
  expect((await ask('+84 912 345 678', '--phone')).out).toBe(alone.out);
  const refused: [input: string, args: string[], said: RegExp][] = [
    ['0912345678\n0912345679\n', ['--phone'], /one number at a time/],
    ['0912345678', ['--phone', '--country', 'abc'], /--country: A country code is one to four digits/],
    ['0912345678', ['--phone', '--country', ''], /--country is empty/],
    ['0912345678', ['--phone', '--dial-prefix', 'x'], /--dial-prefix: A prefix is/],
    ['0912345678', ['--phone', '--kind', 'lead'], /--kind is for the list/],
    ['', ['--country', '84'], /--country goes with --phone/],
    ['', ['--dial-prefix', '9'], /--dial-prefix goes with --phone/],
  ];
  for (const [input, args, said] of refused) {
    expect(await ask(input, ...args), args.join(' ')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(said),
    });
  }
});
