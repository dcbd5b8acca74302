import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { dialtally, emptyDirectory, serve } from './command-line.ts';

vi.setConfig({ testTimeout: 180_000 });

/** What a browser does that opens a link: it sends what the link ends in, and keeps the cookie. */
async function open(link: string) {
  const { origin, hash } = new URL(link);
  const answer = await fetch(`${origin}/api/telesales/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hash.slice(1)}` },
  });
  const said = (await answer.json()) as { data?: Record<string, unknown>; message?: string };
  return { status: answer.status, ...said, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

test('a link is printed alone, and signs one browser in, as whoever it is for', async () => {
  const dataDir = emptyDirectory();
  await serve(dataDir);
  const { url } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { url: string };
  const signIn = (...args: string[]) => dialtally('sign-in', ...args, '--data-dir', dataDir);

  const made = await signIn('--tenant', '3');
  expect(made).toMatchObject({ code: 0, err: 'Good once, for ten minutes.\n' });
  expect(made.out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sign-in#dl_[\w-]{43}\n$/);
  expect(made.out.startsWith(`${url}/`)).toBe(true);
  const opened = await open(made.out.trim());
  expect(opened).toMatchObject({ status: 201, data: { role: 'admin', tenant: { tenant_id: 3 } } });
  expect(await open(made.out.trim())).toMatchObject({ status: 401, message: expect.stringContaining('good once') });

  const ofTeam = await signIn('--tenant', '3', '--role', 'supervisor', '--team', '4');
  expect(await open(ofTeam.out.trim())).toMatchObject({ status: 201, data: { role: 'supervisor', team_id: 4 } });
  const ofAgent = await signIn('--tenant', '3', '--role', 'agent', '--agent', '25');
  expect(await open(ofAgent.out.trim())).toMatchObject({ status: 201, data: { role: 'agent', agent_id: 25 } });

  // What was signed in is in the list of tokens, and ends there.
  const listed = (await dialtally('token', 'list', '--data-dir', dataDir)).out;
  expect(listed.match(/ session /g)).toHaveLength(3);
  expect(listed.match(/ link /g)).toHaveLength(3);
  const id = /^ *(\d+) +3 +admin +session .*good until/m.exec(listed)?.[1] ?? '';
  const me = () => fetch(`${url}/api/telesales/me`, { headers: { cookie: opened.cookie } });
  expect((await me()).status).toBe(200);
  expect(await dialtally('token', 'revoke', id, '--data-dir', dataDir)).toMatchObject({ code: 0 });
  expect((await me()).status).toBe(401);

  // From elsewhere, an admin's token makes them, for its own tenant and at the address that it names.
  const token = (
    await dialtally('token', 'create', '--tenant', '3', '--role', 'admin', '--data-dir', dataDir)
  ).out.trim();
  const remote = await dialtally('sign-in', '--url', url, '--token', token, '--role', 'read_only');
  expect(await open(remote.out.trim())).toMatchObject({ status: 201, data: { role: 'read_only' } });
  const low = (
    await dialtally('token', 'create', '--tenant', '3', '--role', 'read_only', '--data-dir', dataDir)
  ).out.trim();
  expect(await dialtally('sign-in', '--url', url, '--token', low)).toMatchObject({ code: 1, out: '' });
});

test('what belongs to no role, and a directory without a server, are refused in words', async () => {
  const dataDir = emptyDirectory();
  const none = await dialtally('sign-in', '--tenant', '1', '--data-dir', dataDir);
  expect(none).toMatchObject({
    code: 1,
    out: '',
    err: `error: No server runs on ${dataDir}. Start one with "dialtally serve", then ask again.\n`,
  });
  await serve(dataDir);
  const bad = await dialtally('sign-in', '--tenant', '1', '--role', 'agent', '--team', '3', '--data-dir', dataDir);
  expect(bad).toMatchObject({ code: 1, out: '' });
  expect(bad.err).toBe(
    'error: --team may only be given with --role supervisor.\nerror: --agent is required with --role agent.\n',
  );
  expect(await dialtally('sign-in', '--data-dir', dataDir)).toMatchObject({
    code: 1,
    err: expect.stringContaining('--tenant N'),
  });
  expect((await dialtally('sign-in', '--help')).out).toContain('sign-in --tenant 1 --role supervisor --team 3');
});
