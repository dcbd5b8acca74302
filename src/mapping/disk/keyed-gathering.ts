/** Gathers on the disk what has one key, so that no file is too large to be worked on. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { UnreadableFile } from '../../errors.ts';
import { LineFile } from './line-file.ts';

const bytesAtOnce = 48 * 1024 ** 2;
// What is held of them takes some times as much memory. One call can't be split.
const [mostHeldCharacters, mostOfOne] = [16 * 1024 ** 2, 32 * 1024 ** 2];
const filesOfOne = 16;
// Sixteen times sixteen times sixteen: what is still together then has one key.
const mostSplits = 3;

/**
 * Collects what has one key wherever in a file it lies. It is put into files by its key, so that only one file's is held in
 * memory at a time.
 */
export class KeyedGathering<Item extends object> {
  private readonly files: ItemsFile[];
  // Keys may hold what must not be kept: only a hash that nobody can make again goes to disk.
  private readonly salt = randomBytes(16);

  private constructor(files: ItemsFile[]) {
    this.files = files;
  }

  /** Opens as many files as a source of that size needs; `stem` is how their paths begin. */
  static async open<Item extends object>(stem: string, sourceBytes: number | undefined): Promise<KeyedGathering<Item>> {
    const count = sourceBytes === undefined ? 32 : Math.min(128, Math.max(1, Math.ceil(sourceBytes / bytesAtOnce)));
    return new KeyedGathering<Item>(await openFiles(stem, count));
  }

  /** Puts an item with the others of its key. */
  async add(key: string, item: Item): Promise<void> {
    const hash = createHash('sha256').update(this.salt).update(key).digest();
    const target = this.files[hash.readUInt32BE(0) % this.files.length];
    await target?.file.write([hash.toString('hex', 4, 20), item]);
  }

  /** What stands for a text beside an item: alike for the same text alone, and of no use to anybody else. */
  hide(text: string): string {
    return createHash('sha256').update(this.salt).update(text).digest('base64').slice(0, 20);
  }

  /** All that have one key, key by key, in the order in which they came. Throws UnreadableFile when one's are more than can be held. */
  async *groups(): AsyncGenerator<Item[]> {
    await this.close();
    for (const file of this.files) yield* groupsIn<Item>(file);
  }

  /** Closes the files. */
  async close(): Promise<void> {
    for (const { file } of this.files) await file.close();
  }
}

interface ItemsFile {
  path: string;
  file: LineFile;
}

function openFiles(stem: string, count: number): Promise<ItemsFile[]> {
  const paths = Array.from({ length: count }, (_, index) => `${stem}-${index}.ndjson`);
  return Promise.all(paths.map(async (path) => ({ path, file: await LineFile.open(path) })));
}

async function* itemsIn<Item>(path: string): AsyncGenerator<[key: string, item: Item]> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) yield JSON.parse(line);
  await rm(path, { force: true });
}

/** The groups of a file. One that is too large to be held is split first, by one more digit of the keys' hashes each time. */
async function* groupsIn<Item extends object>({ path, file }: ItemsFile, splits = 0): AsyncGenerator<Item[]> {
  if (file.characters > mostHeldCharacters && splits < mostSplits) {
    const files = await openFiles(path, filesOfOne);
    for await (const entry of itemsIn(path)) {
      await files[Number.parseInt(entry[0].charAt(splits), 16)]?.file.write(entry);
    }
    for (const one of files) await one.file.close();
    for (const one of files) yield* groupsIn<Item>(one, splits + 1);
    return;
  }
  if (file.characters > mostOfOne) {
    throw new UnreadableFile(
      'Too many rows are parts of one call: merge.by of the mapping names a column that does not tell calls apart. Nothing of the file was taken in.',
    );
  }
  const groups = new Map<string, Item[]>();
  for await (const [key, item] of itemsIn<Item>(path)) {
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  yield* groups.values();
}
