/** The formats in which a report's rows leave as a file. Each is written by a function of its own, wherever files are made. */

/** What is different for a format. Its name is the ending of its files, too. */
export interface FileFormat {
  /** What people call it. */
  title: string;
  contentType: string;
  /** A terminal can't show it. */
  isBinary: boolean;
}

/** Every format of files, by its name. */
export const fileFormats = {
  csv: { title: 'CSV', contentType: 'text/csv; charset=utf-8', isBinary: false },
  xlsx: {
    title: 'Excel',
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    isBinary: true,
  },
  ndjson: { title: 'NDJSON', contentType: 'application/x-ndjson', isBinary: false },
  parquet: { title: 'Parquet', contentType: 'application/vnd.apache.parquet', isBinary: true },
} as const satisfies Record<string, FileFormat>;

/** The name of a format of files. */
export type FileFormatName = keyof typeof fileFormats;

/** The names of all formats of files. */
export const fileFormatNames = Object.keys(fileFormats) as FileFormatName[];

/** Whether a word is the name of a format of files. */
export const isFileFormat = (word: string): word is FileFormatName => Object.hasOwn(fileFormats, word);
