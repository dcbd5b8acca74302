// Reads bytes that may be UTF-8 or Windows-1252.

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const windows1252 = new TextDecoder('windows-1252', { ignoreBOM: true });

/**
 * Text of a column of latin1 (which is Windows-1252 in MySQL) that holds so many bytes, where that is known. Dialers write UTF-8
 * into such columns, and other programs write latin1 into the same: bytes that are valid UTF-8 are that, less a letter that was
 * cut in two, and all others Windows-1252. Every value has a text.
 */
export function readMixed(bytes: Uint8Array, columnBytes = Number.POSITIVE_INFINITY): string {
  const whole = withoutCutLetter(bytes, columnBytes);
  // As a part of a stream: what Node does for a whole text leaves out the signs that Windows-1252 has and latin1 has not.
  return readUtf8(whole) ?? windows1252.decode(whole, { stream: true });
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
  return isUtf8 && readUtf8(whole) !== undefined ? whole : bytes;
}

const isContinuation = (byte: number) => byte >= 0x80 && byte < 0xc0;

/** How many bytes a letter of UTF-8 has that begins with a byte; 0 when none does. */
function lengthOf(byte: number): number {
  if (byte >= 0xc2 && byte < 0xe0) return 2;
  if (byte >= 0xe0 && byte < 0xf0) return 3;
  return byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
}

function readUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
