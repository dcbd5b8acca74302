// Builds the console (web/) into a directory, as a browser gets it: bundled, and each file beside what it is when compressed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'vite';

const web = fileURLToPath(new URL('../web/', import.meta.url));
const outDir = resolve(process.argv[2] ?? 'dist/web');

// Whatever else runs here calls itself: what people get is never the slow build with checks for developers.
process.env.NODE_ENV = 'production';
await build({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'warn', build: { outDir } });
for (const name of readdirSync(outDir, { recursive: true })) {
  if (!/\.(css|html|js|svg)$/.test(name)) continue;
  const path = join(outDir, name);
  const bytes = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(bytes));
}
