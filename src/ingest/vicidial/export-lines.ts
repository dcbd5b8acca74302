import { createReadStream } from 'node:fs';
import { UnreadableFile } from '../../errors.ts';
import { longestLineBytes } from '../long-lines.ts';

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
  'status_name',
  'wrapup_time',
  'queue_time',
  'uniqueid',
  'caller_code',
  'hangup_cause',
  'dialstatus',
] as const;

/** A line of an export. */
export type ExportLine = Partial<Record<(typeof wanted)[number], string>>;

/** Where the columns stand when no header says so. What follows `lead_id` differs from site to site, and is left out. */
const standard: Partial<Record<(typeof wanted)[number], number>> = {
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

/**
 * The lines of a call export in order: undefined for a header and for blank lines, an empty one where columns are missing.
 * Quotes are text there, not marks. Throws UnreadableFile when the first line is none of an export's.
 */
export async function* readExport(path: string): AsyncGenerator<ExportLine | undefined> {
  let places: [name: keyof ExportLine, at: number][] | undefined;
  let separator = '\t';
  let fewest = 0;
  for await (const text of linesIn(path)) {
    if (text.trim() === '') {
      yield undefined;
      continue;
    }
    if (!places) {
      const first = text.replace(/^\ufeff/, '');
      separator = first.includes('\t') ? '\t' : '|';
      const fields = first.split(separator).map((field) => field.trim());
      const hasHeader = fields[0]?.toLowerCase() === 'call_date';
      places = hasHeader
        ? fromHeader(fields)
        : Object.entries(standard).map(([name, at]) => [name as keyof ExportLine, at]);
      fewest = hasHeader ? Math.max(...places.map(([, at]) => at)) + 1 : 36;
      if (!hasHeader) assertStandard(fields, separator);
      if (hasHeader) {
        yield undefined;
        continue;
      }
    }
    const fields = text.split(separator);
    // With a field too few, none can be told from its neighbour.
    yield fields.length < fewest
      ? {}
      : Object.fromEntries(places.map(([name, at]) => [name, fields[at]?.trim() ?? '']));
  }
}

/** The lines of a file as they come, without their ends. A lone CR, or U+2028, is a character of its line. */
async function* linesIn(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let count = 0;
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new UnreadableFile(
        `The file is no UTF-8 text: it has other bytes after line ${count}. Save it as UTF-8; no call of it was taken in.`,
      );
    }
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    const lines = (rest + decode(chunk as Buffer)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLineBytes) throw new UnreadableFile(`Line ${count + lines.length + 1} does not end.`);
    for (const line of lines) {
      count++;
      yield line.endsWith('\r') ? line.slice(0, -1) : line;
    }
  }
  rest += decode();
  if (rest !== '') yield rest;
}

function fromHeader(header: readonly string[]): [keyof ExportLine, number][] {
  const names = header.map((name) => name.toLowerCase());
  const lacking = ['status', 'campaign_id'].filter((name) => !names.includes(name));
  if (lacking.length > 0) throw new UnreadableFile(`The header of this call export lacks ${lacking.join(', ')}.`);
  return wanted.filter((name) => names.includes(name)).map((name) => [name, names.indexOf(name)]);
}

function assertStandard(fields: readonly string[], separator: string): void {
  if (separator === '\t' && fields.length >= 36 && /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(fields[0] ?? ''))
    return;
  throw new UnreadableFile(
    'This is no call export of VICIdial: tab-separated, with the columns of its standard layout, or any columns under a header that begins with call_date.',
  );
}
