/** Reads the export layout ALTERNATE_1, whose separator may also stand, unmarked, in a customer's name. */
import { cleanWhole } from '../../../clean-text.ts';
import { type ExportLine, toTooFew } from './line.ts';

/** How many fields a row of ALTERNATE_1 has. */
export const alternateWidth = 12;

/**
 * A row of ALTERNATE_1: twelve fields with a `|` between them, of which the last is the call's code. What else was asked of the page
 * stands around the code, with tabs: recordings right before it, notes and fields of a list's own behind it. A `|` in a
 * customer's name is not marked: the length is the first number behind the names.
 */
export function readAlternate(text: string): ExportLine {
  const fields = text.split('|');
  if (fields.length < alternateWidth) return { fault: toTooFew(fields.length, alternateWidth) };
  const isNumber = (at: number) => /^-?\d+([.]\d+)?$/.test(fields[at]?.trim() ?? '');
  let length = 8;
  while (length + 3 < fields.length - 1 && !(isNumber(length) && isNumber(length + 1))) length++;
  const [date = '', , status = '', campaign = ''] = fields;
  return {
    call_date: toMinute(date.trim()),
    status: status.trim(),
    campaign_id: campaign.trim(),
    length_in_sec: cleanWhole(fields[length]?.trim() ?? ''),
    called_count: fields[length + 1]?.trim() ?? '',
    caller_code: toCode(fields.slice(length + 3).join('|')),
  };
}

/** It has minutes for seconds, and no separators. */
function toMinute(date: string): string {
  const [, year, month, day, hour, minute] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(date) ?? [];
  return year ? `${year}-${month}-${day} ${hour}:${minute}:00` : date;
}

/** The code of the call: by itself, or glued to a recording. Nothing else of a text is taken for one: it may hold a number. */
function toCode(text: string): string {
  const [own = '', ...others] = text.split('\t');
  if (own.trim() !== '') return /^[\d +().-]{7,}$/.test(own) ? '' : own.trim();
  return others.map((part) => /[A-Z]\d{16,20}$/.exec(part.trim())?.[0]).find((code) => code !== undefined) ?? '';
}
