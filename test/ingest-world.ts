/** How the rows of a random world get into a store. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Importer } from '../src/ingest/importer.ts';
import { ingestFile } from '../src/ingest/ingest-file.ts';
import type { Sending, World } from './oracle/plain/world.ts';
import { withoutTies } from './worlds.ts';

/** Sendings in a row for the same table go in as one file: its rows are taken in at the first one's instant. */
export function toFiles(world: World): { world: World; files: Sending[][] } {
  const files: Sending[][] = [];
  const byTable = new Map<string, Sending[]>();
  // Three batches keep corrections in other files than what they correct, and the number of files small.
  const size = Math.ceil(world.sendings.length / 3);
  for (let start = 0; start < world.sendings.length; start += size) {
    byTable.clear();
    for (const sending of world.sendings.slice(start, start + size)) {
      const key = `${sending.tenant_id} ${sending.table}`;
      const file = byTable.get(key) ?? [];
      if (file.length === 0) files.push(file);
      byTable.set(key, file);
      file.push({ ...sending, taken_in_at: file[0]?.taken_in_at ?? sending.taken_in_at });
    }
  }
  // A file's one instant may tie with the `updated_at` of another row.
  const kept = new Set(withoutTies(files.flat()));
  const distinct = files.map((file) => file.filter((sending) => kept.has(sending))).filter((file) => file.length > 0);
  return { world: { ...world, sendings: distinct.flat() }, files: distinct };
}

/** Puts a world into the store, under tenants of its own. */
export async function ingestWorld(
  importer: Importer,
  directory: string,
  files: Sending[][],
  tenantOf: (tenant: number) => number,
) {
  for (const file of files) {
    const [first] = file;
    if (!first) continue;
    const path = join(directory, `${first.table}.ndjson`);
    writeFileSync(path, file.map(({ row }) => JSON.stringify(row)).join('\n'));
    const result = await ingestFile(importer, {
      tenantId: tenantOf(first.tenant_id),
      table: first.table,
      format: 'ndjson',
      path,
      stamp: Date.parse(first.taken_in_at),
    });
    expect(result.first_refused).toEqual([]);
    expect(result.taken_in).toBe(file.length);
  }
}
