/** Refuses lines that nobody could hold, while they come. */
import { UnreadableFile } from '../errors.ts';
import type { Format } from './layout.ts';

/** The longest line, or record of a CSV whose quoted fields hold line breaks, in bytes: a row has 21,000 characters at most. */
export const longestLineBytes = 1024 ** 2;

const [quote, comma, lineEnd, space, tab, carriageReturn] = [34, 44, 10, 32, 9, 13];
const isBlank = (byte: number) => byte === space || byte === tab || byte === carriageReturn;

/** Where in a field of a CSV a byte stands: before anything but blanks, without quotes, within them, or behind a quote that may close them. */
type Spot = 'start' | 'plain' | 'quoted' | 'closing';

/** The spot of the next byte. */
function follow(spot: Spot, byte: number): Spot {
  if (spot === 'quoted') return byte === quote ? 'closing' : 'quoted';
  if (byte === quote && spot !== 'plain') return 'quoted';
  if (byte === comma || byte === lineEnd) return 'start';
  return spot === 'start' && isBlank(byte) ? 'start' : 'plain';
}

/**
 * Watches text that comes in pieces. Throws UnreadableFile at a line that is too long, before anybody has to hold it:
 * what is not cut into lines at all, or a quote that is never closed, would be one value as large as the file.
 */
export function openLineWatch(format: Format): (bytes: Buffer) => void {
  if (format === 'parquet') return () => {};
  let line = 1;
  let begunOn = 1;
  let length = 0;
  // Of a CSV: where in a field the last byte was.
  let at: Spot = 'start';

  const grow = (bytes: number) => {
    length += bytes;
    if (length <= longestLineBytes) return;
    const hint = at === 'quoted' && format === 'csv' ? ' A quote that opens there may never be closed.' : '';
    throw new UnreadableFile(
      `Line ${begunOn} is longer than ${longestLineBytes / 1024 ** 2} MB.${hint} Nothing of the file was taken in: one row is one line.`,
    );
  };
  const next = () => {
    length = 0;
    begunOn = line;
  };

  /** Jumps from line to line: nothing is quoted. */
  function jump(bytes: Buffer): void {
    let from = 0;
    for (let end = bytes.indexOf(lineEnd); end >= 0; end = bytes.indexOf(lineEnd, from)) {
      grow(end - from);
      line++;
      next();
      from = end + 1;
    }
    grow(bytes.length - from);
    if (from > 0 || bytes.length > 0) at = bytes.at(-1) === comma || bytes.at(-1) === lineEnd ? 'start' : 'plain';
  }

  /** Goes from byte to byte: a line break between quotes ends no record. */
  function walk(bytes: Buffer): void {
    // Of its own while it goes on: a variable that closures share is slower.
    let spot = at;
    for (const byte of bytes) {
      length++;
      spot = follow(spot, byte);
      if (byte === lineEnd) {
        line++;
        if (spot === 'start') next();
      }
      if (length > longestLineBytes) {
        at = spot;
        grow(0);
      }
    }
    at = spot;
  }

  return (bytes) => {
    if (format === 'csv' && (at === 'quoted' || at === 'closing' || bytes.includes(quote))) walk(bytes);
    else jump(bytes);
  };
}
