/** How threads of ours are started, from compiled files and from source alike. */
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a thread that runs a module of ours, named by the address of its compiled file. As source it is TypeScript, for which
 * a thread of Node 20 needs the loader to be named in it. Such a module must never reach the embedded engine, which no other thread
 * may load.
 */
export function openThread(script: URL, options: WorkerOptions): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(script, options);
  const source = JSON.stringify(script.href.replace(/js$/, 'ts'));
  const begin = `import('tsx/esm/api').then(({ register }) => { register(); return import(${source}); })`;
  return new Worker(begin, { ...options, eval: true });
}
