import { UnreadableFile } from '../errors.ts';

/** Cuts something that comes in pieces. */
export interface Cutter {
  /** What can be said of everything up to here and was not yet. */
  push(bytes: Buffer): Buffer;
  /** What is left when nothing more comes. */
  end(): Buffer;
}

const [quote, backslash, comma, open, close, lineEnd, escapeByte] = [34, 92, 44, 91, 93, 10, 27];
const isSpace = (byte: number) => byte === 32 || byte === 9 || byte === lineEnd || byte === 13;

/**
 * Makes lines of a JSON array's elements, as they come. Only the array is read here: whether an element is an object, and
 * valid JSON, is for the checks that every line goes through. `end` throws UnreadableFile when the array breaks off.
 */
export function openArrayCutter(): Cutter {
  let state: 'before' | 'inside' | 'after' = 'before';
  let elements = 0;
  let depth = 0;
  let inText = false;
  let isEscaped = false;
  /** Whether the element has anything but white space. */
  let hasBegun = false;
  /** Whether nothing but white space may come before the next comma. */
  let hasEnded = false;
  let first = Buffer.alloc(0);

  function push(bytes: Buffer): Buffer {
    // An element's line end makes it one byte longer at most; its comma goes.
    const lines = Buffer.allocUnsafe(bytes.length + 2);
    let length = 0;
    const endElement = () => {
      if (!hasBegun) throw toFault(`element ${elements + 1} is missing: there is a comma too many`);
      elements++;
      hasBegun = false;
      hasEnded = false;
      lines[length++] = lineEnd;
    };
    for (const byte of bytes) {
      if (state === 'before') {
        if (isSpace(byte)) continue;
        if (byte !== open) throw new UnreadableFile(notAnArray);
        state = 'inside';
        continue;
      }
      if (state === 'after') {
        if (!isSpace(byte)) throw toFault('there is more after its end');
        continue;
      }
      if (inText) {
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) {
          inText = false;
          hasEnded = depth === 0;
        }
        // A bare line break inside a text is not JSON. It may not end the line here, nor become valid.
        lines[length++] = byte === lineEnd ? escapeByte : byte;
        continue;
      }
      if (depth === 0 && byte === comma) {
        endElement();
        continue;
      }
      if (depth === 0 && byte === close) {
        // A comma before the end leaves an element missing.
        if (hasBegun || elements > 0) endElement();
        state = 'after';
        continue;
      }
      if (isSpace(byte)) {
        if (hasBegun) {
          lines[length++] = 32;
          hasEnded = depth === 0;
        }
        continue;
      }
      const isOpening = byte === quote || byte === open || byte === 123;
      if (hasEnded || (isOpening && hasBegun && depth === 0)) {
        throw toFault(`there is no comma between element ${elements + 1} and element ${elements + 2}`);
      }
      hasBegun = true;
      if (byte === quote) inText = true;
      else if (byte === open || byte === 123) depth++;
      else if (byte === close || byte === 125) depth--;
      if (depth < 0) throw toFault(`element ${elements + 1} ends before it begins`);
      hasEnded = depth === 0 && (byte === close || byte === 125);
      lines[length++] = byte;
    }
    return lines.subarray(0, length);
  }

  return {
    push(bytes) {
      if (state !== 'before') return push(bytes);
      // Its first bytes tell what it is.
      first = Buffer.concat([first, bytes]);
      if (first.length < 4) return Buffer.alloc(0);
      const pieces = first;
      first = Buffer.alloc(0);
      return push(withoutMark(pieces));
    },
    end() {
      const rest = first.length > 0 ? push(withoutMark(first)) : Buffer.alloc(0);
      if (state === 'before') throw new UnreadableFile(`The body is empty. ${notAnArray}`);
      if (state !== 'after') throw toFault(`it breaks off in element ${elements + 1}`);
      // A blank line is no row: an array without elements is a file without rows.
      return elements === 0 ? Buffer.concat([rest, Buffer.from('\n')]) : rest;
    },
  };
}

/** Bytes without a byte-order mark at their beginning. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

const notAnArray =
  'With Content-Type: application/json the body is a JSON array of objects, [{...}, {...}]. For one object a line, say application/x-ndjson.';

const toFault = (what: string) =>
  new UnreadableFile(`The JSON array can't be read: ${what}. Nothing of it was taken in.`);
