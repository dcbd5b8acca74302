#!/usr/bin/env node
// CommonJS on purpose: the size of Node's thread pool must be known before anything else runs.
// Each running query of the embedded engine holds one of its threads.
process.env.UV_THREADPOOL_SIZE ??= '16';

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const main = join(__dirname, '..', 'dist', 'cli', 'main.js');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: Dialtally needs Node 20.19 or later, and this is ${process.version}.`);
  process.exitCode = 1;
} else if (!existsSync(main)) {
  console.error('error: Dialtally is not built yet. Run: npm ci && npm run build');
  process.exitCode = 1;
} else {
  import(pathToFileURL(main).href);
}
