import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

// In a copy of the project: a report that was begun, and one that has another name, pass as they are.
const root = fileURLToPath(new URL('../../', import.meta.url));
const parts = ['src', 'web', 'test', 'docs', 'scripts', 'bench', 'bin', 'examples'];
const files = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', '.gitignore'],
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'biome.json', 'knip.json', 'vitest.config.ts'],
];
const patienceMs = 600_000;
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'dialtally-report-'));
  for (const part of [...parts, ...files]) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Runs a program in the copy. Gives how it ended, and what it said. */
async function run(program: string, ...args: string[]): Promise<{ code: number | null; said: string }> {
  // What this run of tests is told by its environment is not for the one in the copy.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  const child = spawn(program, args, { cwd: copy, env: { ...env, ORACLE_RUNS: '1', NO_COLOR: '1' } });
  const [out, err] = [text(child.stdout), text(child.stderr)];
  const [code] = await once(child, 'close');
  return { code, said: (await out) + (await err) };
}

const script = (name: string, ...args: string[]) =>
  run(process.execPath, '--import', 'tsx', join('scripts', `${name}.ts`), ...args);
const bin = (name: string, ...args: string[]) => run(join('node_modules', '.bin', name), ...args);

async function expectGood(running: Promise<{ code: number | null; said: string }>): Promise<void> {
  const { code, said } = await running;
  expect(code, said).toBe(0);
}

const expectChecked = async () => {
  await expectGood(bin('tsc', '--noEmit'));
  await expectGood(bin('biome', 'check', '--diagnostic-level=warn', '.'));
  await expectGood(script('generate', '--check'));
};

test(
  'a report that was begun passes every check, and is asked by every test',
  async () => {
    await expectGood(script('new-report', 'calls-by-campaign'));
    await expectChecked();
    await expectGood(bin('knip', '--no-progress'));
    const tests = ['test/catalogue.test.ts', 'test/reports/calls-by-campaign.test.ts', 'test/oracle.test.ts'];
    await expectGood(bin('vitest', 'run', '--maxWorkers=1', ...tests));
    expect(await script('new-report', 'calls-by-campaign')).toMatchObject({
      code: 1,
      said: 'There is a src/reports/calls-by-campaign.ts already.\n',
    });
  },
  patienceMs,
);

test(
  'under another name it passes them too, and nothing of the old one is left',
  async () => {
    const renamed = await script('rename-report', 'calls-by-campaign', 'dials-by-campaign');
    expect(renamed.code, renamed.said).toBe(0);
    expect(renamed.said).toContain('/api/telesales/reports/calls-by-campaign');
    expect(existsSync(join(copy, 'docs/reports/calls-by-campaign.md'))).toBe(false);
    expect(readFileSync(join(copy, 'docs/reports/README.md'), 'utf8')).toContain('(dials-by-campaign.md)');
    await expectChecked();
    await expectGood(bin('vitest', 'run', '--maxWorkers=1', 'test/reports/dials-by-campaign.test.ts'));
  },
  patienceMs,
);

test.each([
  ['new-report', ['Calls'], /can't be a report's name/],
  ['new-report', [], /Give one name/],
  ['rename-report', ['nothing', 'something'], /There is no report nothing/],
  ['rename-report', ['funnel', 'lead-funnel'], /the contract prints/],
  ['rename-report', ['dials-by-campaign', 'funnel'], /There is a src\/reports\/funnel.ts already/],
] as const)('%s %j is refused with the reason', async (name, args, reason) => {
  expect(await script(name, ...args)).toMatchObject({ code: 1, said: expect.stringMatching(reason) });
});
