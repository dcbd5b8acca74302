/** Cuts JSON objects that stand in a list, or one behind the other, into records. */
import { UnreadableFile } from '../../errors.ts';
import type { JsonReader } from './json-reader.ts';
import { skipBlank } from './json-text.ts';
import { fewestAtOnce, maxRecordLength, type SourceRecord } from './record.ts';

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
    rest = rest.slice(yield* cutter.cut(rest, false));
    if (rest.length > maxRecordLength) throw cutter.tooLong();
    enough = Math.max(fewestAtOnce, 2 * rest.length);
  }
  yield* cutter.cut(rest, true);
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

  /** The whole records at the beginning of a text; the last one may be cut at the end. Gives how much of it they are. */
  *cut(text: string, isEnd: boolean): Generator<SourceRecord[], number> {
    let records: SourceRecord[] = [];
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
      if (read.kind === 'cut') break;
      this.count++;
      if (read.kind === 'broken') {
        pass(read.at);
        throw this.broken(read.reason, this.count);
      }
      records.push({ line: this.count, startsOn: this.line, fields: read.fields, ...read.fault });
      pass(read.end);
      this.next = 'comma';
      if (records.length < this.reader.mostAtOnce) continue;
      yield records;
      records = [];
    }
    if (records.length > 0) yield records;
    if (isEnd && this.isInList) throw this.broken('its list is never closed');
    if (isEnd && this.next === 'none') throw new UnreadableFile('The file is empty.');
    return at;
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
