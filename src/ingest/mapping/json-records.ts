import { UnreadableFile } from '../../errors.ts';
import { type FieldFault, type JsonReader, skipSpace } from './json-reader.ts';
import { maxRecordLength, type SourceRecord } from './records.ts';

// A record of which only the beginning has come is read again with what follows: seldom enough, when that much more is awaited.
const fewestAtOnce = 64 * 1024;

/**
 * Reads one object a line, as it comes. A blank line is no record; a line that is no object is told, and the others go on.
 * Throws UnreadableFile for a file that has no lines of objects at all.
 */
export async function* readJsonLines(text: AsyncIterable<string>, reader: JsonReader): AsyncGenerator<SourceRecord[]> {
  let [rest, enough, line] = ['', fewestAtOnce, 1];
  // Of a line that is too long, what is still to come is not kept.
  let isPassing = false;
  let isAny = false;
  const toRecord = (one: string): SourceRecord[] => {
    const from = skipBlank(one, 0);
    if (from === one.length) return [];
    if (one.length > maxRecordLength) return [tooLong(line)];
    const read = reader.read(one, from, true);
    if (read.kind !== 'value') {
      const reason = read.kind === 'broken' ? read.reason : 'it does not end';
      return [{ line, fields: [], fault: `is no JSON object on one line: ${reason}` }];
    }
    if (skipBlank(one, read.end) < one.length) {
      return [{ line, fields: [], fault: 'has more than one JSON object on it, or something else after it' }];
    }
    return [{ line, fields: read.fields, ...toFault(read.fault) }];
  };
  for await (const chunk of text) {
    rest += chunk;
    if (rest.length < enough) continue;
    const records: SourceRecord[] = [];
    let at = 0;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', at)) {
      if (!isPassing) records.push(...toRecord(rest.slice(at, end)));
      isPassing = false;
      line++;
      at = end + 1;
    }
    rest = rest.slice(at);
    if (isPassing) rest = '';
    else if (rest.length > maxRecordLength) {
      records.push(tooLong(line));
      [rest, isPassing] = ['', true];
    }
    if (records.length > 0) yield records;
    isAny ||= records.length > 0;
    enough = Math.max(fewestAtOnce, 2 * rest.length);
  }
  const records: SourceRecord[] = [];
  for (const [index, one] of rest.split('\n').entries()) {
    if (!isPassing || index > 0) records.push(...toRecord(one));
    line++;
  }
  if (records.length > 0) yield records;
  if (!isAny && records.length === 0) throw new UnreadableFile('The file is empty.');
}

const toFault = (found: FieldFault | undefined) =>
  found && { fault: found.reason, ...(found.field !== undefined && { field: found.field }) };

const tooLong = (line: number): SourceRecord => ({
  line,
  fields: [],
  fault: `has more than ${maxRecordLength} characters`,
});

/**
 * Reads objects in a list, or one behind the other, on as many lines as they like, as they come. They are numbered, since
 * many may stand on one line. Throws UnreadableFile where the text is no JSON: what comes after that can't be told apart.
 */
export async function* readJsonRecords(
  text: AsyncIterable<string>,
  reader: JsonReader,
): AsyncGenerator<SourceRecord[]> {
  const cutter = new Cutter(reader);
  let [rest, enough] = ['', fewestAtOnce];
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
  private readonly reader: JsonReader;
  private line = 1;
  /** How many records came before. */
  private count = 0;
  private isInList = false;
  /** What may stand next in a list; none was there before the first record or list. */
  private next: 'none' | 'first' | 'value' | 'comma' = 'none';

  constructor(reader: JsonReader) {
    this.reader = reader;
  }

  /** The whole records at the beginning of a text, and how much of it they are; the last one may be cut at the end. */
  cut(text: string, isEnd: boolean): { records: SourceRecord[]; used: number } {
    const records: SourceRecord[] = [];
    let [at, lineEnd] = [0, text.indexOf('\n')];
    const pass = (to: number) => {
      for (; lineEnd >= 0 && lineEnd < to; lineEnd = text.indexOf('\n', lineEnd + 1)) this.line++;
      at = to;
    };
    for (;;) {
      pass(skipBlank(text, at));
      if (at === text.length) break;
      const mark = this.toMark(text[at]);
      if (mark === 'mark') {
        pass(at + 1);
        continue;
      }
      if (mark !== 'record') throw this.broken(mark);
      const read = this.reader.read(text, at, isEnd);
      if (read.kind === 'cut') return { records, used: at };
      this.count++;
      if (read.kind === 'broken') {
        pass(read.at);
        throw this.broken(read.reason, this.count);
      }
      records.push({ line: this.count, startsOn: this.line, fields: read.fields, ...toFault(read.fault) });
      pass(read.end);
      this.next = 'comma';
    }
    if (isEnd && this.isInList) throw this.broken('its list is never closed');
    if (isEnd && this.next === 'none') throw new UnreadableFile('The file is empty.');
    return { records, used: at };
  }

  tooLong(): UnreadableFile {
    return this.broken(
      `it has more than ${maxRecordLength} characters, or a quote or brace in it is never closed`,
      this.count + 1,
    );
  }

  /** Whether a mark between records stands here, or a record, or what is wrong. */
  private toMark(mark: string | undefined): 'mark' | 'record' | (string & {}) {
    if (!this.isInList) {
      if (mark === ',' || mark === ']') return 'something stands between its objects: put them into a list in brackets';
      if (mark !== '[') return 'record';
      [this.isInList, this.next] = [true, 'first'];
      return 'mark';
    }
    if (mark === ']' && this.next !== 'value') {
      this.isInList = false;
      return 'mark';
    }
    if (this.next !== 'comma') return 'record';
    if (mark !== ',') return 'a comma or a closing bracket is missing between its objects';
    this.next = 'value';
    return 'mark';
  }

  private broken(reason: string, record?: number): UnreadableFile {
    const where = record === undefined ? '' : ` (record ${record})`;
    return new UnreadableFile(
      `The file is no JSON from line ${this.line}${where} on: ${reason}. Nothing of it was taken in: mend it, or write one object a line ("file": { "format": "ndjson" }), so that each is judged alone.`,
    );
  }
}

/** Passes white space over, and byte-order marks of files that were put one behind the other. */
function skipBlank(text: string, from: number): number {
  let at = skipSpace(text, from);
  while (text[at] === '\ufeff') at = skipSpace(text, at + 1);
  return at;
}
