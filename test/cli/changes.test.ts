import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { changeTexts, toColored, withAsides } from '../../src/cli/show/changes.ts';
import dashboard from '../../src/reports/dashboard.ts';
import { dialtally, directoryOf, emptyDirectory, floor, june, serve } from './command-line.ts';

vi.setConfig({ testTimeout: 120_000 });

const figures = {
  total_dials: 150,
  total_answers: 90,
  answer_rate_pct: '60.00',
  total_talk_time_sec: '40',
  unique_agents: 1,
};
const compared = {
  key: {},
  previous: {},
  change: {
    total_dials: 50,
    total_answers: -10,
    answer_rate_pct: 2.1,
    total_talk_time_sec: -4,
    unique_agents: null,
    conv_rate: null,
    pdpl_blocked_count: 0,
  },
  better: { total_answers: false, answer_rate_pct: true },
};

test('a change is a short text, with a mark where it is good or bad', () => {
  const texts = changeTexts(dashboard.columns, figures, compared);
  expect(Object.fromEntries(texts)).toMatchObject({
    total_dials: '+50.00 %',
    total_answers: '-10.00 % ▼',
    answer_rate_pct: '+2.10 pp ▲',
    total_talk_time_sec: '-4 s',
    unique_agents: 'new',
    conv_rate: '',
    pdpl_blocked_count: '=',
  });
  const gone = changeTexts(
    dashboard.columns,
    { total_answers: 0 },
    { ...compared, named: {}, change: { total_answers: -100 } },
  );
  expect(gone.get('total_answers')).toBe('gone ▼');
});

test('a terminal that takes colors shows them, and nothing that was in a name', () => {
  expect(toColored('An  -10.00 % ▼  +2.10 pp ▲')).toBe('An  \x1b[31m-10.00 % ▼\x1b[39m  \x1b[32m+2.10 pp ▲\x1b[39m');
  expect(toColored('\x1b[31mRed ▼')).toBe('\ufffd[31mRed ▼');
});

test('texts stand behind lines in a column', () => {
  expect(withAsides('Dials  12\nAnswers 3', ['+1 %', ''])).toBe('Dials  12  +1 %\nAnswers 3');
});

test('each report is compared on the command line', async () => {
  const dataDir = emptyDirectory();
  await serve(dataDir);
  await dialtally('import', directoryOf(floor), '--tenant', '1', '--data-dir', dataDir);
  const report = (name: string, ...args: string[]) =>
    dialtally('report', name, '--tenant', '1', '--data-dir', dataDir, ...args);

  const agents = await report('agent-performance', ...june, '--compare', '2026-06-02..2026-06-02');
  const [title, , head, , ...lines] = agents.out.split('\n');
  expect(title).toMatch(/ {2}\| {2}compared with 2026-06-02$/);
  expect(head).toMatch(/^Agent id {2}Agent {9}Username {2}Dials {2}\+\/- {2}Answers {2}\+\/- {2}AHT/);
  expect(lines[0]).toMatch(/^ {6}26 {2}王小明 {22}2 {2}new {8}1 {2}new/);
  // Nobody dialed on the day before: those who did are gone on it.
  const before = ['--from', '2026-05-31', '--to', '2026-05-31'];
  const gone = await report('agent-performance', ...before, '--compare', '2026-06-01..2026-06-01');
  expect(gone.out).toMatch(/^ {6}26 {2}王小明 {22}0 {2}gone {8}0 {2}gone ▼/m);
  expect(gone.out).toContain('▲ better, ▼ worse');

  const dashboard = await report('dashboard', ...june, '--compare', 'week');
  expect(dashboard.out).toMatch(/^Dials +\d+ +new$/m);
  const heatmap = await report('hour-dow-heatmap', ...june, '--compare', '2026-06-01..2026-06-01');
  expect(heatmap.out).toContain('No changes that can be told.');
  const live = await report('abandon-rate', '--campaign', '43', '--compare', 'previous');
  expect(live).toMatchObject({ code: 0, out: expect.stringContaining('compared with ') });

  const json = await report('dashboard', ...june, '--compare', 'year', '--format', 'json');
  expect(Object.keys(JSON.parse(json.out))).toEqual(['data', 'comparison']);
  const bad = await report('dashboard', ...june, '--compare', 'yesterday', '--out', join(dataDir, 'x.csv'));
  expect(bad.err).toBe(
    'error: --compare must be one of previous, week, year, or two ISO 8601 dates or instants such as 2026-05-01..2026-05-31.\n',
  );
});
