import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { UnreadableFile } from '../../errors.ts';
import { LineFile } from './line-file.ts';
import type { Merge } from './mapping.ts';

/** A row of ours that was made of a line of the file, with the line's counted values. */
export interface MadeRow {
  line: number;
  values: readonly string[];
  row: Record<string, string | number>;
}

/** The parts of one call; `bad` is the line of one that could not be taken. */
export interface Parts {
  rows: MadeRow[];
  bad?: number;
}

const bytesAtOnce = 48 * 1024 ** 2;
// What is held of them takes some times as much memory. One call can't be split.
const [mostHeldCharacters, mostOfOne] = [16 * 1024 ** 2, 32 * 1024 ** 2];
const filesOfOne = 16;
// Sixteen times sixteen times sixteen: what is still together then has one key.
const mostSplits = 3;
const heaviestFirst = ['answered', 'abandoned', 'machine', 'rejected', 'busy', 'no_answer', 'failed', 'blocked'];

/**
 * Collects the parts of calls wherever in the file they lie. They are put into files by their key, so that only one file's
 * calls are held in memory at a time.
 */
export class Gathering {
  private readonly files: PartsFile[];
  // Keys may hold what must not be kept: only a hash that nobody can make again goes to disk.
  private readonly salt = randomBytes(16);

  private constructor(files: PartsFile[]) {
    this.files = files;
  }

  /** Opens as many files as a source of that size needs. */
  static async open(directory: string, sourceBytes: number | undefined): Promise<Gathering> {
    const count = sourceBytes === undefined ? 32 : Math.min(128, Math.max(1, Math.ceil(sourceBytes / bytesAtOnce)));
    return new Gathering(await openFiles(join(directory, 'parts'), count));
  }

  /** Puts a row with the others of its call. */
  async add(key: string, made: MadeRow): Promise<void> {
    await this.put(key, made);
  }

  /** Says that a row of this call could not be taken. */
  async addBad(key: string, line: number): Promise<void> {
    await this.put(key, { bad: line });
  }

  /** Every call with its parts, in the order of their lines. Throws UnreadableFile when one has more parts than can be held. */
  async *calls(): AsyncGenerator<Parts> {
    await this.close();
    for (const file of this.files) yield* callsIn(file);
  }

  /** Closes the files. */
  async close(): Promise<void> {
    for (const { file } of this.files) await file.close();
  }

  private async put(key: string, part: Part): Promise<void> {
    const hash = createHash('sha256').update(this.salt).update(key).digest();
    const target = this.files[hash.readUInt32BE(0) % this.files.length];
    await target?.file.write([hash.toString('hex', 4, 20), part]);
  }
}

type Part = MadeRow | { bad: number };

interface PartsFile {
  path: string;
  file: LineFile;
}

function openFiles(stem: string, count: number): Promise<PartsFile[]> {
  const paths = Array.from({ length: count }, (_, index) => `${stem}-${index}.ndjson`);
  return Promise.all(paths.map(async (path) => ({ path, file: await LineFile.open(path) })));
}

async function* partsIn(path: string): AsyncGenerator<[key: string, part: Part]> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) yield JSON.parse(line);
  await rm(path, { force: true });
}

/** The calls of a file. One that is too large to be held is split first, by one more digit of the keys' hashes each time. */
async function* callsIn({ path, file }: PartsFile, splits = 0): AsyncGenerator<Parts> {
  if (file.characters > mostHeldCharacters && splits < mostSplits) {
    const files = await openFiles(path, filesOfOne);
    for await (const entry of partsIn(path)) {
      await files[Number.parseInt(entry[0].charAt(splits), 16)]?.file.write(entry);
    }
    for (const one of files) await one.file.close();
    for (const one of files) yield* callsIn(one, splits + 1);
    return;
  }
  if (file.characters > mostOfOne) {
    throw new UnreadableFile(
      'Too many rows are parts of one call: merge.by of the mapping names a column that does not tell calls apart. Nothing of the file was taken in.',
    );
  }
  const calls = new Map<string, Parts>();
  for await (const [key, part] of partsIn(path)) {
    const call = calls.get(key) ?? { rows: [] };
    if ('bad' in part) call.bad ??= part.bad;
    else call.rows.push(part);
    calls.set(key, call);
  }
  yield* calls.values();
}

/**
 * One call of its parts: the heaviest outcome decides, then the longest talk, then the first line. It begins with its earliest
 * part; ids, the caller ID and the disposition that the deciding part lacks are the first other part's that has them.
 */
export function mergeParts(parts: readonly MadeRow[], { prefer = heaviestFirst, add = [] }: Merge): MadeRow {
  const weight = ({ row }: MadeRow) => {
    const place = prefer.indexOf(String(row.outcome));
    return place < 0 ? prefer.length : place;
  };
  const talk = ({ row }: MadeRow) => Number(row.talk_sec) || 0;
  const [deciding] = parts.toSorted(
    (one, other) => weight(one) - weight(other) || talk(other) - talk(one) || one.line - other.line,
  );
  if (!deciding) throw new TypeError('a call has at least one part');
  const row = { ...deciding.row };
  for (const column of filledIn) {
    const found = row[column] ?? parts.find((part) => part.row[column] !== undefined)?.row[column];
    if (found !== undefined) row[column] = found;
  }
  const starts = parts.map((part) => String(part.row.started_at)).sort();
  if (starts[0] !== undefined) row.started_at = starts[0];
  for (const column of add) row[column] = parts.reduce((sum, part) => sum + (Number(part.row[column]) || 0), 0);
  return { ...deciding, row };
}

const filledIn = ['lead_id', 'agent_id', 'team_id', 'cid', 'disposition_code', 'is_conversion'];
