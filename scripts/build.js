// Compiles src/ into dist/, with the files beside the code that it reads, and web/ into dist/web.
import { spawnSync } from 'node:child_process';
import { cpSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));

/** Runs a script of ours to its end. Gives whether it went well. */
const run = (script, ...args) => spawnSync(process.execPath, [at(script), ...args], { stdio: 'inherit' }).status === 0;

// Built beside and then moved: what runs from dist/ meanwhile never finds it half done.
const unfinished = at(`dist-${process.pid}`);
if (
  run('node_modules/typescript/bin/tsc', '-p', at('tsconfig.build.json'), '--outDir', unfinished) &&
  run('scripts/build-console.js', `${unfinished}/web`)
) {
  cpSync(at('src/store/migrations'), `${unfinished}/store/migrations`, { recursive: true });
  rmSync(at('dist'), { recursive: true, force: true });
  renameSync(unfinished, at('dist'));
} else {
  rmSync(unfinished, { recursive: true, force: true });
  process.exitCode = 1;
}
