/** The ingesting of a file, of one part or several: read apart, then stored at once. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { refusedRows } from '../store/kept/ingest.ts';
import type { RowFile } from '../store/row-files.ts';
import type { Importer } from './importer.ts';
import { noLimit } from './reader/no-limit.ts';
import type { PartedFile, ReadPart } from './reader/read-request.ts';
import type { Reconciliation } from './reconciliation.ts';
import { readFirstRefused } from './refused.ts';
import { physicalColumns } from './rows.ts';

/** How a file is ingested. */
export interface IngestOptions {
  lane: 'live' | 'files';
  onProgress?: ((phase: 'reading' | 'storing', rows: number) => void) | undefined;
  /** Is told how many rows of each group were refused, where rows say their group. */
  onRefused?: ((group: number, rows: number) => void) | undefined;
}

/**
 * Ingests a file: every record is read and checked, in a process of its own, before the first is stored, so a file that
 * can't be read to its end leaves nothing behind. Gives what became of each part. Throws UnreadableFile when the file
 * can't be read, TooManyCampaigns when the tenant would have too much.
 */
export async function ingestParts(
  importer: Importer,
  file: PartedFile,
  { lane, onProgress, onRefused }: IngestOptions,
): Promise<Reconciliation[]> {
  const { store, readers } = importer;
  const { tenantId, table, parts } = file;
  await mkdir(importer.directory, { recursive: true, mode: 0o700 });
  const [rows, refused] = await Promise.all([
    toRowFile(importer, table, physicalColumns(table)),
    toRowFile(importer, refusedRows.table, refusedRows.written),
  ]);
  try {
    const read = await readers.read(
      { ...file, limits: importer.limits, rows, refused },
      { lane, onProgress: onProgress && ((count) => onProgress('reading', count)) },
    );
    await importer.campaigns.assertRoom(tenantId, read.campaignIds);
    const refusing = read.parts.flatMap((part, index) => (part.refused > 0 ? [parts[index]?.importId ?? ''] : []));
    if (refusing.length > 0) await refusedRows.addFile(store, refused, { ...noLimit, lane, tenantId });
    for (const { group, rows: count } of read.groups) onRefused?.(group, count);
    if (read.parts.some(({ good }) => good > 0)) {
      const onStored = onProgress && ((count: number) => onProgress('storing', count));
      await store.insertFile(table, rows, { ...noLimit, lane, tenantId, ...(onStored && { onProgress: onStored }) });
      importer.arrivals.tell(tenantId, table);
      if (table === 'calls') importer.lastArrivals.note(tenantId, read.campaignIds);
    }
    const first = await readFirstRefused(store, tenantId, refusing, { lane });
    return parts.map(({ importId, file: fileName }, index) => {
      const part = read.parts[index] as ReadPart;
      return {
        import_id: importId,
        table,
        file: fileName,
        rows_read: part.rows,
        taken_in: part.good,
        refused: part.refused,
        refused_by: part.refusedBy,
        unknown_columns: part.unknownColumns,
        first_refused: first.get(importId) ?? [],
        ...(part.heldBack && { held_back: part.heldBack }),
      };
    });
  } finally {
    await Promise.all([rm(rows.path, { force: true }), rm(refused.path, { force: true })]);
  }
}

/** A file for rows of a table, which is not there yet. */
async function toRowFile(importer: Importer, table: string, columns: readonly string[]): Promise<RowFile> {
  const types = new Map((await importer.columnsOf(table)).map(({ name, type }) => [name, type]));
  return {
    path: join(importer.directory, randomUUID()),
    columns: columns.map((name) => ({ name, type: types.get(name) ?? 'String' })),
  };
}
