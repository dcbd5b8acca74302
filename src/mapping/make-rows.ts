/** The making of rows from a file, by its mapping, from its bytes to files of rows. */
import { UnreadableFile } from '../errors.ts';
import type { NameKind } from '../ingest/names.ts';
import { type CallGathering, openCallGathering } from './calls/call-gathering.ts';
import { bytesOf, type Converted, openConversion, type ResolveNames } from './convert.ts';
import type { Mapping } from './language/mapping.ts';
import { MadeFiles, type WrittenRows } from './made-files.ts';
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
export interface MadeRows extends WrittenRows {
  tally: KeptTally;
  names: NameIds;
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
  const size = { read: 0, made: 0 };
  const source = await openRecordSource(mapping, counted(doors.bytes, size));
  const names: NameIds = new Map();
  const conversion = openConversion(mapping, source, {
    hash: job.hashKey === undefined ? undefined : toHash(job.hashKey),
    resolveNames: toResolveNames(names, doors),
  });
  const { tally } = conversion;
  const files = await MadeFiles.open(mapping, directory, tally);
  const gathering = mapping.merge && (await openCallGathering(mapping.merge, directory, job.size));
  try {
    for await (const batch of conversion.batches()) {
      // What is gathered is written up to three times.
      const bytes = batch.reduce((sum, one) => sum + bytesOf(one), 0) * (gathering ? 3 : 1);
      size.made += bytes;
      assertInProportion(size);
      await doors.onMade(bytes, batch.length);
      for (const one of batch) {
        await (gathering ? gather(one, files, gathering) : write(one, files));
      }
      files.counts.read += batch.length;
      doors.onProgress(files.counts.read);
    }
    conversion.assertOneLeg();
    if (gathering) for await (const resolved of gathering.resolved()) await files.addResolved(resolved);
  } finally {
    await files.close();
    await gathering?.close();
  }
  return {
    ...files.written(),
    tally: tally.keep(),
    names,
    absent: source.absent?.() ?? [],
    shown: new Map(conversion.makings.map(({ column, shown }) => [column, shown])),
  };
}

/** Ids of names that were asked for, by kind. */
type NameIds = Map<NameKind, Map<string, number>>;

/** Asks for the ids of those names alone that are not known. */
function toResolveNames(names: NameIds, doors: MakingDoors): ResolveNames {
  return async (kind, wanted) => {
    const known = names.get(kind) ?? new Map<string, number>();
    names.set(kind, known);
    // Leads may be without number: they are asked for again instead of being held.
    if (known.size > 200_000) known.clear();
    const missing = wanted.filter((one) => !known.has(one));
    if (missing.length > 0) for (const [one, id] of await doors.idsOf(kind, missing)) known.set(one, id);
    return known;
  };
}

/** Writes what became of a line, where each line is a row of its own. */
async function write(one: Converted, files: MadeFiles): Promise<void> {
  if (one.kind === 'skipped') files.skip(one.because, one.values);
  else if (one.kind === 'bad') await files.refuse(one.bad, one.values);
  else {
    files.counts.repeatedTimes += one.repeatedTimes;
    await files.addRow(one.made);
  }
}

/** Puts a line with the others of its call; what is none of any is written. */
async function gather(one: Converted, files: MadeFiles, gathering: CallGathering): Promise<void> {
  if (one.kind === 'skipped') {
    const { because, values, goingOn } = one;
    if (goingOn) await gathering.add({ skipped: { because, made: goingOn.made } }, goingOn.ties);
    else files.skip(because, values);
  } else if (one.kind === 'bad') {
    await files.refuse(one.bad, one.values);
    if (one.part) await gathering.add({ bad: one.part.bad }, one.part.ties);
  } else {
    files.counts.repeatedTimes += one.repeatedTimes;
    await gathering.add({ made: one.made }, one.ties);
  }
}

function assertInProportion({ read, made }: { read: number; made: number }): void {
  if (made <= Math.max(mostMade.atLeastBytes, read * mostMade.times)) return;
  throw new UnreadableFile(
    `The mapping makes more than ${mostMade.times} times as much of the file as there is in it, as no rows do. Nothing of it was taken in: look at what it joins and sets.`,
  );
}

async function* counted(bytes: AsyncIterable<Uint8Array>, size: { read: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    size.read += chunk.length;
    yield chunk;
  }
}
