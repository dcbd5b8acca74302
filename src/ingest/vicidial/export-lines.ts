import { createReadStream } from 'node:fs';
import { UnreadableFile } from '../../errors.ts';
import { longestLineBytes } from '../long-lines.ts';
import { openText } from './export-text.ts';

/** The columns that are read of an export; whatever else a line holds (numbers, names, addresses) is left where it is. */
const wanted = [
  'call_date',
  'status',
  'user',
  'full_name',
  'campaign_id',
  'length_in_sec',
  'user_group',
  'alt_dial',
  'lead_id',
  'called_count',
  'status_name',
  'wrapup_time',
  'queue_time',
  'uniqueid',
  'caller_code',
  'hangup_cause',
  'dialstatus',
] as const;
type Wanted = (typeof wanted)[number];

/** A line of an export, with the columns that its layout has. */
export type ExportLine = Partial<Record<Wanted, string>>;

/** Where a file has which columns. */
interface Layout {
  separator: string;
  places: [name: Wanted, at: number][];
  /** How many fields a line has at least; with fewer, none can be told from its neighbour. */
  fewest: number;
  /** How many it has when no field holds a line break. */
  width: number;
}

const standard: Partial<Record<Wanted, number>> = {
  call_date: 0,
  status: 2,
  user: 3,
  full_name: 4,
  campaign_id: 5,
  length_in_sec: 30,
  user_group: 31,
  alt_dial: 32,
  lead_id: 35,
};
// What an extended layout adds stands behind what differs from version to version: its call's id shows where.
const besideUniqueid: Partial<Record<Wanted, number>> = {
  wrapup_time: -2,
  queue_time: -1,
  uniqueid: 0,
  caller_code: 1,
  hangup_cause: 3,
  dialstatus: 4,
};
const alternate: Partial<Record<Wanted, number>> = {
  call_date: 0,
  status: 2,
  campaign_id: 3,
  length_in_sec: 8,
  called_count: 9,
  caller_code: 11,
};

/**
 * The lines of a call export in order: undefined for a header, for blank lines and for what goes on with the line before, an
 * empty one where columns are missing. Quotes are text there, not marks. Throws UnreadableFile when the first line is none of
 * an export's, and for bytes that are no text in the encoding.
 */
export async function* readExport(path: string, encoding?: string): AsyncGenerator<ExportLine | undefined> {
  let layout: Layout | undefined;
  let broken: string | undefined;
  const toLine = ({ places, fewest }: Layout, fields: readonly string[]): ExportLine =>
    fields.length < fewest
      ? {}
      : toWhole(Object.fromEntries(places.map(([name, at]) => [name, fields[at]?.trim() ?? ''])));
  for await (const text of linesIn(path, encoding)) {
    if (text.trim() === '' && broken === undefined) {
      yield undefined;
      continue;
    }
    if (!layout) {
      const first = toLayout(text.replace(/^\ufeff/, ''));
      layout = first.layout;
      if (first.isHeader) {
        yield undefined;
        continue;
      }
    }
    const { separator, fewest, width } = layout;
    // A line break in an address ends a line in the middle of its fields.
    const whole = broken === undefined ? text : `${broken}\n${text}`;
    const fields = whole.split(separator);
    if (broken !== undefined && fields.length > width) {
      // What stood before was cut short, not broken.
      yield {};
      broken = undefined;
      const own = text.split(separator);
      if (own.length < fewest) broken = text;
      else yield toLine(layout, own);
      continue;
    }
    if (fields.length < fewest && whole.length < longestLineBytes) {
      if (broken !== undefined) yield undefined;
      broken = whole;
      continue;
    }
    if (broken !== undefined) yield undefined;
    broken = undefined;
    yield toLine(layout, fields);
  }
  if (broken !== undefined) yield {};
}

/** ALTERNATE_1 has minutes for seconds, and no separators. */
function toWhole(line: ExportLine): ExportLine {
  const [, year, month, day, hour, minute] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(line.call_date ?? '') ?? [];
  return year ? { ...line, call_date: `${year}-${month}-${day} ${hour}:${minute}:00` } : line;
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

function toLayout(first: string): { layout: Layout; isHeader: boolean } {
  const separator = first.includes('\t') && !/^call_date\|/i.test(first) && !/^\d{12}\|/.test(first) ? '\t' : '|';
  const fields = first.split(separator).map((field) => field.trim());
  const width = fields.length;
  if (fields[0]?.toLowerCase() === 'call_date') {
    const places = fromHeader(fields);
    return {
      layout: { separator, places, fewest: Math.max(...places.map(([, at]) => at)) + 1, width },
      isHeader: true,
    };
  }
  const places = Object.entries(withoutHeader(fields, separator)) as [Wanted, number][];
  return { layout: { separator, places, fewest: separator === '|' ? 12 : 36, width }, isHeader: false };
}

function fromHeader(header: readonly string[]): [Wanted, number][] {
  const names = header.map((name) => name.toLowerCase());
  const lacking = ['status', 'campaign_id'].filter((name) => !names.includes(name));
  if (lacking.length > 0) throw new UnreadableFile(`The header of this call export lacks ${lacking.join(', ')}.`);
  return wanted.filter((name) => names.includes(name)).map((name) => [name, names.indexOf(name)]);
}

function withoutHeader(fields: readonly string[], separator: string): Partial<Record<Wanted, number>> {
  const [date = ''] = fields;
  if (separator === '|' && fields.length >= 12 && /^\d{12}$/.test(date)) return alternate;
  const isDated = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(date);
  // The page of carriers leaves out a column, and all behind it move: a list is a number, and the offset from GMT, which follows, has decimals.
  const isInPlace = /^\d*$/.test(fields[8]?.trim() ?? '');
  if (separator !== '\t' || fields.length < 36 || !isDated || !isInPlace) {
    throw new UnreadableFile(
      'This is no call export of VICIdial: one of the layouts of its export page, with or without its header, or any columns under a header that begins with call_date.',
    );
  }
  const isNumber = (at: number) => /^\d+([.]\d+)?$/.test(fields[at] ?? '');
  const uniqueid = fields.findIndex(
    (field, at) => at > 38 && /^\d{9,10}[.]\d+$/.test(field) && isNumber(at - 1) && isNumber(at - 2),
  );
  if (uniqueid < 0) return { ...standard, status_name: 38 };
  const more = Object.entries(besideUniqueid).map(([name, offset]) => [name, uniqueid + offset] as const);
  return { ...standard, ...Object.fromEntries(more) };
}
