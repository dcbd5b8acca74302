import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { toOptionName } from '../../src/cli/show/faults.ts';
import { behindKindOf } from '../../src/engine/behind-params.ts';
import { partsOf } from '../../src/engine/report.ts';
import { reports } from '../../src/reports/index.ts';
import { endingAt, requiredOf } from '../questions.ts';
import { askServer, dialtally, dialtallyWith, emptyDirectory, june, serveAll } from './command-line.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const server = serveAll();

/** Two dials of agent 25 and one of agent 26 on June 1st, by two teams; one customer was won. */
const floor = {
  'campaigns.csv': 'campaign_id,name\n43,Renewals\n',
  'agents.csv': 'agent_id,name,team_id\n25,Đỗ Văn Thành,3\n26,王小明,4\n',
  'leads.csv':
    'lead_id,campaign_id,source,created_at\n71,43,fair,2026-05-30T01:00:00Z\n72,43,web,2026-05-30T02:00:00Z\n',
  'calls.csv': `call_id,campaign_id,agent_id,lead_id,cid,started_at,outcome,talk_sec,disposition_code,is_conversion
c1,43,25,71,0281,2026-06-01T20:00:00.400Z,answered,120,SALE,true
c2,43,25,72,0281,2026-06-01T21:00:00Z,no_answer,,SALE,
c3,43,26,72,0281,2026-06-01T22:00:00Z,answered,60,,
`,
};

beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'dialtally-cli-'));
  for (const [name, content] of Object.entries(floor)) writeFileSync(join(directory, name), content);
  const taken = await dialtally('import', directory, '--tenant', '1', '--data-dir', server.dataDir);
  rmSync(directory, { recursive: true });
  if (taken.code !== 0) throw new Error(taken.err);
});

const here = () => ['--tenant', '1', '--data-dir', server.dataDir];
const calls = (report: string, ...args: string[]) => dialtally('calls', report, ...here(), ...args);
const leads = (report: string, ...args: string[]) => dialtally('leads', report, ...here(), ...args);

describe('on the screen', () => {
  test('a title says which figure of which row it is, and the calls stand below by the clocks of the zone', async () => {
    const { out, err } = await calls(
      'agent-performance',
      ...june,
      '--agent-id',
      '25',
      '--timezone',
      'america/new_york',
    );
    expect(err).toBe('');
    const [title, , head, rule, ...lines] = out.split('\n');
    expect(title).toBe(
      'Agent performance: Dials, Agent id 25  |  tenant 1 (Tenant 1)  |  2026-06-01 to 2026-06-01  |  america/new_york',
    );
    // Names stand for ids, and nothing was blocked.
    expect(head).toBe(
      'Call id  Started              Campaign  Agent         Lead id  Caller ID  Outcome    Talk time (s)  Disposition  Converted',
    );
    expect(rule).toMatch(/^─{7} {2}─{19} {2}─{8}/);
    expect(lines).toEqual([
      'c1       2026-06-01 16:00:00  Renewals  Đỗ Văn Thành       71  0281       answered             120  SALE         yes',
      'c2       2026-06-01 17:00:00  Renewals  Đỗ Văn Thành       72  0281       no_answer              0  SALE         no',
      '',
    ]);
  });

  test('the figure is a column that is named, and filters narrow it as they do the report', async () => {
    const { out } = await calls(
      'dashboard',
      ...june,
      '--column',
      'conversions',
      '--campaign',
      '43',
      '--agents',
      '25,26',
    );
    expect(out).toMatch(/^Dashboard: Conversions {2}\| .*\| {2}UTC {2}\| {2}campaign 43 {2}\| {2}agents 25,26$/m);
    expect(out.match(/^c\d/gm)).toEqual(['c1']);
    const ofTeam = await calls('calls-by-team', ...june, '--team', '4');
    expect(ofTeam.out).toMatch(/^Calls by team: Dials, Team id 4 {2}\| .*\| {2}UTC$/m);
    expect(ofTeam.out.match(/^c\d/gm)).toEqual(['c3']);
  });

  test('what is of the present says so, and until when', async () => {
    const live = await calls('abandon-rate', '--campaign', '43', '--as-of', '2026-06-01T21:30:00Z');
    expect(live.out).toMatch(
      /^Abandon rate: Attempts {2}\| {2}tenant 1 \(Tenant 1\) {2}\| {2}until 2026-06-01T21:30:00Z {2}\| {2}UTC {2}\| {2}campaign 43$/m,
    );
    expect(live.out.match(/^c\d/gm)).toEqual(['c1', 'c2']);
  });

  test('leads stand with how far they came', async () => {
    const { out } = await leads('funnel', ...june, '--stage', 'Converted');
    expect(out.split('\n')[0]).toMatch(/^Funnel: Leads, Stage Converted {2}\| {2}tenant 1/);
    expect(out).toMatch(/^ {5}71 {11}43 {2}fair {4}2026-05-30 01:00:00 {2}yes {5}yes {8}yes {11}yes {7}yes$/m);
  });

  test('none are no calls or no leads, whoever is asked for', async () => {
    const nobody = await calls('agent-performance', ...june, '--agent-id', '9999');
    expect(nobody).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/\n\nNo calls\.\n$/) });
    const nowhere = await leads('lead-source-attribution', ...june, '--source', 'moon');
    expect(nowhere.out).toMatch(/\n\nNo leads\.\n$/);
  });

  test('a page that is not the last says how to get all', async () => {
    const first = await calls('time-series', ...june, '--bucket', '2026-06-01', '--limit', '2');
    expect(first.out).toMatch(/\n\nThe first 2 of more\. All of them: --out calls\.csv\n$/);
    const page = await calls('time-series', ...june, '--bucket', '2026-06-01', '--limit', '1', '--format', 'json');
    const { data, next } = JSON.parse(page.out);
    expect(data).toMatchObject([{ call_id: 'c1', started_at: '2026-06-01T20:00:00.400Z' }]);
    const second = await calls('time-series', ...june, '--bucket', '2026-06-01', '--limit', '1', '--after', next);
    expect(second.out.match(/^c\d/gm)).toEqual(['c2']);
    expect(second.out).toMatch(/\n\nThe next 1 of more\. /);
  });
});

test('every report has its command, with as many rows as its figure says', async () => {
  for (const report of reports) {
    const kind = behindKindOf(report);
    const asked = {
      ...requiredOf(report, { date_from: '2026-06-01', date_to: '2026-06-01', campaign_id: 43 }),
      ...endingAt(report, '2026-06-02T00:00:00Z'),
    };
    const path = `/api/telesales/reports/${report.name}?${new URLSearchParams(asked)}`;
    const { data } = await askServer(server.dataDir, 1, path);
    const [main] = partsOf(report);
    const rows = report.main === undefined ? [data].flat() : [data[main.name]];
    const row = rows.at(0) as Record<string, string | number>;
    const key = Object.fromEntries(report.key.map((name) => [name, String(row[name])]));
    const args = Object.entries({ ...asked, ...key }).flatMap(([name, value]) => [toOptionName(name), value]);
    const [table, file] = await Promise.all([
      dialtally(kind, report.name, ...here(), ...args),
      dialtally(kind, report.name, ...here(), ...args, '--format', 'ndjson'),
    ]);
    expect(table).toMatchObject({ code: 0, err: '', out: expect.stringContaining(`${report.title}: `) });
    expect(file).toMatchObject({ code: 0, err: '' });
    const figure = Object.keys(report.columns).find((name) =>
      table.out.startsWith(`${report.title}: ${report.columns[name]?.label}`),
    );
    expect(file.out.split('\n').length - 1, report.name).toBe(Number(row[figure ?? '']));
  }
});

test('files have every row and every column', async () => {
  const out = join(emptyDirectory(), 'calls.csv');
  const asked = ['agent-performance', ...june, '--agent-id', '26'];
  expect(await calls(...(asked as [string]), '--out', out)).toEqual({ code: 0, out: '', err: '' });
  const [head, ...lines] = readFileSync(out, 'utf8').split('\r\n');
  expect(head).toMatch(/^call_id,started_at,campaign_id,campaign_name,agent_id,.*,is_conversion$/);
  expect(lines).toEqual([expect.stringMatching(/^c3,2026-06-01T22:00:00\.000Z,43,Renewals,26,/), '']);
  const both = await calls(...(asked as [string]), '--format', 'csv', '--limit', '1', '--after', 'x');
  expect(both).toEqual({
    code: 1,
    out: '',
    err: 'error: --limit: A file has all of them. Leave it out.\nerror: --after: A file has all of them. Leave it out.\n',
  });
});

test.each([
  [
    'calls',
    'funnel',
    /^The figures of funnel count leads\. Ask so: dialtally leads funnel --tenant 1 --from \S+ --to \S+ --stage /,
  ],
  ['leads', 'dashboard', /^The figures of dashboard count calls\. Ask so: dialtally calls dashboard --tenant 1 /],
])('%s %s is another command’s, which is named', async (kind, report, sentence) => {
  for (const args of [[], ['--help'], ['--stage', 'Converted', ...june]]) {
    const { code, out, err } = await dialtally(kind, report, ...args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.replace('error: ', '')).toMatch(sentence);
  }
});

test('bad options are told by their names here', async () => {
  const bad = await calls(
    'agent-performance',
    ...june,
    '--agent-id',
    'x',
    '--column',
    'aht_sec',
    '--limit',
    '0',
    '--after',
    '!',
  );
  expect(bad).toMatchObject({ code: 1, out: '' });
  expect(bad.err.split('\n').sort()).toEqual([
    '',
    'error: --after must be "next" of the page before, as --format json has it.',
    'error: --agent-id must be a whole number from 0 to 9007199254740991.',
    'error: --column must be one of dials, answers, conversions.',
    'error: --limit must be a whole number from 1 to 1000.',
  ]);
  const missing = await calls('hour-dow-heatmap', ...june);
  expect(missing.err).toBe('error: --day-of-week is required.\nerror: --hour is required.\n');
  const unknown = await calls('dashboard', ...june, '--campaign', '99');
  expect(unknown).toMatchObject({ code: 1, out: '', err: 'error: There is no campaign 99.\n' });
  const misspelled = await dialtally('calls', 'agent-performanc');
  expect(misspelled.err).toBe("error: unknown command 'agent-performanc' (Did you mean agent-performance?)\n");
});

test('the help of a report names its row’s options and its figures', async () => {
  const { out } = await dialtally('calls', 'agent-performance', '--help');
  const help = out.replaceAll(/\s+/g, ' ');
  expect(help).toContain('--agent-id <n> of the row: agent user id (required)');
  expect(help).toContain(
    '--column <column> which figure: a column that counts; one of dials, answers, conversions (default: dials)',
  );
  expect(help).toContain(
    '$ dialtally calls agent-performance --tenant 1 --from 2026-06-01 --to 2026-06-10 --agent-id 25 --column conversions',
  );
  const all = await dialtally('leads', '--help');
  expect(all.out).toMatch(/^ {2}funnel \[options\] +Funnel$/m);
  expect(all.out).not.toContain('dashboard');
});

describe('with a token, at a server elsewhere', () => {
  const at = () => ['--url', JSON.parse(readFileSync(join(server.dataDir, 'server.json'), 'utf8')).url as string];
  const tokenOf = async (...role: string[]) =>
    (await dialtally('token', 'create', ...here(), '--role', ...role)).out.trim();

  test('whoever may read alone sees the first page, and takes nothing out', async () => {
    const env = { DIALTALLY_TOKEN: await tokenOf('read_only') };
    const out = join(emptyDirectory(), 'calls.csv');
    const asked = ['calls', 'dashboard', ...at(), ...june];
    expect((await dialtallyWith(env, ...asked)).out.match(/^c\d/gm)).toEqual(['c1', 'c2', 'c3']);
    expect(await dialtallyWith(env, ...asked, '--out', out)).toEqual({
      code: 1,
      out: '',
      err: 'error: A token of role read_only may not do this (exports).\n',
    });
  });

  test('a list that has fewer calls than its figure says why, also beside a file', async () => {
    const env = { DIALTALLY_TOKEN: await tokenOf('supervisor', '--team', '4') };
    const note = 'The figure counts calls of the whole tenant. This token shows those of team 4 alone.';
    const asked = ['calls', 'abandon-rate', ...at(), '--campaign', '43', '--as-of', '2026-06-02T00:00:00Z'];
    const table = await dialtallyWith(env, ...asked);
    expect(table.out.match(/^c\d/gm)).toEqual(['c3']);
    expect(table.out).toContain(`\n\n${note}\n`);
    const file = await dialtallyWith(env, ...asked, '--format', 'ndjson');
    expect(
      file.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).call_id),
    ).toEqual(['c3']);
    expect(file.err).toBe(`${note}\n`);
  });
});
