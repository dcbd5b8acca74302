import { open } from 'node:fs/promises';
import { asyncBufferFromFile, parquetMetadataAsync, parquetSchema } from 'hyparquet';
import { UnreadableFile } from '../errors.ts';

/** The columns of a Parquet file: their names, and those that hold more than one plain value a row. */
export interface ParquetColumns {
  names: string[];
  nested: string[];
}

// A schema of hundreds of columns and thousands of row groups takes a few megabytes.
const longestFooterBytes = 64 * 1024 ** 2;

/** Reads the columns from the end of a Parquet file. Throws UnreadableFile when it is none, or not whole. */
export async function readParquetColumns(path: string): Promise<ParquetColumns> {
  await assertWhole(path);
  try {
    const { children } = parquetSchema(await parquetMetadataAsync(await asyncBufferFromFile(path)));
    const nested = children.filter(
      ({ children: inner, element }) => inner.length > 0 || element.repetition_type === 'REPEATED',
    );
    const toName = ({ element }: (typeof children)[number]) => element.name;
    return { names: children.map(toName), nested: nested.map(toName) };
  } catch (error) {
    throw new UnreadableFile(
      "The Parquet file's own description of its columns can't be read. Nothing of it was taken in.",
      {
        cause: error,
      },
    );
  }
}

async function assertWhole(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const read = async (at: number, length: number) =>
      (await file.read(Buffer.alloc(length), 0, length, Math.max(0, at))).buffer;
    if ((await read(0, 4)).toString('latin1') !== 'PAR1') throw new UnreadableFile('This is not a Parquet file.');
    const end = await read(size - 8, 8);
    const footer = end.readUInt32LE(0);
    if (size < 12 || end.toString('latin1', 4) !== 'PAR1' || footer > size - 12 || footer > longestFooterBytes) {
      throw new UnreadableFile(
        "The file can't be read as parquet: it breaks off before its end. Nothing of it was taken in.",
      );
    }
  } finally {
    await file.close();
  }
}
