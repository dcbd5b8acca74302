/** Rows that say what the ids are called which a mapping's names got. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Importer } from '../ingest/importer.ts';
import { ingestFile } from '../ingest/ingest-file.ts';
import type { NameKind } from '../ingest/names.ts';
import type { TableName } from '../tables.ts';

/** The tables whose rows say what an id is called. */
const tablesOf: Partial<Record<NameKind, { table: TableName; id: string }>> = {
  campaign: { table: 'campaigns', id: 'campaign_id' },
  agent: { table: 'agents', id: 'agent_id' },
  team: { table: 'teams', id: 'team_id' },
};

/** Older than any row that says when it was changed, and than any that was taken in. */
const oldest = '1971-01-01T00:00:00Z';

/**
 * Gives the ids of names their names in reports. These rows are older than any other, so that a row that somebody sent, or
 * sends later, stands.
 */
export async function storeNames(
  importer: Importer,
  from: {
    tenantId: number;
    /** The table that is being taken in: its own rows say their names themselves. */
    table: TableName;
    names: ReadonlyMap<NameKind, ReadonlyMap<string, number>>;
    directory: string;
    stamp: number;
  },
): Promise<void> {
  for (const [kind, names] of from.names) {
    const place = tablesOf[kind];
    if (!place || place.table === from.table || names.size === 0) continue;
    const rows = [...names].map(([name, id]) => ({
      [place.id]: id,
      name,
      ...(kind === 'agent' && { username: name }),
      updated_at: oldest,
    }));
    const path = join(from.directory, `${place.table}.ndjson`);
    await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''), { mode: 0o600 });
    await ingestFile(importer, {
      tenantId: from.tenantId,
      table: place.table,
      format: 'ndjson',
      path,
      stamp: from.stamp,
    });
  }
}
