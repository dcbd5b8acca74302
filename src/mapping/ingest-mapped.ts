/** The ingesting of a file by a mapping: its rows are made apart, then go the way of any other file's. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Importer } from '../ingest/importer.ts';
import { ingestFile } from '../ingest/ingest-file.ts';
import { idsOf } from '../ingest/names.ts';
import { readRefused } from '../ingest/refused.ts';
import { refusedRows } from '../store/kept/ingest.ts';
import type { KeptRowOf } from '../store/kept.ts';
import type { Store } from '../store/store.ts';
import type { BadRow } from './convert.ts';
import type { Mapping } from './language/mapping.ts';
import { longRules } from './language/rule-columns.ts';
import type { Makers } from './makers.ts';
import { storeNames } from './name-rows.ts';
import type { MappedReconciliation } from './reconciliation.ts';
import { MappedTally } from './tally.ts';
import { readHashKey } from './values/phone-hash.ts';

/** One file to ingest by a mapping. */
export interface MappedFileToIngest {
  tenantId: number;
  mapping: Mapping;
  /** The file as it comes: it is read once, and nothing of it is written down but what the mapping makes of it. */
  bytes: AsyncIterable<Uint8Array>;
  /** How long the file is, when that is known. */
  size?: number | undefined;
  /** The name to tell people. */
  fileName: string;
  strict?: boolean;
  stamp: number;
  /** Asked when the file is read to its end, before anything is taken in: what the same request was answered before. */
  findBefore?: () => Promise<MappedReconciliation | undefined>;
  onProgress?: (phase: 'mapping' | 'reading' | 'storing', rows: number) => void;
  /** Ends the making of rows, when nobody waits for the answer any more. */
  signal?: AbortSignal | undefined;
  /** Told how many bytes are about to be written of how many of the file's rows; may throw when there is no room for them. */
  onMade?: (bytes: number, rows: number) => Promise<void>;
}

/** What ingests files by mappings: what ingests any file, and the threads that make rows of theirs. */
export interface MappedImporter {
  importer: Importer;
  makers: Makers;
}

/** Ingests a file as a mapping says. Its rows become ours first, then they take the way of any other file's. */
export async function ingestMapped(mapped: MappedImporter, request: MappedFileToIngest): Promise<MappedReconciliation> {
  const directory = join(mapped.importer.directory, randomUUID());
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    return await ingestIn(mapped, request, directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function ingestIn(
  { importer, makers }: MappedImporter,
  request: MappedFileToIngest,
  directory: string,
): Promise<MappedReconciliation> {
  const { store } = importer;
  const { tenantId, mapping, fileName, strict = false } = request;
  const { table } = mapping;
  const importId = randomUUID();
  const isPhone = Object.values(mapping.columns)
    .flatMap(longRules)
    .some(({ as }) => as === 'phone');
  const made = await makers.make(
    { tenantId, signal: request.signal },
    { mapping, directory, size: request.size, hashKey: isPhone ? await readHashKey(store, tenantId) : undefined },
    {
      bytes: request.bytes,
      idsOf: (kind, names) => idsOf(store, tenantId, kind, names),
      onMade: async (bytes, rows) => request.onMade?.(bytes, rows),
      onProgress: (rows) => request.onProgress?.('mapping', rows),
    },
  );
  const before = await request.findBefore?.();
  if (before) return before;
  const { counts } = made;
  const refusedByGroup = new Map<number, number>();
  const heldBack =
    strict && counts.refused > 0 ? `Nothing was taken in (strict): ${counts.refused} rows are bad.` : undefined;
  const found =
    made.rows === 0 || heldBack
      ? undefined
      : await ingestFile(importer, {
          tenantId,
          table,
          format: 'ndjson',
          path: made.rowsPath,
          fileName,
          strict,
          stamp: request.stamp,
          importId,
          madeFrom: { shown: [...made.shown] },
          onProgress: request.onProgress,
          onRefused: (group, rows) => void refusedByGroup.set(group, rows),
        });
  await keepBad(store, { tenantId, importId, table, fileName }, made.badPath);
  const isHeldBack = heldBack !== undefined || found?.held_back !== undefined;
  if (!isHeldBack) await storeNames(importer, { tenantId, table, names: made.names, directory, stamp: request.stamp });
  const totals = MappedTally.reopen(made.tally).finish(refusedByGroup, isHeldBack);
  const refused = counts.refused + (found?.refused ?? 0);
  const held = heldBack ?? found?.held_back;
  return {
    import_id: importId,
    table,
    file: fileName,
    rows_read: counts.read,
    taken_in: found?.taken_in ?? 0,
    refused,
    refused_by: [...made.refusedBy, ...(found?.refused_by ?? [])].sort(
      (one, other) => other.rows - one.rows || (one.field < other.field ? -1 : 1),
    ),
    unknown_columns: [],
    first_refused: refused > 0 ? await readRefused(store, tenantId, { importId, limit: 100 }) : [],
    skipped: counts.skipped,
    skipped_by: [...made.skippedBy].map(([because, rows]) => ({ because, rows })),
    merged: counts.merged,
    merged_calls: [...made.joined]
      .map(([parts, calls]) => ({ parts, calls }))
      .sort((one, other) => other.calls - one.calls || one.parts - other.parts),
    incomplete_calls: counts.incomplete,
    repeated_times: counts.repeatedTimes,
    numbered_by: mapping.file?.format === 'json' ? 'record' : 'line',
    absent_columns: made.absent,
    ...totals,
    ...(held && { held_back: held }),
  };
}

const keptAtOnce = 2000;

/** Keeps bad rows where an operator can read them, as the checks keep theirs. */
async function keepBad(
  store: Store,
  { tenantId, importId, table, fileName }: { tenantId: number; importId: string; table: string; fileName: string },
  path: string,
): Promise<void> {
  const refusedAt = Date.now();
  let waiting: KeptRowOf<typeof refusedRows>[] = [];
  const flush = async () => {
    await refusedRows.add(store, waiting, { lane: 'files', tenantId });
    waiting = [];
  };
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    const { line, faults, row } = JSON.parse(text) as BadRow;
    waiting.push({
      tenant_id: tenantId,
      import_id: importId,
      table_name: table,
      source: fileName,
      line,
      fields: faults.map(({ field }) => field),
      reasons: faults.map(({ reason }) => reason),
      row,
      refused_at: refusedAt,
    });
    if (waiting.length >= keptAtOnce) await flush();
  }
  await flush();
}
