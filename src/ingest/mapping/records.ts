import { UnreadableFile } from '../../errors.ts';

/** How fields and records are told apart. */
export interface Dialect {
  delimiter: string;
  /** '' when nothing is quoted. */
  quote: string;
  innerQuotes: 'doubled' | 'backslash' | 'plain';
}

/** A record of a text file: the line on which it begins, and its fields, or why they can't be told apart. */
export interface SourceRecord {
  line: number;
  fields: readonly string[];
  fault?: string;
}

/** Longer than any record: what grows beyond is a quote that was never closed. */
const maxRecordLength = 1024 * 1024;

/**
 * Cuts text into records as it comes, and counts lines as an editor does. A blank line is no record. A record whose quotes
 * can't be told apart ends with its line. Throws UnreadableFile for a quote that is never closed.
 */
export async function* readRecords(
  text: AsyncIterable<string>,
  dialect: Dialect,
  skipLines = 0,
): AsyncGenerator<SourceRecord[]> {
  const cutter = new Cutter(dialect, skipLines);
  let rest = '';
  for await (const chunk of text) {
    rest += chunk;
    const { records, used } = cutter.cut(rest, false);
    if (records.length > 0) yield records;
    rest = rest.slice(used);
    if (rest.length > maxRecordLength) throw cutter.tooLong();
  }
  const { records } = cutter.cut(rest, true);
  if (records.length > 0) yield records;
}

class Cutter {
  private line = 1;
  private toSkip: number;
  private readonly dialect: Dialect;

  constructor(dialect: Dialect, skipLines: number) {
    this.dialect = dialect;
    this.toSkip = skipLines;
  }

  /** The whole records at the beginning of a text, and how much of it they are; the last one may be cut at the end. */
  cut(text: string, isEnd: boolean): { records: SourceRecord[]; used: number } {
    const records: SourceRecord[] = [];
    let at = 0;
    while (at < text.length) {
      const end = this.cutOne(text, at, isEnd, records);
      if (end < 0) break;
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
        if (!isFieldEnd(text, at, delimiter)) return this.giveUp(text, from, isEnd, into);
        for (let found = raw.indexOf('\n'); found >= 0; found = raw.indexOf('\n', found + 1)) breaks++;
        fields.push(this.unescape(raw));
      } else {
        const line = text.indexOf('\n', at);
        const next = text.indexOf(delimiter, at);
        if (next >= 0 && (line < 0 || next < line)) {
          fields.push(text.slice(at, next));
          at = next;
        } else {
          if (line < 0 && !isEnd) return -1;
          const end = line < 0 ? text.length : line;
          fields.push(text.slice(at, end > at && text[end - 1] === '\r' ? end - 1 : end));
          at = end;
        }
      }
      if (text[at] === delimiter) {
        at++;
        // What follows the last delimiter is a field, too, if only an empty one.
        if (at >= text.length && isEnd) fields.push('');
        if (at >= text.length) {
          if (!isEnd) return -1;
          break;
        }
        continue;
      }
      if (text[at] === '\r') at++;
      break;
    }
    if (!(fields.length === 1 && fields[0] === '' && breaks === 0)) into.push({ line: this.line, fields });
    this.line += breaks + 1;
    return at + 1;
  }

  /** The record can't be told apart: it ends with the line on which it begins. */
  private giveUp(text: string, from: number, isEnd: boolean, into: SourceRecord[]): number {
    const end = endOfLine(text, from, isEnd);
    if (end < 0) return -1;
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

function endOfLine(text: string, from: number, isEnd: boolean): number {
  const end = text.indexOf('\n', from);
  return end >= 0 ? end + 1 : isEnd ? text.length : -1;
}
