import { UnreadableFile } from '../../errors.ts';
import { maxFields } from '../language/source-file.ts';
import { fewestAtOnce, maxRecordLength, type SourceRecord } from './record.ts';

/** How fields and records are told apart. */
export interface Dialect {
  delimiter: string;
  /** '' when nothing is quoted. */
  quote: string;
  innerQuotes: 'doubled' | 'backslash' | 'plain';
}

/**
 * Cuts text into records as it comes, and counts lines as an editor does. A blank line is no record. A record whose quotes
 * can't be told apart ends with its line. Throws UnreadableFile for a quote that is never closed. However the text is cut
 * and whatever it holds, the work grows with its length alone.
 */
export async function* readRecords(
  text: AsyncIterable<string>,
  dialect: Dialect,
  skipLines = 0,
): AsyncGenerator<SourceRecord[]> {
  const cutter = new Cutter(dialect, skipLines);
  let rest = '';
  let enough = fewestAtOnce;
  for await (const chunk of text) {
    rest += chunk;
    if (rest.length < enough) continue;
    const { records, used } = cutter.cut(rest, false);
    if (records.length > 0) yield records;
    rest = rest.slice(used);
    if (rest.length > maxRecordLength) throw cutter.tooLong();
    enough = Math.max(fewestAtOnce, 2 * rest.length);
  }
  const { records } = cutter.cut(rest, true);
  if (records.length > 0) yield records;
}

class Cutter {
  private line = 1;
  private toSkip: number;
  private readonly dialect: Dialect;
  private nextLine = new Finder('', '\n');
  private nextDelimiter = new Finder('', ',');
  /** How much was read, and how much of it once more because quotes could not be told apart. */
  private read = 0;
  private readAgain = 0;

  constructor(dialect: Dialect, skipLines: number) {
    this.dialect = dialect;
    this.toSkip = skipLines;
  }

  /** The whole records at the beginning of a text, and how much of it they are; the last one may be cut at the end. */
  cut(text: string, isEnd: boolean): { records: SourceRecord[]; used: number } {
    const records: SourceRecord[] = [];
    this.nextLine = new Finder(text, '\n');
    this.nextDelimiter = new Finder(text, this.dialect.delimiter);
    let at = 0;
    while (at < text.length) {
      const end = this.cutOne(text, at, isEnd, records);
      if (end < 0) break;
      this.read += end - at;
      at = end;
    }
    return { records, used: at };
  }

  tooLong(): UnreadableFile {
    return new UnreadableFile(
      `The record that begins on line ${this.line} does not end: a quote that opens there is never closed, or the file is no text with a record a line. ` +
        'Nothing of the file was taken in: close that quote, double it where it is part of the text, or say in the mapping how quotes are written (file.quote, file.inner_quotes).',
    );
  }

  /** Reads one record from a position. Gives where the next begins, or -1 when the text ends before the record does. */
  private cutOne(text: string, from: number, isEnd: boolean, into: SourceRecord[]): number {
    const { quote, delimiter } = this.dialect;
    if (this.toSkip > 0) {
      const end = endOfLine(text, from, isEnd);
      if (end >= 0) {
        this.toSkip--;
        this.line++;
      }
      return end;
    }
    const fields: string[] = [];
    // Those beyond are counted only.
    let count = 0;
    let breaks = 0;
    let at = from;
    for (;;) {
      if (quote !== '' && text[at] === quote) {
        const close = this.findClose(text, at + 1, isEnd);
        if (close < 0) {
          if (isEnd) throw this.tooLong();
          return -1;
        }
        const raw = text.slice(at + 1, close);
        at = close + 1;
        if (at >= text.length && !isEnd) return -1;
        // A lone CR belongs to the line's end only before an LF, which may still be to come.
        if (text[at] === '\r' && at + 1 >= text.length && !isEnd) return -1;
        if (!isFieldEnd(text, at, delimiter)) return this.giveUp(text, from, at, isEnd, into);
        for (let found = raw.indexOf('\n'); found >= 0; found = raw.indexOf('\n', found + 1)) breaks++;
        if (++count <= maxFields) fields.push(this.unescape(raw));
      } else {
        const line = this.nextLine.from(at);
        const next = this.nextDelimiter.from(at);
        if (next < line) {
          if (++count <= maxFields) fields.push(text.slice(at, next));
          at = next;
        } else {
          if (line === text.length && !isEnd) return -1;
          if (++count <= maxFields) fields.push(text.slice(at, line > at && text[line - 1] === '\r' ? line - 1 : line));
          at = line;
        }
      }
      if (text[at] === delimiter) {
        at++;
        // What follows the last delimiter is a field, too, if only an empty one.
        if (at >= text.length && isEnd && ++count <= maxFields) fields.push('');
        if (at >= text.length) {
          if (!isEnd) return -1;
          break;
        }
        continue;
      }
      if (text[at] === '\r') at++;
      break;
    }
    if (count > maxFields) into.push({ line: this.line, fields: [], fault: `has more than ${maxFields} fields` });
    else if (!(count === 1 && fields[0] === '' && breaks === 0)) into.push({ line: this.line, fields });
    this.line += breaks + 1;
    return at + 1;
  }

  /**
   * The record can't be told apart at a position: it ends with the line on which it begins, and all after that line is read
   * again. Lines that all seem to begin one long record would be read over and over: such a file is refused.
   */
  private giveUp(text: string, from: number, at: number, isEnd: boolean, into: SourceRecord[]): number {
    const end = endOfLine(text, from, isEnd);
    if (end < 0) return -1;
    this.readAgain += Math.max(0, at - end);
    if (this.readAgain > 4 * this.read + 8 * maxRecordLength) {
      throw new UnreadableFile(
        `The quotes of the records around line ${this.line} can't be told apart, nor where the records end. ` +
          'Nothing of the file was taken in: say in the mapping how quotes are written (file.quote, file.inner_quotes).',
      );
    }
    into.push({
      line: this.line,
      fields: [],
      fault: 'has a quote inside of a quoted field that is not doubled (file.inner_quotes says how they are written)',
    });
    this.line++;
    return end;
  }

  /** The position of the quote that closes a field, or -1. */
  private findClose(text: string, from: number, isEnd: boolean): number {
    const { quote, innerQuotes, delimiter } = this.dialect;
    for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
      if (innerQuotes === 'doubled') {
        if (text[at + 1] === quote) at++;
        else return at + 1 >= text.length && !isEnd ? -1 : at;
      } else if (innerQuotes === 'backslash') {
        let slashes = 0;
        while (at - slashes > from && text[at - 1 - slashes] === '\\') slashes++;
        if (slashes % 2 === 0) return at;
      } else if (isFieldEnd(text, at + 1, delimiter)) return at;
    }
    return -1;
  }

  private unescape(raw: string): string {
    const { quote, innerQuotes } = this.dialect;
    if (innerQuotes === 'doubled') return raw.includes(quote) ? raw.replaceAll(quote + quote, quote) : raw;
    if (innerQuotes === 'backslash') return raw.includes('\\') ? raw.replace(/\\(.)/gs, '$1') : raw;
    return raw;
  }
}

function isFieldEnd(text: string, at: number, delimiter: string): boolean {
  const next = text[at];
  return next === undefined || next === delimiter || next === '\n' || (next === '\r' && text[at + 1] === '\n');
}

/**
 * Finds where a character stands next. Every part of the text is looked through once, but for what lies before a position
 * that was asked for already.
 */
class Finder {
  private readonly text: string;
  private readonly mark: string;
  // Between the two there is none.
  private seenFrom = 0;
  private found = -1;

  constructor(text: string, mark: string) {
    this.text = text;
    this.mark = mark;
  }

  /** The position from another one on; the text's length when there is none. */
  from(at: number): number {
    if (at >= this.seenFrom && at <= this.found) return this.found;
    return this.look(at);
  }

  private look(at: number): number {
    if (at < this.seenFrom) {
      const before = this.text.slice(at, this.seenFrom).indexOf(this.mark);
      if (before >= 0) return at + before;
    } else {
      const found = this.text.indexOf(this.mark, at);
      this.found = found < 0 ? this.text.length : found;
    }
    this.seenFrom = at;
    return this.found;
  }
}

function endOfLine(text: string, from: number, isEnd: boolean): number {
  const end = text.indexOf('\n', from);
  return end >= 0 ? end + 1 : isEnd ? text.length : -1;
}
