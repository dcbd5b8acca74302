/** Looks at the end of a Parquet file before the engine does: its columns, and whether it is whole and not too large. */
import { open } from 'node:fs/promises';
import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetSchema } from 'hyparquet';
import { UnreadableFile } from '../errors.ts';

/** The columns of a Parquet file: their names, and those that hold more than one plain value a row. */
export interface ParquetColumns {
  names: string[];
  nested: string[];
}

/** What a Parquet file may say that it holds. */
export interface ParquetLimits {
  /** Unpacked. */
  bytes: number;
  records: number;
}

// A schema of hundreds of columns and thousands of row groups takes a few megabytes.
const longestFooterBytes = 16 * 1024 ** 2;

/** Reads the columns from the end of a Parquet file. Throws UnreadableFile when it is none, not whole, or holds too much. */
export async function readParquetColumns(path: string, limits: ParquetLimits): Promise<ParquetColumns> {
  await assertWhole(path);
  try {
    const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path));
    assertBounded(metadata, limits);
    const { children } = parquetSchema(metadata);
    const nested = children.filter(
      ({ children: inner, element }) => inner.length > 0 || element.repetition_type === 'REPEATED',
    );
    const toName = ({ element }: (typeof children)[number]) => element.name;
    return { names: children.map(toName), nested: nested.map(toName) };
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile(
      "The Parquet file's own description of its columns can't be read. Nothing of it was taken in.",
      {
        cause: error,
      },
    );
  }
}

/** What a file says of its size is looked at before any of it is unpacked. */
function assertBounded({ num_rows, row_groups }: FileMetaData, { bytes, records }: ParquetLimits): void {
  if (Number(num_rows) > records) {
    throw new UnreadableFile(
      `The Parquet file has ${Number(num_rows).toLocaleString('en')} rows, and one may have ${records.toLocaleString('en')}. Nothing of it was taken in: send it in parts.`,
    );
  }
  if (row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0) !== Number(num_rows)) {
    throw new UnreadableFile(
      'The Parquet file says of itself that it has other rows than its parts have: it is damaged. Nothing of it was taken in.',
    );
  }
  const unpacked = row_groups.reduce((sum, group) => sum + Number(group.total_byte_size), 0);
  if (unpacked > bytes) {
    throw new UnreadableFile(
      `The Parquet file unpacks to more than ${Math.floor(bytes / 1024 ** 2)} MB. Nothing of it was taken in: send it in parts.`,
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
