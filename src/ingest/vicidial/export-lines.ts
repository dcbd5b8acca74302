import { createReadStream } from 'node:fs';
import { UnreadableFile } from '../../errors.ts';
import { longestLineBytes } from '../long-lines.ts';
import { fromFirstRow, fromHeader, isHeader, type Layout } from './export-layout.ts';
import type { ExportLine } from './export-line.ts';
import { openText } from './export-text.ts';

/**
 * The lines of a call export in order: undefined for a header, for blank lines and for what goes on with the line before. Quotes
 * are text there, not marks. Throws UnreadableFile when the file is no export, and for bytes that are no text in the encoding.
 */
export async function* readExport(path: string, encoding?: string): AsyncGenerator<ExportLine | undefined> {
  let layout: Layout | undefined;
  /** The row that may go on, and how many lines it has so far. */
  let row: string | undefined;
  let count = 0;
  const end = (): (ExportLine | undefined)[] => {
    if (row === undefined) return [];
    layout ??= fromFirstRow(row);
    const ended = [layout.read(row), ...Array(count - 1).fill(undefined)];
    row = undefined;
    return ended;
  };
  let isFirst = true;
  for await (const line of linesIn(path, encoding)) {
    const text = isFirst ? line.replace(/^\ufeff/, '') : line;
    isFirst = false;
    if (layout === undefined && row === undefined && isHeader(text)) {
      layout = fromHeader(text);
      yield undefined;
    } else if (row !== undefined && goesOn(row, text, layout)) {
      row = `${row}\n${text}`;
      count++;
    } else {
      yield* end();
      if (text.trim() === '') yield undefined;
      else [row, count] = [text, 1];
    }
  }
  yield* end();
}

/**
 * Whether a line is the rest of a row: a line break in an address or a description ends a line in the middle of a row. Every
 * row begins with its date. A line that does not is one all the same when it has too many fields for a rest.
 */
function goesOn(row: string, text: string, layout: Layout | undefined): boolean {
  if (/^(\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?\s*[\t|]|\d{12}\|)/.test(text) || row.length + text.length > longestLineBytes)
    return false;
  // Of a file without a header, nobody knows yet how many fields a row has.
  if (layout === undefined) return true;
  const [has, more] = [row, text].map((one) => one.split(layout.separator).length) as [number, number];
  if (text.trim() === '') return has < layout.fewest;
  if (more >= layout.fewest) return false;
  return has < layout.width ? has + more - 1 <= layout.width : more === 1;
}

/**
 * Whether a line is of an in-group's log. Both logs stand in one layout: an in-group's rows have their seconds in the queue, as a
 * decimal, where the others have `alt_dial` or a plain 0, and in ALTERNATE_1 the call's id for `called_count`.
 */
export function isOfInGroup({ alt_dial = '', queue_time = '', called_count = '' }: ExportLine): boolean {
  return [alt_dial, queue_time, called_count].some((text) => /^\d+[.]\d+$/.test(text));
}

/** The lines of a file as they come, without their ends. A lone CR, or U+2028, is a character of its line. */
async function* linesIn(path: string, encoding: string | undefined): AsyncGenerator<string> {
  const read = openText(encoding);
  let rest: Buffer = Buffer.alloc(0);
  let count = 0;
  const decode = (line: Buffer) => {
    count++;
    const text = read(line.at(-1) === 13 ? line.subarray(0, -1) : line);
    if (text === undefined) {
      throw new UnreadableFile(
        `Line ${count} of the file is no text in ${encoding ?? 'UTF-8'}. Name the encoding that it has (--encoding latin1 is MySQL\u2019s), or save it as UTF-8; no call of it was taken in.`,
      );
    }
    return text;
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk as Buffer]) : (chunk as Buffer);
    let from = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      yield decode(bytes.subarray(from, at));
      from = at + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > longestLineBytes) throw new UnreadableFile(`Line ${count + 1} does not end.`);
  }
  if (rest.length > 0) yield decode(rest);
}
