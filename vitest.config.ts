import { dirname, relative, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vitest/config';
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

export default defineConfig({
  plugins: [fromBuilt],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/built.ts'],
    setupFiles: ['test/setup.ts'],
    server: { deps: { external: [/\/\.tmp\/built\//] } },
    forceRerunTriggers: ['src/**'],
    // chdb lives in a process, never in a worker thread. Two at a time: each brings its own engine.
    pool: 'forks',
    maxWorkers: 2,
    // A zone with an odd offset, so that nothing may lean on the machine's. A running query holds a thread of Node's pool.
    env: { TZ: 'Asia/Kathmandu', UV_THREADPOOL_SIZE: '16' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
