/** Repairs an embedded store that a full disk left with empty files, on which ClickHouse would open no table again. */
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Mends what a full disk left in an embedded store that nobody holds. ClickHouse: a purge that had no room for its own record leaves an
 * empty one, and a table with it is never opened again, nor is any other. Nothing of it was done, nor acknowledged. Gives the files.
 */
export async function mendAfterFullDisk(storePath: string): Promise<string[]> {
  const mended: string[] = [];
  const tables = join(storePath, 'store');
  for (const prefix of await namesIn(tables)) {
    for (const table of await namesIn(join(tables, prefix))) {
      for (const name of await namesIn(join(tables, prefix, table))) {
        if (!/^(mutation_\d+|format_version)\.txt$/.test(name)) continue;
        const path = join(tables, prefix, table, name);
        if ((await stat(path)).size > 0) continue;
        // A table whose making was cut short is empty, and dropped as any leftover once it can be read.
        if (name === 'format_version.txt') await writeFile(path, '1');
        else await rm(path);
        mended.push(path);
      }
    }
  }
  return mended;
}

const namesIn = (directory: string): Promise<string[]> => readdir(directory).catch(() => []);
