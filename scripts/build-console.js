// The console's files, as a browser gets them: bundled, and each beside what it is when compressed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'vite';

const web = fileURLToPath(new URL('../web/', import.meta.url));

/** Builds web/ into a directory; whether it could be built (why not is said on stderr). */
export async function buildConsole(directory) {
  try {
    await build({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'warn', build: { outDir: directory } });
  } catch (error) {
    console.error(`error: the console can't be built: ${error.message}`);
    return false;
  }
  for (const name of readdirSync(directory, { recursive: true })) {
    if (!/\.(css|html|js|svg)$/.test(name)) continue;
    const path = join(directory, name);
    const bytes = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(bytes));
  }
  return true;
}
