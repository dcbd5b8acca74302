import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Store } from '../store/store.ts';
import type { TableName } from '../store/tables.ts';
import { type Format, type Reading, readLayout } from './layout.ts';
import { type MadeFrom, type Reconciliation, takeParts } from './parts.ts';

/** What became of a file. */
export type { Reconciliation };

/** One file to take in. */
export interface ImportRequest {
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
export async function importFile(store: Store, request: ImportRequest): Promise<Reconciliation> {
  const { tenantId, table, path, format, strict = false, stamp, onProgress, made } = request;
  const file = request.fileName ?? basename(path);
  const reading: Reading = { ...(await readLayout(path, table, format)), ...(made && { isMade: true }) };
  const part = { importId: made?.importId ?? randomUUID(), file, strict, firstRecord: 0, linesBefore: 0 };
  const [reconciliation] = await takeParts(
    store,
    { path, table, reading, tenantId, stamp, parts: [part], ...(made && { made }) },
    (phase) => onProgress && ((rows) => onProgress(phase, rows)),
  );
  if (!reconciliation) throw new TypeError('a file of one part has one reconciliation');
  return reconciliation;
}
