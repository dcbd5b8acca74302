import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { dialtally, directoryOf, emptyDirectory, floor, june } from './command-line.ts';

vi.setConfig({ testTimeout: 120_000 });

test('a directory goes in, its tables in order, and the report counts it', async () => {
  const dataDir = emptyDirectory();
  const files = directoryOf({ ...floor, 'README.md': 'not a table' });
  const imported = await dialtally('import', files, '--tenant', '1', '--data-dir', dataDir);
  expect(imported.code).toBe(0);
  expect(imported.out.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
    'File Rows read Taken in Refused',
    expect.stringContaining('─'),
    'campaigns.csv 1 1 0',
    'agents.ndjson 2 2 0',
    'calls.csv 3 3 0',
    'total 6 6 0',
    '',
  ]);
  expect(imported.err).toContain('README.md');
  expect(imported.err).toContain('Tenant 1 has no name');

  await dialtally('tenant', 'set', '1', '--name', 'Acme', '--timezone', 'asia/ho_chi_minh', '--data-dir', dataDir);
  const again = await dialtally('import', files, '--tenant', '1', '--data-dir', dataDir);
  expect(again.err).not.toContain('Tenant 1');

  const report = await dialtally(
    'report',
    'dashboard',
    '--tenant',
    '1',
    ...june,
    '--format',
    'json',
    '--data-dir',
    dataDir,
  );
  expect(JSON.parse(report.out).data).toMatchObject({ total_dials: 3, total_answers: 2, conversions: 1 });
  const tenants = await dialtally('tenant', 'list', '--data-dir', dataDir);
  expect(tenants.out).toMatch(/ 1 {2}Acme {2}Asia\/Ho_Chi_Minh/);
});

test('refused rows are told by reason and by line, the good ones are in, and the exit code is 2', async () => {
  const dataDir = emptyDirectory();
  const files = directoryOf({
    'calls.csv': `call_id,campaign_id,started_at,outcome,talk_sec,mood
c1,43,2026-06-01T02:00:00Z,answered,120,good
c2,43,2026-06-01T02:00:00Z,answered,abc,bad
`,
  });
  const imported = await dialtally('import', files, '--tenant', '1', '--data-dir', dataDir);
  expect(imported.code).toBe(2);
  expect(imported.out).toMatch(/calls\.csv +2 +1 +1\n/);
  expect(imported.out).toContain('1  calls.csv  talk_sec  must be a whole number of seconds from 0 to 86400');
  expect(imported.out).toContain(
    'calls.csv line 3: talk_sec: must be a whole number of seconds from 0 to 86400 (was "abc")',
  );
  expect(imported.out).toContain('calls.csv: unknown columns were ignored: mood');
  expect(imported.out).toMatch(/ingest\/refused\?import_id=[0-9a-f-]{36}/);
});

test('--strict holds the whole file back', async () => {
  const dataDir = emptyDirectory();
  const files = directoryOf({ 'teams.csv': 'team_id,name\n1,One\nx,Two\n' });
  const imported = await dialtally('import', files, '--strict', '--tenant', '1', '--data-dir', dataDir);
  expect(imported.code).toBe(2);
  expect(imported.out).toMatch(/teams\.csv +2 +0 +1\n/);
  expect(imported.out).toContain('Nothing was taken in (strict)');
});

test('a file that cannot be read is named, and the others go in', async () => {
  const dataDir = emptyDirectory();
  const files = directoryOf({ ...floor, 'teams.csv': 'nonsense\n' });
  const imported = await dialtally('import', files, '--tenant', '1', '--data-dir', dataDir);
  expect(imported.code).toBe(1);
  expect(imported.out).toMatch(/calls\.csv +3 +3 +0\n/);
  expect(imported.out).toContain('teams.csv: The header of teams lacks team_id, name');
});

test('what cannot be taken in is said before anything is', async () => {
  const dataDir = emptyDirectory();
  const files = directoryOf({
    'june.csv': floor['calls.csv'],
    'teams.csv': 'team_id,name\n1,One\n',
    'calls.csv.gz': '',
  });
  const at = (name: string) => join(files, name);
  const of = async (...args: string[]) => {
    const ended = await dialtally('import', ...args, '--data-dir', dataDir);
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(existsSync(join(dataDir, 'store'))).toBe(false);
    return ended.err;
  };
  expect(await of(at('teams.csv'), at('missing.csv'), '--tenant', '1')).toBe(
    `error: There is no file or directory ${at('missing.csv')}.\n`,
  );
  expect(await of(at('june.csv'), '--tenant', '1')).toContain('Say which one it holds: --table');
  expect(await of(at('june.csv'), '--table', 'call', '--tenant', '1')).toContain('There is no table call.');
  expect(await of(at('calls.csv.gz'), '--tenant', '1')).toContain('Unpack it first.');
  const named = await dialtally('import', at('june.csv'), '--table', 'calls', '--tenant', '1', '--data-dir', dataDir);
  expect(named).toMatchObject({ code: 0, out: expect.stringMatching(/june\.csv +3 +3 +0\n/) });
});
