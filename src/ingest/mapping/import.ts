import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { UnreadableFile } from '../../errors.ts';
import { fromMs } from '../../sql.ts';
import type { Store } from '../../store/store.ts';
import { importFile, type Reconciliation } from '../import.ts';
import type { Importer } from '../importer.ts';
import { madeKeys } from '../layout.ts';
import { idsOf, type NameKind } from '../names.ts';
import { readRefused } from '../refused.ts';
import { type BadRow, bytesOf, openConversion } from './convert.ts';
import { openHash } from './hash.ts';
import { LineFile } from './line-file.ts';
import type { Mapping } from './mapping.ts';
import { Gathering, type MadeRow, mergeParts, type Parts } from './merge.ts';
import { storeNames } from './name-rows.ts';
import { toRule } from './named-columns.ts';
import { openSource } from './source.ts';
import type { SourceTotal } from './tally.ts';

/** One file to take in by a mapping. */
export interface MappedRequest {
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
  /** Told how many bytes are about to be written of rows that were made; may throw when there is no room for them. */
  onMade?: (bytes: number) => Promise<void>;
}

// Rows of ours say their columns' names each time, and constants beside them. No file grows more by that.
const mostMade = { times: 100, atLeastBytes: 16 * 1024 ** 2 };

/** What became of a file: `rows_read = taken_in + refused + skipped + merged`. */
export interface MappedReconciliation extends Reconciliation {
  skipped: number;
  skipped_by: { because: string; rows: number }[];
  /** Rows that are parts of a call, beside the one that stands for it. */
  merged: number;
  /** Local times that the clock showed twice, taken as the mapping says. */
  repeated_times: number;
  /** The file's own values with what became of their rows. */
  source_totals: SourceTotal[];
  /** What was taken in by outcome (calls only). */
  by_outcome: Record<string, number>;
  by_disposition: Record<string, number>;
}

/** Takes a file in as a mapping says. Its rows become ours first, then they take the way of any other file's. */
export async function importMapped(importer: Importer, request: MappedRequest): Promise<MappedReconciliation> {
  const directory = join(importer.directory, randomUUID());
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    return await takeIn(importer, request, directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function takeIn(importer: Importer, request: MappedRequest, directory: string): Promise<MappedReconciliation> {
  const { store } = importer;
  const { tenantId, mapping, fileName, strict = false } = request;
  const { table } = mapping;
  const importId = randomUUID();
  const made = await makeRows(store, request, directory);
  const before = await request.findBefore?.();
  if (before) return before;
  const { counts, tally } = made;
  const refusedByGroup = new Map<number, number>();
  const heldBack =
    strict && counts.refused > 0 ? `Nothing was taken in (strict): ${counts.refused} rows are bad.` : undefined;
  const found =
    made.rows === 0 || heldBack
      ? undefined
      : await importFile(importer, {
          tenantId,
          table,
          format: 'ndjson',
          path: made.rowsPath,
          fileName,
          strict,
          stamp: request.stamp,
          ...(request.onProgress && { onProgress: request.onProgress }),
          made: {
            importId,
            shown: made.shown,
            onRefused: (group, rows) => void refusedByGroup.set(group, rows),
          },
        });
  await keepBad(store, { tenantId, importId, table, fileName }, made.badPath);
  const isHeldBack = heldBack !== undefined || found?.held_back !== undefined;
  if (!isHeldBack) await storeNames(importer, { tenantId, table, names: made.names, directory, stamp: request.stamp });
  const totals = tally.finish(refusedByGroup, isHeldBack);
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
    repeated_times: counts.repeatedTimes,
    ...totals,
    ...(held && { held_back: held }),
  };
}

/** Makes our rows of the file's, into a file; what can't be made into another. */
async function makeRows(store: Store, request: MappedRequest, directory: string) {
  const { tenantId, mapping } = request;
  const isPhone = Object.values(mapping.columns).some((rule) => toRule(rule).as === 'phone');
  const names = new Map<NameKind, Map<string, number>>();
  const size = { read: 0 };
  const source = await openSource(mapping, counted(request.bytes, size));
  let made = 0;
  const conversion = openConversion(mapping, source, {
    hash: isPhone ? await openHash(store, tenantId) : undefined,
    resolveNames: async (kind, wanted) => {
      const known = names.get(kind) ?? new Map<string, number>();
      names.set(kind, known);
      // Leads may be without number: they are asked for again instead of being held.
      if (known.size > 200_000) known.clear();
      const missing = wanted.filter((one) => !known.has(one));
      if (missing.length > 0) for (const [one, id] of await idsOf(store, tenantId, kind, missing)) known.set(one, id);
      return known;
    },
  });
  const { tally } = conversion;
  const [rowsPath, badPath] = [join(directory, 'rows.ndjson'), join(directory, 'bad.ndjson')];
  const rows = await LineFile.open(rowsPath);
  const bad = await LineFile.open(badPath);
  const gathering = mapping.merge && (await Gathering.open(directory, request.size));
  const counts = { read: 0, skipped: 0, refused: 0, merged: 0, repeatedTimes: 0 };
  const skippedBy = new Map((mapping.skip ?? []).map(({ because }) => [because, 0]));
  const refusedBy = new Map<string, { field: string; reason: string; rows: number }>();

  const write = async ({ line, values, row }: MadeRow) => {
    const group = tally.addRow(values, row);
    await rows.write({ [madeKeys.line]: line, [madeKeys.group]: group, ...row });
  };
  const refuse = async (one: BadRow, values: readonly string[]) => {
    counts.refused++;
    tally.add(values, 'refused');
    for (const { field, reason } of one.faults) {
      const key = JSON.stringify([field, reason]);
      const known = refusedBy.get(key) ?? { field, reason, rows: 0 };
      known.rows++;
      refusedBy.set(key, known);
    }
    await bad.write(one);
  };
  const writeCall = async (parts: Parts) => {
    if (parts.bad !== undefined) {
      const reason = 'is part of a call of which another row is refused';
      for (const { line, values } of parts.rows) {
        await refuse({ line, faults: [{ field: '(line)', reason }], row: {} }, values);
      }
      return;
    }
    if (parts.rows.length === 0) return;
    const merged = mergeParts(parts.rows, mapping.merge ?? { by: [] });
    await write(merged);
    for (const part of parts.rows) {
      if (part.line === merged.line) continue;
      counts.merged++;
      tally.add(part.values, 'merged');
    }
  };

  try {
    for await (const batch of conversion.batches()) {
      const bytes = batch.reduce((sum, one) => sum + bytesOf(one), 0) * (gathering ? 2 : 1);
      made += bytes;
      if (made > Math.max(mostMade.atLeastBytes, size.read * mostMade.times)) {
        throw new UnreadableFile(
          `The mapping makes more than ${mostMade.times} times as much of the file as there is in it, as no rows do. Nothing of it was taken in: look at what it joins and sets.`,
        );
      }
      await request.onMade?.(bytes);
      for (const one of batch) {
        counts.read++;
        if (one.kind === 'skipped') {
          counts.skipped++;
          skippedBy.set(one.because, (skippedBy.get(one.because) ?? 0) + 1);
          tally.add(one.values, 'skipped');
        } else if (one.kind === 'bad') {
          await refuse(one.bad, one.values);
          if (gathering && one.key !== undefined) await gathering.addBad(one.key, one.bad.line);
        } else {
          counts.repeatedTimes += one.repeatedTimes;
          if (gathering) await gathering.add(one.key, one.made);
          else await write(one.made);
        }
      }
      request.onProgress?.('mapping', counts.read);
    }
    if (gathering) for await (const parts of gathering.calls()) await writeCall(parts);
  } finally {
    await rows.close();
    await bad.close();
    await gathering?.close();
  }
  return {
    rows: rows.lines,
    rowsPath,
    badPath,
    counts,
    tally,
    names,
    skippedBy,
    refusedBy: [...refusedBy.values()],
    shown: new Map(conversion.makings.map(({ column, shown }) => [column, shown])),
  };
}

async function* counted(bytes: AsyncIterable<Uint8Array>, size: { read: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    size.read += chunk.length;
    yield chunk;
  }
}

const keptAtOnce = 2000;

/** Keeps bad rows where an operator can read them, as the checks keep theirs. */
async function keepBad(
  store: Store,
  { tenantId, importId, table, fileName }: { tenantId: number; importId: string; table: string; fileName: string },
  path: string,
): Promise<void> {
  const refusedAt = fromMs(Date.now());
  let waiting: Record<string, unknown>[] = [];
  const flush = async () => {
    await store.insert('refused_rows', waiting, { lane: 'files', tenantId });
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
      row: JSON.stringify(row),
      refused_at: refusedAt,
    });
    if (waiting.length >= keptAtOnce) await flush();
  }
  await flush();
}
