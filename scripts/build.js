// Compiles src/ into dist/, with the files beside the code that it reads, and web/ into dist/web.
import { spawnSync } from 'node:child_process';
import { cpSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildConsole } from './build-console.js';

const root = new URL('../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));

// Built beside and then moved: what runs from dist/ meanwhile never finds it half done.
const unfinished = at(`dist-${process.pid}`);
const { status } = spawnSync(
  process.execPath,
  [at('node_modules/typescript/bin/tsc'), '-p', at('tsconfig.build.json'), '--outDir', unfinished],
  { stdio: 'inherit' },
);
if (status === 0 && (await buildConsole(`${unfinished}/web`))) {
  cpSync(at('src/store/migrations'), `${unfinished}/store/migrations`, { recursive: true });
  rmSync(at('dist'), { recursive: true, force: true });
  renameSync(unfinished, at('dist'));
} else {
  rmSync(unfinished, { recursive: true, force: true });
  process.exitCode = status || 1;
}
