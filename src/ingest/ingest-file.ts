/** The ingesting of one file on this machine. */
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { TableName } from '../tables.ts';
import type { Importer } from './importer.ts';
import { type IngestOptions, ingestParts } from './ingest-parts.ts';
import type { Format } from './layout.ts';
import type { MadeFrom } from './origin.ts';
import type { Reconciliation } from './reconciliation.ts';

/** One file to ingest. */
export interface FileToIngest {
  tenantId: number;
  table: TableName;
  format: Format;
  /** The file on this machine. */
  path: string;
  /** The name to tell people; the file's own when not given. */
  fileName?: string;
  /** All rows or none; unknown columns are refused too. */
  strict?: boolean;
  /** The instant that rows without `updated_at` count as updated at; larger than any before (`openStamp`). */
  stamp: number;
  /** The id of its import, when something else belongs to that as well. */
  importId?: string;
  /** What its rows were made from, when they were: it is NDJSON then. */
  madeFrom?: MadeFrom;
  onProgress?: IngestOptions['onProgress'];
  onRefused?: IngestOptions['onRefused'];
}

/**
 * Ingests a file: every record is read and checked before the first is stored, so a file that can't be read to its end
 * leaves nothing behind. To ingest the same file again changes nothing. Throws UnreadableFile when it can't be read.
 */
export async function ingestFile(importer: Importer, request: FileToIngest): Promise<Reconciliation> {
  const { path, fileName = basename(path), importId = randomUUID(), strict = false, ...others } = request;
  const { onProgress, onRefused, ...file } = others;
  const part = { importId, file: fileName, strict, firstRecord: 0, linesBefore: 0 };
  const [reconciliation] = await ingestParts(
    importer,
    { ...file, path, parts: [part] },
    { lane: 'files', onProgress, onRefused },
  );
  if (!reconciliation) throw new TypeError('a file of one part has one reconciliation');
  return reconciliation;
}
