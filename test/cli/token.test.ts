import { expect, test, vi } from 'vitest';
import { dialtally, emptyDirectory } from './command-line.ts';

vi.setConfig({ testTimeout: 120_000 });

test('a token is printed alone, listed without itself, and revoked', async () => {
  const dataDir = emptyDirectory();
  const token = (...args: string[]) => dialtally('token', ...args, '--data-dir', dataDir);
  const made = await token('create', '--tenant', '3', '--role', 'supervisor', '--team', '4', '--expires', '90d');
  expect(made.out).toMatch(/^dt_[\w-]{40,}\n$/);
  expect(made.err).toMatch(/^Token 1 of tenant 3, supervisor, good until 20/);
  const listed = await token('list');
  expect(listed.out).toMatch(/ 1 {7}3 {2}supervisor {5}4 .*good until/);
  expect(listed.out).not.toContain(made.out.trim());
  expect(await token('revoke', '1', '--tenant', '2')).toMatchObject({ code: 1, err: 'error: There is no token 1.\n' });
  expect(await token('revoke', '1')).toMatchObject({ code: 0, out: 'Token 1 of tenant 3 is revoked.\n' });
  expect((await token('list', '--tenant', '3')).out).toContain('revoked 20');

  const bad = await token('create', '--tenant', '3', '--role', 'agent', '--expires', 'soon');
  expect(bad).toMatchObject({ code: 1, out: '' });
  expect(bad.err).toBe(
    'error: --expires must be a number of days, hours or minutes, such as 90d, 12h or 30m.\n' +
      'error: --agent is required with --role agent.\n',
  );
  expect(await token('create', '--role', 'admin')).toMatchObject({
    code: 1,
    err: expect.stringContaining('--tenant N'),
  });
});
