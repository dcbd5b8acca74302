import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // chdb lives in a process, never in a worker thread. Two at a time: each brings its own engine.
    pool: 'forks',
    maxWorkers: 2,
    execArgv: ['--import', 'tsx'],
    // A zone with an odd offset, so that nothing may lean on the machine's. A running query holds a thread of Node's pool.
    env: { TZ: 'Asia/Kathmandu', UV_THREADPOOL_SIZE: '16' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
