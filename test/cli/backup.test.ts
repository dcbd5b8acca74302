import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { reports } from '../../src/reports/index.ts';
import { endingAt, requiredOf } from '../questions.ts';
import { dialtally, directoryOf, emptyDirectory, floor, serve, start, stop } from './command-line.ts';

vi.setConfig({ testTimeout: 240_000 });

const asOf = '2026-06-20T00:00:00Z';

/** What a server on the data directory answers to all reports of the demo, and to whoever has a token. */
async function askAll(dataDir: string, token: string) {
  const { url } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { url: string };
  const headers = { authorization: `Bearer ${token}` };
  const ask = async (path: string) => {
    const answer = await fetch(`${url}${path}`, { headers });
    return { status: answer.status, body: await answer.text() };
  };
  const window = { date_from: '2026-06-01', date_to: '2026-06-20', campaign_id: 43 };
  const paths = reports.map((report) => {
    const asked = { ...requiredOf(report, window), ...endingAt(report, asOf), timezone: 'Asia/Ho_Chi_Minh' };
    return `/api/telesales/reports/${report.name}?${new URLSearchParams(asked)}`;
  });
  const around = ['/api/telesales/campaigns', '/api/telesales/ingest/refused', '/api/telesales/audit/exports'];
  return Promise.all([...paths, ...around].map(async (path) => [path, await ask(path)] as const));
}

const urlOf = (dataDir: string): string => JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')).url;

/** Signs a browser in. Gives what it sends then, whatever the port. */
async function signIn(dataDir: string, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${urlOf(dataDir)}/api/telesales/session`, { method: 'POST', headers });
  return /ds_[\w-]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? '';
}

async function isSignedIn(dataDir: string, session: string): Promise<boolean> {
  const url = urlOf(dataDir);
  const headers = { cookie: `dialtally_session_${new URL(url).port}=${session}` };
  const answer = await fetch(`${url}/api/telesales/session`, { headers });
  return ((await answer.json()) as { data: { is_signed_in: boolean } }).data.is_signed_in;
}

test('a backup of a running server, restored, gives the same answers to all reports and to the same tokens', async () => {
  const dataDir = emptyDirectory();
  const files = directoryOf({
    ...floor,
    'leads.csv': 'lead_id,campaign_id,source,created_at\n1,43,web,2026-06-01T01:00:00Z\n2,43,,2026-06-02T01:00:00Z\n',
    'dispositions.csv': 'code,label,is_conversion\nSALE,Sale,true\n',
    'caller_ids.csv': 'cid,display_name\n02471000001,Hanoi\n',
    'calls.csv': `call_id,campaign_id,agent_id,lead_id,cid,started_at,outcome,talk_sec,disposition_code
c1,43,25,1,02471000001,2026-06-01T02:00:00Z,answered,120,SALE
c2,43,26,2,02471000001,2026-06-01T03:00:00Z,answered,20,
c3,43,26,,02471000001,2026-06-01T04:00:00Z,abandoned,,
c4,43,26,,02471000001,2026-06-01T05:00:00Z,engaged,,
`,
  });
  const server = await serve(dataDir);
  const here = ['--data-dir', dataDir];
  await dialtally('tenant', 'set', '1', '--name', 'Acme', '--timezone', 'Asia/Ho_Chi_Minh', ...here);
  expect(await dialtally('import', files, '--tenant', '1', ...here)).toMatchObject({ code: 2 });
  const token = (await dialtally('token', 'create', '--tenant', '1', '--role', 'admin', ...here)).out.trim();
  const exported = ['report', 'funnel', '--tenant', '1', '--from', '2026-06-01', '--to', '2026-06-01'];
  await dialtally(...exported, '--format', 'csv', ...here);
  const cookie = await signIn(dataDir, token);
  expect(await isSignedIn(dataDir, cookie)).toBe(true);
  const before = await askAll(dataDir, token);
  expect(before.map(([, { status }]) => status)).toEqual(before.map(() => 200));

  const backup = join(emptyDirectory(), 'today');
  const done = await dialtally('backup', backup, ...here);
  expect(done).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/^Backed up \d+ rows in \d+ tables, \d+ MB, in \d+\.\d s: \S+today\n$/),
  });
  expect(await dialtally('backup', backup, ...here)).toMatchObject({
    code: 1,
    err: `error: ${backup} is not an empty directory, and a backup overwrites nothing. Name a new one.\n`,
  });
  // While a server holds a directory, nothing is restored into it.
  const held = await dialtally('restore', backup, ...here);
  expect(held).toMatchObject({ code: 1, err: expect.stringContaining(`A server holds ${dataDir}`) });
  await stop(server);
  const filled = await dialtally('restore', backup, ...here);
  expect(filled).toMatchObject({ code: 1, err: expect.stringContaining(`${dataDir} holds rows already`) });

  const fresh = emptyDirectory();
  const restored = await dialtally('restore', backup, '--data-dir', fresh);
  expect(restored).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^Restored \d+ rows in \d+ tables/) });
  await serve(fresh);
  expect(await askAll(fresh, token)).toEqual(before);
  // Who was signed in signs in again: nobody knows who signed out since.
  expect(await isSignedIn(fresh, cookie)).toBe(false);
  expect(await isSignedIn(fresh, await signIn(fresh, token))).toBe(true);
  const { url } = JSON.parse(readFileSync(join(fresh, 'server.json'), 'utf8')) as { url: string };
  const changes = await fetch(`${url}/api/telesales/audit/changes`, { headers: { authorization: `Bearer ${token}` } });
  expect(((await changes.json()) as { data: object[] }).data.slice(0, 2)).toEqual([
    expect.objectContaining({ action: 'session.begun' }),
    expect.objectContaining({ action: 'restore.done', token_id: null, role: 'operator' }),
  ]);
});

test('the demo goes on where the backup was made', async () => {
  const dataDir = emptyDirectory();
  await dialtally('demo', '--calls', '500', '--days', '10', '--seed', '3', '--data-dir', dataDir);
  const backup = join(emptyDirectory(), 'demo');
  expect(await dialtally('backup', backup, '--data-dir', dataDir)).toMatchObject({ code: 0 });
  rmSync(dataDir, { recursive: true });
  expect(await dialtally('restore', backup, '--data-dir', dataDir)).toMatchObject({ code: 0 });
  const again = await dialtally('demo', '--data-dir', dataDir);
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining('is up to now') });
  const other = await dialtally('demo', '--seed', '4', '--data-dir', dataDir);
  expect(other).toMatchObject({ code: 1, err: expect.stringContaining('--seed 3 --calls 500 --days 10') });
});

test('what cannot be done from here is told with what to do instead', async () => {
  const fresh = emptyDirectory();
  const nothing = await dialtally('backup', join(fresh, 'backup'), '--data-dir', join(fresh, 'none'));
  expect(nothing).toMatchObject({ code: 1, err: expect.stringContaining('There is nothing in') });
  const remote = ['--url', 'http://127.0.0.1:1', '--token', 'dt_x'];
  expect(await dialtally('backup', join(fresh, 'backup'), ...remote)).toMatchObject({
    code: 1,
    err: 'error: A backup is written on the machine of the server. Run it there, without --url and --token.\n',
  });
  expect(await dialtally('restore', join(fresh, 'backup'), ...remote)).toMatchObject({
    code: 1,
    err: 'error: A restore is done on the machine that the server will run on. Run it there, without --url and --token.\n',
  });
  expect(await dialtally('restore', fresh, '--data-dir', join(fresh, 'data'))).toMatchObject({
    code: 1,
    err: expect.stringContaining(`${fresh} is no backup: it has no manifest.json.`),
  });

  for (const command of ['backup', 'restore']) {
    const { out } = await dialtally(command, '--help');
    expect(out).toContain('--data-dir');
    expect(out).not.toMatch(/--url|--token/);
  }

  const served = start(['restore', fresh], { CLICKHOUSE_URL: 'http://127.0.0.1:1/telesales' });
  let said = '';
  served.stderr?.on('data', (text) => {
    said += text;
  });
  await new Promise((resolve) => served.once('close', resolve));
  expect(said).toContain("RESTORE DATABASE telesales FROM Disk('backups', 'NAME')");
});
