/** How a file of each format is written: as its rows come, or by a thread of its own. */
import type { FileFormatName } from '../../engine/file-formats.ts';
import { toCsv } from '../../export/csv.ts';
import type { ExportFacts, Layout } from '../../export/layout.ts';
import { toNdjson } from '../../export/ndjson.ts';
import { excelRows } from '../../export/xlsx.ts';
import type { Waiting } from '../../store/fair-queue.ts';
import type { ExcelMaker } from './excel.ts';
import type { ParquetMaker } from './parquet.ts';

/** What makes files away from everything else that the server does. */
export interface FileMakers {
  excel: ExcelMaker;
  parquet: ParquetMaker;
}

/** A file that somebody waits for. */
export interface AwaitedFile {
  who: Waiting;
  /** Whether a CSV begins with a byte-order mark. */
  bom: boolean;
  /** Begins to read its rows, when it is its turn. Throws what went wrong before the first of them. */
  begin(): Promise<BegunFile>;
}

/** A file whose first rows are there. */
export interface BegunFile {
  layout: Layout;
  facts: ExportFacts;
  chunks: AsyncIterable<Record<string, unknown>[]>;
}

/** A file as it is sent. */
export interface WrittenFile {
  body: AsyncIterable<string | Buffer> | Iterable<Buffer>;
  /** How long it is, where that is known before it is sent. */
  bytes?: number;
}

/** Writes files of one format. Throws what goes wrong before the first row; after it the body does. */
export type FileWriter = (makers: FileMakers, file: AwaitedFile) => Promise<WrittenFile>;

/** The writer of each format. Files for people are laid out; files for machines have the report's columns by their names. */
export const fileWriters: Record<FileFormatName, FileWriter> = {
  async csv(_, { bom, begin }) {
    const { layout, chunks } = await begin();
    return { body: toCsv(layout, chunks, { bom }) };
  },
  async xlsx({ excel }, { who, begin }) {
    const file = await excel.make(who, async () => {
      const { chunks, ...about } = await begin();
      return { ...about, rows: excelRows(chunks) };
    });
    return { body: [Buffer.from(file.buffer)], bytes: file.length };
  },
  async ndjson(_, { begin }) {
    const { chunks } = await begin();
    return { body: toNdjson(chunks) };
  },
  async parquet({ parquet }, { who, begin }) {
    const body = await parquet.make(who, async () => {
      const { facts, chunks } = await begin();
      return { columns: facts.report.columns, chunks };
    });
    return { body };
  },
};
