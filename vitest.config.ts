import { availableParallelism, totalmem } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { configDefaults, defineConfig, type Plugin } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { builtOf } from './test/built.ts';

/** Whatever tests import from src/ comes from its JavaScript. */
const fromBuilt: Plugin = {
  name: 'from-built',
  enforce: 'pre',
  resolveId(source, importer) {
    if (!importer || !source.startsWith('.')) return undefined;
    const path = relative(import.meta.dirname, resolve(dirname(importer), source));
    return /^src\/.*\.ts$/.test(path) ? { id: builtOf(path), external: true } : undefined;
  },
};

/** What takes long, whatever the size of its file: random worlds, and what starts processes or lets clients wait. */
const long = /\/(oracle|export\/reports|http\/fuzz|scripts\/[^/]+|(dialers|attack|cli|monitor)\/.+)\.test\.ts$/;

/** What takes long comes first, so that no worker is left alone with it at the end. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => long.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

// Two more than there are processors: some always wait, for clocks and for turns. Each brings an engine, and may start others.
const memoryOfWorker = 2 * 1024 ** 3;
const workers = Math.max(1, Math.min(availableParallelism() + 2, Math.floor(totalmem() / memoryOfWorker)));

export default defineConfig({
  plugins: [fromBuilt],
  server: { watch: { ignored: ['**/.tmp/**'] } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/built.ts'],
    setupFiles: ['test/setup.ts'],
    server: { deps: { external: [/\/\.tmp\/built\//] } },
    // What comes from there stands in no graph of modules.
    forceRerunTriggers: [...configDefaults.forceRerunTriggers, join(import.meta.dirname, 'src/**')],
    // chdb lives in a process, never in a worker thread.
    pool: 'forks',
    maxWorkers: workers,
    sequence: { sequencer: LongFirst },
    // A zone with an odd offset, so that nothing may lean on the machine's. A running query holds a thread of Node's pool.
    env: { TZ: 'Asia/Kathmandu', UV_THREADPOOL_SIZE: '16' },
    // What is waited for comes late on a busy machine.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
