import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import {
  dialtally,
  dialtallyWith,
  directoryOf,
  emptyDirectory,
  floor,
  heard,
  june,
  serve,
  stop,
} from './command-line.ts';

vi.setConfig({ testTimeout: 180_000 });

test('commands go through the server that holds the directory, and say the same as without it', async () => {
  const dataDir = emptyDirectory();
  const files = directoryOf(floor);
  await dialtally('import', files, '--tenant', '1', '--data-dir', dataDir);
  const asked = ['report', 'agent-performance', '--tenant', '1', ...june, '--data-dir', dataDir];
  const alone = await dialtally(...asked);

  const server = await serve(dataDir);
  const path = join(dataDir, 'server.json');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const written = JSON.parse(readFileSync(path, 'utf8')) as { url: string; pid: number };
  expect(written.pid).toBe(server.pid);
  expect(await dialtally(...asked)).toEqual(alone);
  expect(await dialtally('import', files, '--tenant', '1', '--data-dir', dataDir)).toMatchObject({ code: 0 });

  const second = await dialtally('serve', '--data-dir', dataDir, '--port', '0');
  expect(second).toMatchObject({ code: 1, err: expect.stringContaining(`A server holds ${dataDir} already`) });
  const port = new URL(written.url).port;
  const taken = await dialtally('serve', '--data-dir', emptyDirectory(), '--port', port);
  expect(taken).toMatchObject({ code: 1, err: expect.stringContaining(`Port ${port} is taken by another program.`) });

  // From elsewhere a token opens, and its tenant is the only one.
  const token = (await dialtally('token', 'create', '--tenant', '1', '--role', 'admin', '--data-dir', dataDir)).out;
  expect(token).toMatch(/^dt_[\w-]+\n$/);
  const remote = ['--url', written.url, '--token', token.trim()];
  expect((await dialtally('report', 'agent-performance', ...june, ...remote)).out).toBe(alone.out);
  const other = await dialtally('report', 'dashboard', '--tenant', '2', ...june, ...remote);
  expect(other).toMatchObject({ code: 1, err: 'error: --tenant: The token is for tenant 1, not 2.\n' });
  const secret = join(dataDir, 'token.txt');
  writeFileSync(secret, token, { mode: 0o600 });
  const me = ['report', 'agent-performance', ...june, '--url', written.url];
  expect((await dialtally(...me, '--token-file', secret)).out).toBe(alone.out);
  expect((await dialtallyWith({ DIALTALLY_TOKEN: token.trim() }, ...me)).out).toBe(alone.out);
  expect((await dialtallyWith({ DIALTALLY_TOKEN: 'dt_wrong' }, ...me, '--token-file', secret)).out).toBe(alone.out);
  const twice = await dialtally(...me, '--token', 'x', '--token-file', secret);
  expect(twice).toMatchObject({ code: 1, err: expect.stringContaining('Keep one of them.') });
  writeFileSync(secret, 'two words');
  const none = await dialtally(...me, '--token-file', secret);
  expect(none).toMatchObject({ code: 1, err: expect.stringContaining('holds no token') });
  const sent = await dialtally('import', join(files, 'calls.csv'), ...remote);
  expect(sent).toMatchObject({ code: 0, out: expect.stringMatching(/calls\.csv +3 +3 +0\n/) });

  const stopped = await stop(server);
  expect(stopped.code).toBe(0);
  expect(stopped.tookMs).toBeLessThan(5000);
  expect(existsSync(path)).toBe(false);
});

test('a client that never finishes does not keep the server from stopping in time, nor its rests from being removed', async () => {
  const dataDir = emptyDirectory();
  const server = await serve(dataDir);
  const { url, key } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { url: string; key: string };
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  const head = ['POST /api/telesales/ingest/teams HTTP/1.1', 'host: x', `authorization: Bearer ${key}`];
  socket.write(
    [
      ...head,
      'dialtally-tenant: 1',
      'content-type: text/csv',
      'content-length: 99',
      'expect: 100-continue',
      '',
      '',
    ].join('\r\n'),
  );
  await heard(socket, '100 Continue');
  socket.write('team_id,');
  const noticed = heard(server.stdout!, 'SIGINT: finishing what runs');
  const stopping = stop(server, 'SIGINT');
  await noticed;
  // A terminal and npm may both pass Ctrl-C on.
  server.kill('SIGINT');
  const stopped = await stopping;
  expect(stopped.tookMs).toBeLessThan(10_000);
  socket.destroy();

  mkdirSync(join(dataDir, 'uploads'), { recursive: true });
  writeFileSync(join(dataDir, 'uploads', 'left-over'), 'team_id,');
  expect(await dialtally('tenant', 'list', '--data-dir', dataDir)).toMatchObject({ code: 0 });
  expect(existsSync(join(dataDir, 'uploads', 'left-over'))).toBe(false);
});

test('a server that was killed leaves nothing that bars the way; one that does not answer is told of', async () => {
  const dataDir = emptyDirectory();
  const server = await serve(dataDir);
  const path = join(dataDir, 'server.json');
  const written = readFileSync(path);
  writeFileSync(path, '{}');
  const held = await dialtally('tenant', 'list', '--data-dir', dataDir);
  expect(held).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining(`Another process holds the data directory ${dataDir}`),
  });
  expect(held.err.trim().split('\n')).toHaveLength(1);
  writeFileSync(path, written);
  await stop(server, 'SIGKILL');
  expect(existsSync(path)).toBe(true);
  expect(await dialtally('tenant', 'list', '--data-dir', dataDir)).toMatchObject({ code: 0, err: '' });
});
