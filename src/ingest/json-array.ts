/** A JSON array as lines, one for each element: what comes as an array goes the way of NDJSON. */
import { UnreadableFile } from '../errors.ts';

/** Cuts something that comes in pieces. */
export interface Cutter {
  /** What can be said of everything up to here and was not yet. */
  push(bytes: Buffer): Buffer;
  /** What is left when nothing more comes. */
  end(): Buffer;
}

const [quote, backslash, comma, lineEnd, space, escapeByte] = [34, 92, 44, 10, 32, 27];
const [openBracket, closeBracket, openBrace, closeBrace] = [91, 93, 123, 125];
const isSpace = (byte: number) => byte === space || byte === 9 || byte === lineEnd || byte === 13;
const isOpening = (byte: number) => byte === openBracket || byte === openBrace;
const isClosing = (byte: number) => byte === closeBracket || byte === closeBrace;

/** Where in an array something stands. */
type State =
  | 'before the array'
  | 'before an element'
  /** In a number or a word, which is an element itself. */
  | 'in a word'
  /** In an object or a list. */
  | 'in an element'
  | 'in a text'
  | 'after a backslash'
  /** Nothing but white space may come before the next comma. */
  | 'after an element'
  | 'after the array';

/** No byte. */
const none = -1;

/**
 * Makes lines of a JSON array's elements, as they come. Only the array is read here: whether an element is an object, and
 * valid JSON, is for the checks that every line goes through. `end` throws UnreadableFile when the array breaks off.
 */
export function openArrayCutter(): Cutter {
  let state: State = 'before the array';
  let elements = 0;
  let depth = 0;
  let first = Buffer.alloc(0);

  /** Takes a byte, and gives what is written for it. */
  function step(byte: number): number {
    switch (state) {
      case 'in a text':
        if (byte === backslash) state = 'after a backslash';
        else if (byte === quote) state = depth === 0 ? 'after an element' : 'in an element';
        return inText(byte);
      case 'in an element':
        return stepInside(byte);
      case 'after a backslash':
        state = 'in a text';
        return inText(byte);
      case 'before an element':
      case 'in a word':
      case 'after an element':
        return stepBetween(byte);
      default:
        return stepOutside(byte);
    }
  }

  function stepInside(byte: number): number {
    if (isSpace(byte)) return space;
    if (byte === quote) state = 'in a text';
    else if (isOpening(byte)) depth++;
    else if (isClosing(byte) && --depth === 0) state = 'after an element';
    return byte;
  }

  function stepBetween(byte: number): number {
    if (byte === comma) return endElement('before an element');
    if (byte === closeBracket) return endArray();
    if (isSpace(byte)) {
      if (state === 'before an element') return none;
      state = 'after an element';
      return space;
    }
    const begins = byte === quote || isOpening(byte);
    if (state === 'after an element' || (begins && state === 'in a word')) {
      throw toFault(`there is no comma between element ${elements + 1} and element ${elements + 2}`);
    }
    if (byte === closeBrace) throw toFault(`element ${elements + 1} ends before it begins`);
    if (byte === quote) state = 'in a text';
    else if (begins) {
      state = 'in an element';
      depth = 1;
    } else state = 'in a word';
    return byte;
  }

  function endElement(next: State): number {
    if (state === 'before an element') throw toFault(`element ${elements + 1} is missing: there is a comma too many`);
    elements++;
    state = next;
    return lineEnd;
  }

  function endArray(): number {
    // A comma before the end leaves an element missing.
    if (state !== 'before an element' || elements > 0) return endElement('after the array');
    state = 'after the array';
    return none;
  }

  function stepOutside(byte: number): number {
    if (isSpace(byte)) return none;
    if (state === 'after the array') throw toFault('there is more after its end');
    if (byte !== openBracket) throw new UnreadableFile(notAnArray);
    state = 'before an element';
    return none;
  }

  function push(bytes: Buffer): Buffer {
    // An element's line end stands in the place of its comma, or of the array's end.
    const lines = Buffer.allocUnsafe(bytes.length);
    let length = 0;
    for (const byte of bytes) {
      const written = step(byte);
      if (written !== none) lines[length++] = written;
    }
    return lines.subarray(0, length);
  }

  return {
    push(bytes) {
      if (state !== 'before the array') return push(bytes);
      // Its first bytes tell what it is.
      first = Buffer.concat([first, bytes]);
      if (first.length < 4) return Buffer.alloc(0);
      const pieces = first;
      first = Buffer.alloc(0);
      return push(withoutMark(pieces));
    },
    end() {
      const rest = first.length > 0 ? push(withoutMark(first)) : Buffer.alloc(0);
      if (state === 'before the array') throw new UnreadableFile(`The body is empty. ${notAnArray}`);
      if (state !== 'after the array') throw toFault(`it breaks off in element ${elements + 1}`);
      // A blank line is no row: an array without elements is a file without rows.
      return elements === 0 ? Buffer.concat([rest, Buffer.from('\n')]) : rest;
    },
  };
}

/** A byte of a text. A bare line break inside is not JSON: it may not end the line here, nor become valid. */
const inText = (byte: number) => (byte === lineEnd ? escapeByte : byte);

/** Bytes without a byte-order mark at their beginning. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

const notAnArray =
  'With Content-Type: application/json the body is a JSON array of objects, [{...}, {...}]. For one object a line, say application/x-ndjson.';

const toFault = (what: string) =>
  new UnreadableFile(`The JSON array can't be read: ${what}. Nothing of it was taken in.`);
