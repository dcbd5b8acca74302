import { join } from 'node:path';
import { UnreadableFile } from '../errors.ts';
import type { NameKind } from '../ingest/names.ts';
import { toMadeRecord } from '../ingest/origin.ts';
import { openCallGathering } from './calls/call-gathering.ts';
import { type CallParts, mergeParts } from './calls/merge-parts.ts';
import type { MadeRow } from './calls/part.ts';
import type { Resolved } from './calls/resolve-calls.ts';
import { type BadRow, bytesOf, openConversion } from './convert.ts';
import { LineFile } from './disk/line-file.ts';
import type { Mapping } from './language/mapping.ts';
import { openRecordSource } from './source/open-source.ts';
import type { AbsentColumn } from './source/record.ts';
import type { KeptTally } from './tally.ts';
import { toHash } from './values/phone-hash.ts';

/** A file to make rows of. */
export interface MakingJob {
  mapping: Mapping;
  /** Where the rows go: a directory that is there, and empty. */
  directory: string;
  /** How long the file is, when that is known. */
  size?: number | undefined;
  /** The key by which phone numbers are hashed, when there are some. */
  hashKey?: string | undefined;
}

/** What the making of rows asks for while it goes on. */
export interface MakingDoors {
  /** The file as it comes. */
  bytes: AsyncIterable<Uint8Array>;
  /** The ids of names. */
  idsOf(kind: NameKind, names: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Told how many bytes are about to be written of how many of the file's rows; may throw when there is no room for them. */
  onMade(bytes: number, rows: number): Promise<void>;
  onProgress(rows: number): void;
}

/** What became of a file: plain data, as another thread can hand it over. */
export interface MadeRows {
  rows: number;
  rowsPath: string;
  badPath: string;
  counts: {
    read: number;
    skipped: number;
    refused: number;
    merged: number;
    /** Calls of which a row is refused that could not have decided them. */
    incomplete: number;
    repeatedTimes: number;
  };
  /** How many calls were made of so many parts. */
  joined: Map<number, number>;
  tally: KeptTally;
  names: Map<NameKind, Map<string, number>>;
  skippedBy: Map<string, number>;
  refusedBy: { field: string; reason: string; rows: number }[];
  /** Columns that the mapping names and no record of the file has. */
  absent: AbsentColumn[];
  /** The columns as people know them: the file's own names, and ours. */
  shown: Map<string, string>;
}

// Rows of ours say their columns' names each time, and constants beside them. No file grows more by that.
const mostMade = { times: 100, atLeastBytes: 16 * 1024 ** 2 };

/**
 * Makes our rows of the file's, into a file; what can't be made into another. It touches nothing but these files and its doors,
 * so that it can be done away from everything else. Throws UnreadableFile, and what the doors throw.
 */
export async function makeRows(job: MakingJob, doors: MakingDoors): Promise<MadeRows> {
  const { mapping, directory } = job;
  const names = new Map<NameKind, Map<string, number>>();
  const size = { read: 0 };
  const source = await openRecordSource(mapping, counted(doors.bytes, size));
  let made = 0;
  const conversion = openConversion(mapping, source, {
    hash: job.hashKey === undefined ? undefined : toHash(job.hashKey),
    resolveNames: async (kind, wanted) => {
      const known = names.get(kind) ?? new Map<string, number>();
      names.set(kind, known);
      // Leads may be without number: they are asked for again instead of being held.
      if (known.size > 200_000) known.clear();
      const missing = wanted.filter((one) => !known.has(one));
      if (missing.length > 0) for (const [one, id] of await doors.idsOf(kind, missing)) known.set(one, id);
      return known;
    },
  });
  const { tally } = conversion;
  const [rowsPath, badPath] = [join(directory, 'rows.ndjson'), join(directory, 'bad.ndjson')];
  const rows = await LineFile.open(rowsPath);
  const bad = await LineFile.open(badPath);
  const gathering = mapping.merge && (await openCallGathering(mapping.merge, directory, job.size));
  const counts = { read: 0, skipped: 0, refused: 0, merged: 0, incomplete: 0, repeatedTimes: 0 };
  const joined = new Map<number, number>();
  const skippedBy = new Map((mapping.skip ?? []).map(({ because }) => [because, 0]));
  const refusedBy = new Map<string, { field: string; reason: string; rows: number }>();

  const write = async ({ line, values, row }: MadeRow) => {
    await rows.write(toMadeRecord(line, tally.addRow(values, row), row));
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
  const skip = (because: string, values: readonly string[]) => {
    counts.skipped++;
    skippedBy.set(because, (skippedBy.get(because) ?? 0) + 1);
    tally.add(values, 'skipped');
  };
  const writeCall = async ({ parts, left }: CallParts) => {
    const merged = mergeParts({ parts, left }, mapping.merge ?? { by: [] });
    await write(merged);
    for (const { made: part } of parts) {
      if (part.line === merged.line) continue;
      counts.merged++;
      tally.add(part.values, 'merged');
    }
    if (left.length > 0) counts.incomplete++;
    if (parts.length > 1) joined.set(parts.length, (joined.get(parts.length) ?? 0) + 1);
  };
  const writeResolved = async ({ calls, refused, skipped }: Resolved) => {
    for (const call of calls) await writeCall(call);
    const reason = 'is part of a call of which another row is refused';
    for (const { line, values } of refused) {
      await refuse({ line, faults: [{ field: '(line)', reason }], row: {} }, values);
    }
    for (const { because, made: row } of skipped) skip(because, row.values);
  };

  try {
    for await (const batch of conversion.batches()) {
      const bytes = batch.reduce((sum, one) => sum + bytesOf(one), 0) * (gathering ? 3 : 1);
      made += bytes;
      if (made > Math.max(mostMade.atLeastBytes, size.read * mostMade.times)) {
        throw new UnreadableFile(
          `The mapping makes more than ${mostMade.times} times as much of the file as there is in it, as no rows do. Nothing of it was taken in: look at what it joins and sets.`,
        );
      }
      await doors.onMade(bytes, batch.length);
      for (const one of batch) {
        counts.read++;
        if (one.kind === 'skipped') {
          const { because, values, goingOn } = one;
          if (gathering && goingOn) await gathering.add({ skipped: { because, made: goingOn.made } }, goingOn.ties);
          else skip(because, values);
        } else if (one.kind === 'bad') {
          await refuse(one.bad, one.values);
          if (gathering && one.part) await gathering.add({ bad: one.part.bad }, one.part.ties);
        } else {
          counts.repeatedTimes += one.repeatedTimes;
          if (gathering) await gathering.add({ made: one.made }, one.ties);
          else await write(one.made);
        }
      }
      doors.onProgress(counts.read);
    }
    conversion.assertOneLeg();
    if (gathering) for await (const resolved of gathering.resolved()) await writeResolved(resolved);
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
    joined,
    tally: tally.keep(),
    names,
    skippedBy,
    refusedBy: [...refusedBy.values()],
    absent: source.absent?.() ?? [],
    shown: new Map(conversion.makings.map(({ column, shown }) => [column, shown])),
  };
}

async function* counted(bytes: AsyncIterable<Uint8Array>, size: { read: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    size.read += chunk.length;
    yield chunk;
  }
}
