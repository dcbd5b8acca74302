/** The file in which a sync gathers rows before they are ingested, part by part. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';

/** Rows on their way in, in a file: however many there are, few are in memory. */
export interface Spool {
  readonly path: string;
  readonly rows: number;
  /** Begins a part, whose digest is then known. */
  begin(): void;
  add(row: object): Promise<void>;
  /** Adds a blank line, which is no row. */
  skip(): Promise<void>;
  /** The digest of the part. */
  digest(): string;
  /** Forgets the part. */
  drop(): Promise<void>;
  /** Writes out what is still in memory. */
  flush(): Promise<void>;
  /** Forgets everything. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

const linesAtOnce = 2000;

/** Opens a file of NDJSON whose last part can be taken back. */
export async function openSpool(path: string): Promise<Spool> {
  const file: FileHandle = await open(path, 'w', 0o600);
  let [bytes, rows] = [0, 0];
  let part = { bytes: 0, rows: 0, hash: createHash('sha256') };
  let lines: string[] = [];
  const flush = async () => {
    const data = Buffer.from(lines.join(''));
    lines = [];
    await file.write(data, 0, data.length, bytes);
    bytes += data.length;
  };
  const cutTo = async (length: number, count: number) => {
    lines = [];
    await file.truncate(length);
    [bytes, rows] = [length, count];
  };
  return {
    path,
    get rows() {
      return rows;
    },
    begin() {
      part = { bytes: bytes + Buffer.byteLength(lines.join('')), rows, hash: createHash('sha256') };
    },
    async add(row) {
      const line = `${JSON.stringify(row)}\n`;
      part.hash.update(line);
      lines.push(line);
      rows += 1;
      if (lines.length >= linesAtOnce) await flush();
    },
    async skip() {
      lines.push('\n');
      if (lines.length >= linesAtOnce) await flush();
    },
    digest: () => part.hash.copy().digest('base64url').slice(0, 22),
    async drop() {
      await flush();
      await cutTo(part.bytes, part.rows);
    },
    flush,
    empty: () => cutTo(0, 0),
    async close() {
      await file.close();
      await rm(path, { force: true });
    },
  };
}
