import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { dialtally, directoryOf, emptyDirectory, serve } from './command-line.ts';

vi.setConfig({ testTimeout: 180_000 });

const example = new URL('../../examples/mappings/asterisk-cdr-csv.json', import.meta.url).pathname;
const line = (id: string, rest: { disposition?: string; context?: string } = {}) =>
  `"OUT","0287","0912345678","${rest.context ?? 'dialer'}","x","a","b","Dial","c","2026-06-01 09:00:00","","2026-06-01 09:01:00",65,60,"${rest.disposition ?? 'ANSWERED'}","DOCUMENTATION","${id}",""\n`;
const file = `${line('1.1')}${line('1.1')}${line('1.2', { disposition: 'WHAT' })}${line('1.3', { context: 'from-trunk' })}`;

const report = `File        Rows read  Skipped  Merged  Refused  Taken in
──────────  ─────────  ───────  ──────  ───────  ────────
Master.csv          4        1       1        1         1

Master.csv: skipped: 1 inbound

Master.csv: 2 parts became 1 call: once

disposition  Rows  Skipped  Merged  Refused  Taken in  As
───────────  ────  ───────  ──────  ───────  ────────  ──────────
ANSWERED        3        1       1        0         1  1 answered
WHAT            1        0       0        1         0

Master.csv: calls taken in by outcome: 1 answered

Refused  File        Field                           Reason
───────  ──────────  ──────────────────────────────  ─────────────────────────────────
      1  Master.csv  disposition, billsec (outcome)  none of the mapping\u2019s cases holds

The first of them:
  Master.csv line 3: disposition, billsec (outcome): none of the mapping\u2019s cases holds (was disposition "WHAT", billsec "60")
`;

test('a file goes in by a mapping: alone, beside a server, and to one elsewhere', async () => {
  const dataDir = emptyDirectory();
  const master = join(directoryOf({ 'Master.csv': file }), 'Master.csv');
  const args = ['import', '--mapping', example, master, '--tenant', '1'];
  const alone = await dialtally(...args, '--data-dir', dataDir);
  expect(alone.code).toBe(2);
  expect(alone.out).toContain(report);
  const server = await serve(dataDir);
  expect(server.exitCode).toBe(null);
  const beside = await dialtally(...args, '--data-dir', dataDir);
  expect(beside.out).toContain(report);
  const { url } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { url: string };
  const token = (
    await dialtally('token', 'create', '--tenant', '1', '--role', 'ingest', '--data-dir', dataDir)
  ).out.trim();
  const elsewhere = await dialtally('import', '--mapping', example, master, '--url', url, '--token', token);
  expect(elsewhere).toMatchObject({ code: 2, err: '', out: expect.stringContaining(report) });
  const asked = [
    'report',
    'dashboard',
    '--tenant',
    '1',
    '--from',
    '2026-06-01',
    '--to',
    '2026-06-01',
    '--data-dir',
    dataDir,
  ];
  expect((await dialtally(...asked)).out).toMatch(/^Dials +1$/m);
});

test('check names what is wrong, preview shows what the first rows become', async () => {
  expect(await dialtally('mapping', 'check', example)).toMatchObject({
    code: 0,
    out: expect.stringContaining('good. Table calls: call_id, campaign_id'),
  });
  const files = directoryOf({
    'bad.json': '{ "table": "calls", "columns": { "call_id": "id", "otcome": "x" } }',
    'Master.csv': file,
    'empty.csv': '',
  });
  const bad = await dialtally('mapping', 'check', join(files, 'bad.json'));
  expect(bad).toMatchObject({ code: 1, out: '' });
  expect(bad.err).toMatch(
    /bad\.json: 4 faults\n {2}\$\.columns\.otcome\n {4}There is no "otcome" here\. Did you mean "outcome"\?/,
  );
  // What it lacks is named along with it.
  for (const column of ['campaign_id', 'started_at', 'outcome'])
    expect(bad.err).toContain(`  $.columns.${column}\n    It is missing`);
  expect((await dialtally('mapping', 'check', join(files, 'none.json'))).err).toContain('There is no mapping');

  const preview = await dialtally('mapping', 'preview', example, join(files, 'Master.csv'), '--rows', '3');
  expect(preview).toMatchObject({ code: 0, err: '' });
  expect(preview.out).toContain(' 1.1      (id of OUT)  (hash)   0287  2026-06-01T02:00:00.000Z  answered  60');
  expect(preview.out).toContain('  line 3: disposition, billsec (outcome): none of the mapping');
  expect(preview.out).not.toContain('912345678');
  expect(preview.out).toContain(
    'Rows with the same linkedid, else uniqueid become one call when they go in where they have the same uniqueid or dst, or the one\u2019s dstchannel is the other\u2019s channel.',
  );
  expect(await dialtally('mapping', 'preview', example, join(files, 'empty.csv'))).toMatchObject({
    code: 1,
    err: 'error: The file is empty.\n',
  });
  expect(JSON.parse((await dialtally('mapping', 'schema')).out)).toMatchObject({ type: 'object' });
});

test('JSON is told by its records, and what no file of all has is told once', async () => {
  const mapping = {
    table: 'calls',
    file: { format: 'json' },
    columns: {
      call_id: 'id',
      campaign_id: { value: '7' },
      started_at: { value: '2026-06-01T09:00:00Z' },
      outcome: 'result.word',
      talk_sec: 'result.secs',
      cid: 'cid',
    },
  };
  const files = directoryOf({
    'mapping.json': JSON.stringify(mapping),
    'a.json': '[{"id":1,"result":{"word":"busy"},"cid":null},\n5,{"id":{},"result":{"word":"busy"}}]',
    'b.json': '{"id":2,\n "result":{"word":"answered","sec":9}}{"id":3,"result":{"word":"?"}}',
    'c.json': '[{"id":4}',
  });
  const path = join(files, 'mapping.json');
  const preview = await dialtally('mapping', 'preview', path, join(files, 'a.json'));
  expect(preview).toMatchObject({ code: 0, err: '' });
  expect(preview.out).toMatch(/^Record +call_id/);
  expect(preview.out).toContain('  record 2: (record): is a single value, not an object\n  record 3: id: is an object');
  expect(preview.out).toContain('None of these records has result.secs: it is taken as empty.\n');
  const done = await dialtally('import', files, '--mapping', path, '--tenant', '1', '--data-dir', emptyDirectory());
  expect(done.code).toBe(1);
  expect(done.out).toMatch(/^total +5 +0 +0 +3 +2$/m);
  // One file has a caller ID, and another what was meant.
  expect(done.out.match(/^No record.*$/gm)).toEqual([
    'No record of these files has result.secs: it was taken as empty. Did you mean "result.sec"?',
  ]);
  expect(done.out).toContain('  a.json record 2 (line 2): (record): is a single value, not an object\n');
  expect(done.out).toContain('  b.json record 2: result.word (outcome): must be one of');
  expect(done.out).toContain('c.json: The file is no JSON from line 1 on: its list is never closed.');
});

test('a table and a mapping contradict each other; a bad mapping takes nothing in', async () => {
  const files = directoryOf({ 'Master.csv': file, 'bad.json': '{}' });
  const dataDir = emptyDirectory();
  const both = await dialtally(
    'import',
    files,
    '--mapping',
    example,
    '--table',
    'calls',
    '--tenant',
    '1',
    '--data-dir',
    dataDir,
  );
  expect(both).toMatchObject({
    code: 1,
    err: 'error: The mapping says which table it is. Leave --table out.\n',
  });
  const bad = await dialtally(
    'import',
    files,
    '--mapping',
    join(files, 'bad.json'),
    '--tenant',
    '1',
    '--data-dir',
    dataDir,
  );
  expect(bad).toMatchObject({ code: 1, err: expect.stringContaining('$.table') });
});

test('the mapping is no file of its own directory, and a file that is not there is told', async () => {
  const files = directoryOf({ 'a.csv': line('1.1'), 'mapping.json': readFileSync(example, 'utf8') });
  const mapping = join(files, 'mapping.json');
  const taken = await dialtally('import', files, '--mapping', mapping, '--tenant', '1', '--data-dir', emptyDirectory());
  expect(taken.out).toMatch(/^a\.csv +1 +0 +0 +0 +1$/m);
  expect(taken.out).not.toContain('mapping.json');
  const nowhere = join(files, 'nope.csv');
  expect(await dialtally('mapping', 'preview', mapping, nowhere)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining(`There is no file ${nowhere}.`),
  });
});
