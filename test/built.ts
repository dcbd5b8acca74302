/**
 * src/ and test/ as JavaScript, made once for a run. Tests import the program from there, and start there what has a process of
 * its own: no process reads TypeScript again, and what is tested is what is shipped.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

const root = fileURLToPath(new URL('../', import.meta.url));
const directory = join(root, '.tmp', 'built');

/** Where the JavaScript of a source file is, which is named as from the root. */
export const builtOf = (source: string): string => join(directory, source.replace(/\.ts$/, '.js'));

/** Before the first test file. */
export default function build(project: TestProject): void {
  compile();
  project.onTestsRerun(async () => compile());
}

function compile(): void {
  // Made beside and then moved: what runs from there meanwhile never finds it half done.
  const unfinished = `${directory}-${process.pid}`;
  // Types are another check's.
  const options = ['--noEmit', 'false', '--noCheck', '--rootDir', root, '--outDir', unfinished];
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', root, ...options], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`src/ and test/ can't be compiled: ${stdout}`);
  // What the program reads beside its code.
  for (const path of ['src/store/migrations', 'examples/mappings', 'package.json']) {
    cpSync(join(root, path), join(unfinished, path), { recursive: true });
  }
  cpSync(consoleOf(), join(unfinished, 'src/web'), { recursive: true });
  rmSync(directory, { recursive: true, force: true });
  renameSync(unfinished, directory);
}

/** Where the console is built, as web/ is now: that takes seconds, and most runs change nothing of it. */
function consoleOf(): string {
  const madeOf = createHash('sha256');
  // Of src/ it takes types alone.
  const within = ['web', 'examples/mappings'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  for (const name of [...within.sort(), 'package-lock.json', 'scripts/build-console.js']) {
    const path = join(root, name);
    if (statSync(path).isFile()) madeOf.update(name).update(readFileSync(path));
  }
  const built = join(root, '.tmp', `web-${madeOf.digest('hex').slice(0, 16)}`);
  if (existsSync(built)) return built;
  const unfinished = `${built}-${process.pid}`;
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build-console.js'), unfinished], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`web/ can't be built: ${stderr}`);
  renameSync(unfinished, built);
  return built;
}
