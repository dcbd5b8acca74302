/** Cuts the text of a CSV into records. */
import { UnreadableFile } from '../../errors.ts';
import { maxFields } from '../language/source-file.ts';
import { MarkFinder } from './mark-finder.ts';
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

/** What was read of a record so far. */
interface Begun {
  fields: string[];
  /** How many fields came after the most that there may be. */
  beyond: number;
  /** Line breaks inside of it. */
  breaks: number;
}

/** Where the text ends before what is read from it does. */
const cutOff = -1;

class Cutter {
  private line = 1;
  private toSkip: number;
  private readonly dialect: Dialect;
  private text = '';
  /** Whether nothing follows the text. */
  private isEnd = false;
  private nextLine = new MarkFinder('', '\n');
  private nextDelimiter = new MarkFinder('', ',');
  /** How much was read, and how much of it once more because quotes could not be told apart. */
  private read = 0;
  private readAgain = 0;

  constructor(dialect: Dialect, skipLines: number) {
    this.dialect = dialect;
    this.toSkip = skipLines;
  }

  /** The whole records at the beginning of a text, and how much of it they are; the last one may be cut at the end. */
  cut(text: string, isEnd: boolean): { records: SourceRecord[]; used: number } {
    [this.text, this.isEnd] = [text, isEnd];
    const records: SourceRecord[] = [];
    this.nextLine = new MarkFinder(text, '\n');
    this.nextDelimiter = new MarkFinder(text, this.dialect.delimiter);
    let at = 0;
    while (at < text.length) {
      const end = this.toSkip > 0 ? this.skipLine(at) : this.cutRecord(at, records);
      if (end === cutOff) break;
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

  /** Passes a line over. Gives where the next begins, as those below do. */
  private skipLine(from: number): number {
    const end = this.endOfLine(from);
    if (end === cutOff) return cutOff;
    this.toSkip--;
    this.line++;
    return end;
  }

  /** Reads one record from a position. Gives where the next begins. */
  private cutRecord(from: number, into: SourceRecord[]): number {
    const { text, dialect } = this;
    const { quote, delimiter } = dialect;
    const record: Begun = { fields: [], beyond: 0, breaks: 0 };
    let at = from;
    for (;;) {
      const isQuoted = quote !== '' && text[at] === quote;
      at = isQuoted ? this.cutQuoted(at + 1, record) : this.cutPlain(at, record);
      if (at === cutOff) return cutOff;
      if (isQuoted && !isFieldEnd(text, at, delimiter)) return this.giveUp(from, at, into);
      if (text[at] !== delimiter) break;
      at++;
      if (at < text.length) continue;
      if (!this.isEnd) return cutOff;
      // What follows the last delimiter is a field, too, if only an empty one.
      add(record, '');
      break;
    }
    if (text[at] === '\r') at++;
    this.keep(record, into);
    return at + 1;
  }

  /** Reads a field to the quote that closes it, and gives where that ends; it is the field's end when all is well. */
  private cutQuoted(from: number, record: Begun): number {
    const { text, isEnd } = this;
    const close = this.findClose(from);
    if (close === cutOff && isEnd) throw this.tooLong();
    if (close === cutOff) return cutOff;
    const at = close + 1;
    // A lone CR belongs to the line's end only before an LF, which may still be to come.
    if (!isEnd && (at >= text.length || (text[at] === '\r' && at + 1 >= text.length))) return cutOff;
    const raw = text.slice(from, close);
    for (let found = raw.indexOf('\n'); found >= 0; found = raw.indexOf('\n', found + 1)) record.breaks++;
    add(record, this.unescape(raw));
    return at;
  }

  /** Reads a field without quotes. Gives where it ends. */
  private cutPlain(from: number, record: Begun): number {
    const { text } = this;
    const line = this.nextLine.from(from);
    const delimiter = this.nextDelimiter.from(from);
    if (delimiter < line) {
      add(record, text.slice(from, delimiter));
      return delimiter;
    }
    if (line === text.length && !this.isEnd) return cutOff;
    add(record, text.slice(from, line > from && text[line - 1] === '\r' ? line - 1 : line));
    return line;
  }

  /** Puts a whole record with the others. A blank line is none. */
  private keep({ fields, beyond, breaks }: Begun, into: SourceRecord[]): void {
    const { line } = this;
    if (beyond > 0) into.push({ line, fields: [], fault: `has more than ${maxFields} fields` });
    else if (fields.length > 1 || fields[0] !== '' || breaks > 0) into.push({ line, fields });
    this.line += breaks + 1;
  }

  /**
   * The record can't be told apart at a position: it ends with the line on which it begins, and all after that line is read
   * again. Lines that all seem to begin one long record would be read over and over: such a file is refused.
   */
  private giveUp(from: number, at: number, into: SourceRecord[]): number {
    const end = this.endOfLine(from);
    if (end === cutOff) return cutOff;
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

  /** The position of the quote that closes a field. */
  private findClose(from: number): number {
    const { text, isEnd } = this;
    const { quote, innerQuotes, delimiter } = this.dialect;
    for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
      if (innerQuotes === 'doubled') {
        if (text[at + 1] === quote) at++;
        else return at + 1 >= text.length && !isEnd ? cutOff : at;
      } else if (innerQuotes === 'backslash') {
        let slashes = 0;
        while (at - slashes > from && text[at - 1 - slashes] === '\\') slashes++;
        if (slashes % 2 === 0) return at;
      } else if (isFieldEnd(text, at + 1, delimiter)) return at;
    }
    return cutOff;
  }

  private unescape(raw: string): string {
    const { quote, innerQuotes } = this.dialect;
    if (innerQuotes === 'doubled') return raw.includes(quote) ? raw.replaceAll(quote + quote, quote) : raw;
    if (innerQuotes === 'backslash') return raw.includes('\\') ? raw.replace(/\\(.)/gs, '$1') : raw;
    return raw;
  }

  private endOfLine(from: number): number {
    const end = this.text.indexOf('\n', from);
    if (end >= 0) return end + 1;
    return this.isEnd ? this.text.length : cutOff;
  }
}

function add(record: Begun, field: string): void {
  if (record.fields.length < maxFields) record.fields.push(field);
  else record.beyond++;
}

function isFieldEnd(text: string, at: number, delimiter: string): boolean {
  const next = text[at];
  return next === undefined || next === delimiter || next === '\n' || (next === '\r' && text[at + 1] === '\n');
}
