import { readMixed } from './bytes.ts';

/**
 * SQL that gives a column's texts as bytes: as they lie there where they are latin1 or Unicode, else in UTF-8. VICIdial writes
 * UTF-8 into columns of latin1, so a database that translated them would give each byte as a letter.
 */
export function toBytes(column: string, charset: string | undefined): string {
  if (charset === undefined) return column;
  const isAsItLies = /^(latin1|ascii|binary|utf8|utf8mb3|utf8mb4)$/i.test(charset);
  return `CAST(${isAsItLies ? column : `CONVERT(${column} USING utf8mb4)`} AS BINARY)`;
}

/**
 * The text of a value of a column that holds so many bytes: UTF-8, less a letter that was cut in two, or Windows-1252. Every
 * value has one.
 */
export function readValue(bytes: Uint8Array, columnBytes: number): string {
  return readMixed(withoutCutLetter(bytes, columnBytes));
}

/**
 * A column of latin1 counts bytes, so the last letter of a long text may have lost its end. It is dropped where the bytes show
 * that they are UTF-8: a whole letter of UTF-8 stands before it, or the column is full and more of the letter is there than its
 * first byte. Else it is Windows-1252, such as the end of `Café`.
 */
function withoutCutLetter(bytes: Uint8Array, columnBytes: number): Uint8Array {
  let first = bytes.length - 1;
  while (first >= 0 && bytes.length - first < 4 && isContinuation(bytes[first]!)) first--;
  const there = bytes.length - first;
  if (first < 0 || there >= lengthOf(bytes[first]!)) return bytes;
  const whole = bytes.subarray(0, first);
  const isUtf8 = whole.some((byte) => byte >= 0x80) || (bytes.length === columnBytes && there > 1);
  return isUtf8 && isValid(whole) ? whole : bytes;
}

const isContinuation = (byte: number) => byte >= 0x80 && byte < 0xc0;

/** How many bytes a letter of UTF-8 has that begins with a byte; 0 when none does. */
function lengthOf(byte: number): number {
  if (byte >= 0xc2 && byte < 0xe0) return 2;
  if (byte >= 0xe0 && byte < 0xf0) return 3;
  return byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
}

const strict = new TextDecoder('utf-8', { fatal: true });

function isValid(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
