/** Cuts a file with one JSON object a line into records. */
import { UnreadableFile } from '../../errors.ts';
import type { JsonReader } from './json-reader.ts';
import { skipBlank } from './json-text.ts';
import { fewestAtOnce, maxRecordLength, type SourceRecord } from './record.ts';

/**
 * Reads one object a line, as it comes. A blank line is no record; a line that is no object is told, and the others go on.
 * Throws UnreadableFile for a file that has no lines of objects at all.
 */
export async function* readJsonLines(text: AsyncIterable<string>, reader: JsonReader): AsyncGenerator<SourceRecord[]> {
  const lines = new Lines(reader);
  let [rest, enough] = ['', fewestAtOnce];
  for await (const chunk of text) {
    rest += chunk;
    if (rest.length < enough) continue;
    rest = rest.slice(yield* lines.cut(rest));
    if (rest.length > maxRecordLength) {
      const tooLong = lines.passOver();
      if (tooLong) yield [tooLong];
      rest = '';
    }
    enough = Math.max(fewestAtOnce, 2 * rest.length);
  }
  yield* lines.cut(`${rest}\n`);
  if (lines.isEmpty) throw new UnreadableFile('The file is empty.');
}

class Lines {
  /** Whether there was no record. */
  isEmpty = true;
  private readonly reader: JsonReader;
  private line = 1;
  /** Whether the beginning of a line was too long: what is still to come of it is none. */
  private isPassing = false;

  constructor(reader: JsonReader) {
    this.reader = reader;
  }

  /** The records of the whole lines at the beginning of a text. Gives how much of it they are. */
  *cut(text: string): Generator<SourceRecord[], number> {
    let [records, at]: [SourceRecord[], number] = [[], 0];
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      const record = this.isPassing ? undefined : this.toRecord(text.slice(at, end));
      if (record) records.push(record);
      if (records.length >= this.reader.mostAtOnce) {
        yield records;
        records = [];
      }
      this.isPassing = false;
      this.line++;
      at = end + 1;
    }
    if (records.length > 0) yield records;
    return at;
  }

  /** Passes the line over that has begun; gives what is told of it, once. */
  passOver(): SourceRecord | undefined {
    if (this.isPassing) return undefined;
    this.isPassing = true;
    return this.toTooLong();
  }

  private toRecord(text: string): SourceRecord | undefined {
    const from = skipBlank(text, 0);
    if (from === text.length) return undefined;
    if (text.length > maxRecordLength) return this.toTooLong();
    this.isEmpty = false;
    const { line } = this;
    const read = this.reader.read(text, from, true);
    if (read.kind !== 'value') {
      const reason = read.kind === 'broken' ? read.reason : 'it does not end';
      return { line, fields: [], fault: `is no JSON object on one line: ${reason}` };
    }
    if (skipBlank(text, read.end) < text.length) {
      return { line, fields: [], fault: 'has more than one JSON object on it, or something else after it' };
    }
    return { line, fields: read.fields, ...read.fault };
  }

  private toTooLong(): SourceRecord {
    this.isEmpty = false;
    return { line: this.line, fields: [], fault: `has more than ${maxRecordLength} characters` };
  }
}
