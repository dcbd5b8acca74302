/** Small bodies of rows: what they look like, and which can be put together in one file. */
import type { TableName } from '../tables.ts';
import { type Format, type Reading, toReading } from './layout.ts';

/** Rows that fit in memory, and wait there to be taken in together with others. */
export interface SmallBody {
  tenantId: number;
  table: TableName;
  /** Whole lines, also where the last one has no line end. */
  format: Exclude<Format, 'parquet'>;
  bytes: Buffer;
  /** The name to tell people. */
  file: string;
  strict: boolean;
}

/** A body whose layout was looked at: the records of bodies with the same `queue` may stand one after another in one file. */
export interface ReadSmallBody extends SmallBody {
  reading: Reading;
  queue: string;
  /** The header of a CSV, with its line end. */
  header: Buffer;
  /** The other lines, each with its line end where others may follow. */
  lines: Buffer;
  lineCount: number;
  /** False when only the engine can tell where its records end: it stays alone. */
  isPlain: boolean;
}

let alone = 0;

/** Looks at a body. Throws UnreadableFile when it can't hold rows of its table. */
export function readSmallBody(body: SmallBody): ReadSmallBody {
  const reading = toReading(body.bytes, body.table, body.format);
  const isPlain = body.format === 'ndjson' || (!body.bytes.includes(quote) && !hasLoneCr(body.bytes));
  const columns = body.format === 'csv' ? reading.layout.columns.join() : '';
  // Nothing follows a body that stays alone: a line end of ours would only go into a quote that was never closed.
  const isWhole = !isPlain || body.bytes.at(-1) === lineEnd;
  const whole = isWhole ? body.bytes : Buffer.concat([body.bytes, Buffer.from([lineEnd])]);
  const headerEnd = body.format === 'csv' ? whole.indexOf(lineEnd) + 1 : 0;
  const lines = whole.subarray(headerEnd);
  // Unknown columns are told by their names, which the layout does not have.
  const names = JSON.stringify([columns, reading.unknownColumns]);
  return {
    ...body,
    reading,
    queue: `${body.tenantId} ${body.table} ${body.format} ${isPlain ? names : `alone ${++alone}`}`,
    header: whole.subarray(0, headerEnd),
    lines,
    lineCount: countLines(lines),
    isPlain,
  };
}

const quote = 34;
const lineEnd = 10;
const carriageReturn = 13;

/** A CR that ends no line: what the engine makes of it is not for us to guess. */
function hasLoneCr(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(carriageReturn); at >= 0; at = bytes.indexOf(carriageReturn, at + 1)) {
    if (bytes[at + 1] !== lineEnd) return true;
  }
  return false;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(lineEnd); at >= 0; at = bytes.indexOf(lineEnd, at + 1)) count++;
  return count;
}
