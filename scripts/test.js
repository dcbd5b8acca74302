// npm test: installs what is missing, builds, and runs every check and test. The last line is the total.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const results = `${root}.tmp/vitest.json`;
const bin = (name) => `${root}node_modules/.bin/${name}`;
const changedAt = (path) => statSync(`${root}${path}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;

let passed = 0;
let failed = 0;
let skipped = 0;

/** Runs a command to its end with its output on screen. Gives whether it went well. */
function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(`${command}: ${error.message}`);
  return status === 0;
}

/** Runs a command that is one check of the total. */
function check(title, command, args) {
  console.log(`\n== ${title}`);
  const isGood = run(command, args);
  if (isGood) passed++;
  else failed++;
  console.log(`${isGood ? 'passed' : 'FAILED'}: ${title}`);
  return isGood;
}

/** Runs the tests, each of which is one of the total; so is a file that can't even be read. */
function runTests() {
  console.log('\n== tests');
  mkdirSync(`${root}.tmp`, { recursive: true });
  rmSync(results, { force: true });
  const isGood = run(bin('vitest'), ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`]);
  let found;
  try {
    found = JSON.parse(readFileSync(results, 'utf8'));
  } catch {
    failed++;
    console.error('FAILED: the tests ended without a result');
    return;
  }
  const tests = found.testResults.flatMap((file) => file.assertionResults);
  const count = (...statuses) => tests.filter((test) => statuses.includes(test.status)).length;
  const unread = found.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  passed += count('passed');
  skipped += count('skipped', 'pending', 'todo', 'disabled');
  // A run that failed for a reason outside of its tests (an error that nobody caught) has failed all the same.
  const failures = count('failed') + unread;
  failed += isGood ? failures : Math.max(failures, 1);
  // A test that a machine can't run says why, and what would help, in its title.
  for (const test of tests.filter(({ status }) => status === 'skipped' || status === 'pending')) {
    console.log(`skipped: ${test.fullName}`);
  }
}

function total() {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

if (changedAt('node_modules/.package-lock.json') < changedAt('package-lock.json')) {
  console.log('== install');
  if (!run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'])) {
    failed++;
    console.error('FAILED: install. Is there a network? Try "npm ci" by hand.');
    console.log(`\n${total()}`);
    process.exit(1);
  }
}

check('build', process.execPath, ['scripts/build.js']);
check('types', bin('tsc'), ['--noEmit']);
check('types of the console', bin('tsc'), ['-p', 'web']);
check('style', bin('biome'), ['check', '--diagnostic-level=warn', '.']);
check('unused code', bin('knip'), ['--no-progress']);
check('generated files', process.execPath, ['--import', 'tsx', 'scripts/generate.ts', '--check']);
runTests();

console.log(`\n${total()}`);
process.exitCode = failed > 0 ? 1 : 0;
