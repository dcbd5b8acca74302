import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { TableName } from '../tables.ts';
import type { Importer } from './importer.ts';
import { ingestParts, type MadeFrom } from './ingest-parts.ts';
import type { Format } from './layout.ts';
import type { Reconciliation } from './reconciliation.ts';

/** One file to take in. */
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
  /** The instant that rows without `updated_at` count as updated at; larger than any before (`openClock`). */
  stamp: number;
  onProgress?: (phase: 'reading' | 'storing', rows: number) => void;
  /** The rows were made from another file, as NDJSON. */
  made?: MadeFrom;
}

/**
 * Takes a file in: every record is read and checked before the first is stored, so a file that can't be read to its end
 * leaves nothing behind. Taking the same file in again changes nothing. Throws UnreadableFile when it can't be read.
 */
export async function ingestFile(importer: Importer, request: FileToIngest): Promise<Reconciliation> {
  const { path, fileName, strict = false, onProgress, made, ...file } = request;
  const importId = made?.importId ?? randomUUID();
  const part = { importId, file: fileName ?? basename(path), strict, firstRecord: 0, linesBefore: 0 };
  const [reconciliation] = await ingestParts(
    importer,
    { ...file, path, parts: [part], ...(made && { made }) },
    { lane: 'files', onProgress },
  );
  if (!reconciliation) throw new TypeError('a file of one part has one reconciliation');
  return reconciliation;
}
