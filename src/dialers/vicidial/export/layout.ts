/** Recognises which of VICIdial's export layouts a file has, and so which field is which column. */
import { cleanWhole } from '../../../clean-text.ts';
import { UnreadableFile } from '../../../errors.ts';
import { alternateWidth, readAlternate } from './alternate.ts';
import { type ExportLine, toTooFew, type WantedColumn, wantedColumns } from './line.ts';

/** Where a file has which columns. */
export interface ExportLayout {
  separator: string;
  /** How many fields a row has at least; with fewer, none can be told from its neighbour. */
  fewest: number;
  /** How many it has when nothing in it is broken. */
  width: number;
  read(text: string): ExportLine;
}

const standard: Partial<Record<WantedColumn, number>> = {
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
const besideUniqueid: Partial<Record<WantedColumn, number>> = {
  wrapup_time: -2,
  queue_time: -1,
  uniqueid: 0,
  caller_code: 1,
  hangup_cause: 3,
  dialstatus: 4,
};
const alternateHeader =
  /^call_date\|phone_number_dialed\|status\|campaign_id\|vendor_lead_code\|source_id\|first_name\|last_name\|length_in_sec\|called_count\|last_local_call_time[|\t]/i;

/** Whether a text is a header of an export. */
export const isHeader = (text: string): boolean => /^call_date\s*[\t|]/i.test(text);

/** The layout that a header tells. Throws UnreadableFile when it lacks what a call must have. */
export function fromHeader(header: string): ExportLayout {
  if (alternateHeader.test(header)) return alternate;
  const separator = header.includes('\t') ? '\t' : '|';
  const names = header.split(separator).map((name) => name.trim().toLowerCase());
  const lacking = ['status', 'campaign_id'].filter((name) => !names.includes(name));
  if (lacking.length > 0) throw new UnreadableFile(`The header of this call export lacks ${lacking.join(', ')}.`);
  const places = wantedColumns.flatMap((name) => (names.includes(name) ? [[name, names.indexOf(name)] as const] : []));
  const fewest = Math.max(...places.map(([, at]) => at)) + 1;
  const width = names.length;
  return inPlaces({
    separator,
    places,
    fewest,
    width,
    most: names.includes('custom_fields') ? width + anyCustom : width,
  });
}

/** The layout of a file without a header, by its first row. Throws UnreadableFile when that is none of an export's. */
export function fromFirstRow(text: string): ExportLayout {
  if (/^\d{12}\|/.test(text) && text.split('|').length >= alternateWidth) return alternate;
  const fields = text.split('\t').map((field) => field.trim());
  const isDated = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(fields[0] ?? '');
  // The page of carriers leaves out a column, and all behind it move: a list is a number, and the offset from GMT, which
  // follows, has decimals.
  const isInPlace = /^\d*$/.test(fields[8] ?? '');
  if (fields.length < 36 || !isDated || !isInPlace) {
    throw new UnreadableFile(
      'This is no call export of VICIdial: one of the layouts of its export page, with or without its header, or any columns under a header that begins with call_date.',
    );
  }
  const isNumber = (at: number) => /^\d+([.]\d+)?$/.test(fields[at] ?? '');
  const uniqueid = fields.findIndex(
    (field, at) => at > 38 && /^\d{9,10}[.]\d+$/.test(field) && isNumber(at - 1) && isNumber(at - 2),
  );
  const more = Object.entries(besideUniqueid).map(([name, offset]) => [name, uniqueid + offset] as const);
  const found = uniqueid < 0 ? { ...standard, status_name: 38 } : { ...standard, ...Object.fromEntries(more) };
  const places = Object.entries(found) as [WantedColumn, number][];
  const width = fields.length;
  return inPlaces({ separator: '\t', places, fewest: 36, width, most: width + anyCustom });
}

const alternate: ExportLayout = { separator: '|', fewest: alternateWidth, width: alternateWidth, read: readAlternate };

// A list's own fields differ from row to row. With as many as a row has, it is a second row.
const anyCustom = 35;

// Spreadsheets write a point and zeroes behind these. Where the others have a point, it means something.
const wholes: readonly WantedColumn[] = ['user', 'lead_id', 'length_in_sec', 'wrapup_time'];

function inPlaces({
  separator,
  places,
  fewest,
  width,
  most,
}: Omit<ExportLayout, 'read'> & {
  places: readonly (readonly [name: WantedColumn, at: number])[];
  most: number;
}): ExportLayout {
  // What goes on behind a line break may be the rest of another field.
  const toText = (name: WantedColumn, field = '') => {
    const [text = ''] = field.trim().split('\n');
    return wholes.includes(name) ? cleanWhole(text.trim()) : text.trim();
  };
  return {
    separator,
    fewest,
    width,
    read(text) {
      const fields = text.split(separator);
      if (fields.length < fewest) return { fault: toTooFew(fields.length, width) };
      if (fields.length > most)
        return { fault: `has ${fields.length} fields, not ${width}: it is broken, or two rows` };
      return Object.fromEntries(places.map(([name, at]) => [name, toText(name, fields[at])]));
    },
  };
}
