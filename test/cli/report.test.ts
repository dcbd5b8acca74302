import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { toOptionName } from '../../src/cli/show/faults.ts';
import { reports } from '../../src/reports/index.ts';
import { requiredOf, variantsOf } from '../questions.ts';
import { dialtally, directoryOf, emptyDirectory, floor, june, serve } from './command-line.ts';

vi.setConfig({ testTimeout: 120_000 });

test('tables line up, files are exact, and bad options are told at once', async () => {
  const dataDir = emptyDirectory();
  await serve(dataDir);
  await dialtally('import', directoryOf(floor), '--tenant', '1', '--data-dir', dataDir);
  const report = (name: string, ...args: string[]) =>
    dialtally('report', name, '--tenant', '1', '--data-dir', dataDir, ...args);

  const agents = await report('agent-performance', ...june, '--timezone', 'asia/ho_chi_minh');
  const [title, , head, rule, ...lines] = agents.out.split('\n');
  expect(title).toBe('Agent performance  |  tenant 1 (Tenant 1)  |  2026-06-01 to 2026-06-01  |  asia/ho_chi_minh');
  expect(head).toMatch(/^Agent id {2}Agent {9}Username {2}Dials {2}Answers/);
  expect(rule).toMatch(/^─{8} {2}─{12} {2}─/);
  // A Chinese character takes two columns of a terminal.
  expect(lines[0]).toMatch(/^ {6}26 {2}王小明 {22}2 {8}1 /);
  expect(lines[1]).toMatch(/^ {6}25 {2}Đỗ Văn Thành {16}1 {8}1 /);

  const dashboard = await report('dashboard', ...june, '--agents', '26', '--agents', '27');
  expect(dashboard.out).toContain('agents 26,27');
  expect(dashboard.out).toMatch(/^Dials +2$/m);
  const heatmap = await report('hour-dow-heatmap', ...june);
  expect(heatmap.out).toMatch(/^Mon {3}· {3}· 100 100 {3}0 {3}·/m);
  const live = await report('abandon-rate', '--campaign', '43', ...june);
  expect(live.out).toMatch(/^Campaign +Renewals$/m);
  expect(live.out).toContain('No breaches.');

  const told = await report('time-series', ...june, '--with', 'about', '--with', 'about');
  expect(
    told.out
      .split('\n\n')
      .at(-1)
      ?.split('\n')
      .map((line) => line.split(/ {2,}/)[0]),
  ).toEqual(['Data until', 'Window ended', 'Not yet disposed', 'Definitions', 'Refused rows, 30 days', '']);
  expect(told.out).toMatch(/^Not yet disposed +2026-06-01: \d of \d/m);
  const answered = await report('time-series', ...june, '--with', 'about', '--format', 'json');
  expect(Object.keys(JSON.parse(answered.out))).toEqual(['data', 'about']);
  expect(await report('time-series', ...june, '--with', 'all')).toMatchObject({
    code: 1,
    err: 'error: --with must be some of about.\n',
  });
  const help = (await report('time-series', '--help')).out;
  expect(help).toMatch(/--with <about> +about: also what the answer is made of/);

  const csv = await report('time-series', ...june, '--group-by', 'hour', '--format', 'csv');
  expect(csv.out.split(/\r?\n/)[0]).toBe('bucket,dials,answers,talk_sec,conversions');
  const out = join(dataDir, 'june.xlsx');
  expect(await report('dashboard', ...june, '--out', out)).toMatchObject({ code: 0, out: '', err: '' });
  expect(readFileSync(out).subarray(0, 2).toString()).toBe('PK');

  const json = await report('dashboard', ...june, '--format', 'json');
  const ndjson = await report('dashboard', ...june, '--format', 'ndjson');
  expect(JSON.parse(ndjson.out)).toEqual(JSON.parse(json.out).data);
  const [plain, typed] = [join(dataDir, 'june.ndjson'), join(dataDir, 'june.parquet')];
  expect(await report('dashboard', ...june, '--out', plain)).toMatchObject({ code: 0, out: '', err: '' });
  expect(readFileSync(plain, 'utf8')).toBe(ndjson.out);
  expect(await report('dashboard', ...june, '--out', typed)).toMatchObject({ code: 0, out: '', err: '' });
  expect(readFileSync(typed).subarray(-4).toString()).toBe('PAR1');

  const bad = await report(
    'time-series',
    '--from',
    '2026-06-02',
    '--to',
    'soon',
    '--timezone',
    'Mars',
    '--group-by',
    'x',
  );
  expect(bad).toMatchObject({ code: 1, out: '' });
  expect(bad.err.split('\n').sort()).toEqual([
    '',
    'error: --group-by must be one of day, week, hour.',
    'error: --timezone must be a TZDB name such as Asia/Ho_Chi_Minh or UTC.',
    expect.stringMatching(/^error: --to must be an ISO 8601 date or instant/),
  ]);
  const unknown = await report('dashboard', ...june, '--campaign', '99');
  expect(unknown).toMatchObject({ code: 1, err: 'error: There is no campaign 99.\n' });
});

test('every report has its command: a table with its title, and a file with its columns', async () => {
  const dataDir = emptyDirectory();
  await serve(dataDir);
  const here = ['--tenant', '1', '--data-dir', dataDir];
  await dialtally('import', directoryOf(floor), ...here);
  const toOptions = (asked: object) => Object.entries(asked).flatMap(([name, value]) => [toOptionName(name), value]);
  for (const report of reports) {
    const asked = requiredOf(report, { date_from: '2026-06-01', date_to: '2026-06-01', campaign_id: 43 });
    const [table, file] = await Promise.all([
      dialtally('report', report.name, ...here, ...toOptions(asked)),
      dialtally(
        'report',
        report.name,
        ...here,
        ...toOptions({ ...asked, ...variantsOf(report).at(-1) }),
        '--format',
        'csv',
      ),
    ]);
    expect(table).toMatchObject({ code: 0, err: '', out: expect.stringContaining(`${report.title}  |  tenant 1`) });
    expect(file).toMatchObject({ code: 0, err: '' });
    expect(file.out.split(/\r?\n/)[0]).toBe(Object.keys(report.columns).join(','));
  }
});

test.each([
  [['imprt'], "error: unknown command 'imprt' (Did you mean import?)"],
  [['report', 'dashbord'], "error: unknown command 'dashbord' (Did you mean dashboard?)"],
  [['report', 'dashboard', '--frm', '2026-06-01'], "error: unknown option '--frm' (Did you mean --from?)"],
  [
    ['report', 'dashboard', '--tenant', '0'],
    "error: option '--tenant <n>' argument '0' is invalid. It must be a whole number from 1.",
  ],
  [['report', 'dashboard', '--url', 'here'], 'error: --url must look like http://127.0.0.1:8080.'],
  [
    ['report', 'dashboard', '--url', 'http://127.0.0.1:9'],
    'error: --url needs --token, which an admin makes with "dialtally token create".',
  ],
  [['token', 'list', '--token', 'x'], 'error: --token needs --url, the address of a server.'],
])('%j is answered in one line', async (args, line) => {
  expect(await dialtally(...args)).toEqual({ code: 1, out: '', err: `${line}\n` });
});

test('a directory without data is not an empty report', async () => {
  const dataDir = join(emptyDirectory(), 'typo');
  const ended = await dialtally('report', 'dashboard', '--tenant', '1', ...june, '--data-dir', dataDir);
  expect(ended).toMatchObject({ code: 1, err: expect.stringContaining(`There is nothing in ${dataDir} yet.`) });
  expect(existsSync(dataDir)).toBe(false);
});
