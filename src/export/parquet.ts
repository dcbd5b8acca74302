/** A Parquet file in the making: values go in, bytes come out, and no more is held than a group of rows. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Columns } from '../engine/columns.ts';
import { toParquetSchema, toParquetValues } from './parquet-columns.ts';

/** The values of some rows, by column, in the order of the columns. */
export type ColumnValues = readonly (readonly unknown[])[];

/** A file that is written from its beginning to its end. */
export interface ParquetFile {
  /** Takes rows, and gives the bytes that are ready by them: often none. */
  add(values: ColumnValues): Uint8Array<ArrayBuffer>;
  /** Gives what is left of the file. */
  end(): Uint8Array<ArrayBuffer>;
}

// Readers work group by group, and each is made in one go: a quarter of a second, and some ten megabytes.
const groupRows = 20_000;

/** Begins a file of rows with such columns. */
export function openParquetFile(columns: Columns): ParquetFile {
  const fields = Object.entries(columns);
  const bytes = new TakenBytes();
  const writer = new ParquetWriter({ writer: bytes, schema: toParquetSchema(columns), createdBy: 'Dialtally' });
  let held: unknown[][] = fields.map(() => []);
  let rows = 0;
  const writeGroup = () => {
    const columnData = fields.map(([name], index) => ({ name, data: held[index] ?? [] }));
    void writer.write({ columnData, rowGroupSize: rows });
    held = fields.map(() => []);
    rows = 0;
  };
  return {
    add(values) {
      for (const [index, [, column]] of fields.entries()) {
        for (const value of toParquetValues(column, values[index] ?? [])) held[index]?.push(value);
      }
      rows += values[0]?.length ?? 0;
      if (rows >= groupRows) writeGroup();
      return bytes.take();
    },
    end() {
      if (rows > 0) writeGroup();
      void writer.finish();
      return bytes.take();
    },
  };
}

/** Bytes that are taken away as they are written. */
class TakenBytes extends ByteWriter {
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.getBytes().slice();
    this.index = 0;
    return taken;
  }
}
