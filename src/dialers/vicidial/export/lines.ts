/** From the bytes of a VICIdial call export to its rows, also where one goes on over several lines. */
import { createReadStream } from 'node:fs';
import { UnreadableFile } from '../../../errors.ts';
import { longestLineBytes } from '../../../ingest/long-lines.ts';
import { type ExportLayout, fromFirstRow, fromHeader, isHeader } from './layout.ts';
import type { ExportLine } from './line.ts';
import { openText } from './text.ts';

/**
 * The lines of a call export in order: undefined for a header, for blank lines and for what goes on with the line before. Quotes
 * are text there, not marks. Throws UnreadableFile when the file is no export, and for bytes that are no text in the encoding.
 */
export async function* readExport(path: string, encoding?: string): AsyncGenerator<ExportLine | undefined> {
  const layout = await findLayout(linesIn(path, encoding));
  /** The row that may go on, and how many lines it has so far. */
  let row: string | undefined;
  let count = 0;
  const end = (): (ExportLine | undefined)[] => {
    if (row === undefined || layout === undefined) return [];
    const ended = [layout.read(row), ...Array(count - 1).fill(undefined)];
    row = undefined;
    return ended;
  };
  let isBegun = false;
  for await (const text of linesIn(path, encoding)) {
    const isHead = !isBegun && isHeader(text);
    isBegun ||= text.trim() !== '';
    if (row !== undefined && layout !== undefined && goesOn(row, text, layout)) {
      row = `${row}\n${text}`;
      count++;
    } else {
      yield* end();
      if (isHead || text.trim() === '') yield undefined;
      else [row, count] = [text, 1];
    }
  }
  yield* end();
}

/** Every row begins with its date. */
const startsRow = (text: string) => /^(\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?\s*[\t|]|\d{12}\|)/.test(text);

/**
 * Whether a line is the rest of a row: a line break in an address or a description ends a line in the middle of a row. A line that
 * does not begin with a date is a row all the same, and a bad one, when it has too many fields for a rest.
 */
function goesOn(row: string, text: string, { separator, fewest, width }: ExportLayout): boolean {
  if (startsRow(text) || row.length + text.length > longestLineBytes) return false;
  const [has, more] = [row, text].map((one) => one.split(separator).length) as [number, number];
  if (text.trim() === '') return has < width;
  if (more >= fewest) return false;
  return has < width ? has + more - 1 <= width : more === 1;
}

// So many lines tell how many fields a row has where no header does.
const mostLooked = 200;

/** Finds out where a file has which columns: by its header, else by the rows that have as many fields as most. */
async function findLayout(lines: AsyncIterable<string>): Promise<ExportLayout | undefined> {
  const first: string[] = [];
  for await (const text of lines) {
    if (text.trim() === '' && first.length === 0) continue;
    if (first.length === 0 && isHeader(text)) return fromHeader(text);
    first.push(text);
    if (first.length >= mostLooked) break;
  }
  if (first.length === 0) return undefined;
  const byWidth = new Map<number, string[]>();
  for (const text of first.filter(startsRow)) {
    const width = text.split('\t').length;
    byWidth.set(width, [...(byWidth.get(width) ?? []), text]);
  }
  const [most = []] = [...byWidth.values()].sort(
    (one, other) => other.length - one.length || widthOf(other) - widthOf(one),
  );
  if (most.length > 1) return fromFirstRow(most[0] ?? '');
  // Of one row alone, perhaps a broken one, what belongs to it is what makes it as wide as a layout is.
  const next = first.findIndex((text, at) => at > 0 && startsRow(text));
  const joined = first.slice(0, next < 0 ? undefined : next).join('\n');
  return fromFirstRow(isWidth(widthOf([joined])) || most.length === 0 ? joined : (most[0] ?? ''));
}

const widthOf = ([text = '']: readonly string[]): number => text.split('\t').length;

/** The layouts have 39, 55, 58, 59 and 65 columns, and some more for recordings, notes and paths. */
const isWidth = (width: number): boolean => (width >= 39 && width <= 44) || (width >= 55 && width <= 70);

/** The lines of a file as they come, without their ends. A lone CR, or U+2028, is a character of its line. */
async function* linesIn(path: string, encoding: string | undefined): AsyncGenerator<string> {
  const read = openText(encoding);
  let rest: Buffer = Buffer.alloc(0);
  let count = 0;
  const decode = (line: Buffer) => {
    count++;
    const found = read(line.at(-1) === 13 ? line.subarray(0, -1) : line);
    const text = count === 1 ? found?.replace(/^\ufeff/, '') : found;
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
