// npm start: installs and builds what is missing, then serves with the demo tenant.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** When a file, or the youngest of a directory's, was changed; 0 when it is not there. */
function changedAt(path) {
  const found = statSync(`${root}${path}`, { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(`${root}${path}`).map((name) => changedAt(`${path}/${name}`)));
}

function run(what, command, args) {
  console.log(what);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(`error: "${[command, ...args].join(' ')}" failed${error ? `: ${error.message}` : ''}.`);
  process.exit(1);
}

if (changedAt('node_modules/.package-lock.json') < changedAt('package-lock.json')) {
  run('Installing what is missing ...', 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund']);
}
const sources = [
  'src',
  'web',
  // The console brings the shipped mappings along.
  'examples/mappings',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build.js',
  'scripts/build-console.js',
];
const builtAt = statSync(`${root}dist/cli/main.js`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (builtAt < Math.max(...sources.map(changedAt))) run('Building ...', process.execPath, ['scripts/build.js']);

const server = spawn(process.execPath, ['bin/dialtally.js', 'serve', '--demo', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  // Requests are not logged beside the sign-in link.
  env: { LOG_LEVEL: 'warn', ...process.env },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal));
// npm runs this in a shell, which ends on a signal without passing it on.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) {
  setInterval(() => {
    if (process.ppid !== parent) server.kill('SIGTERM');
  }, 500).unref();
}
server.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
