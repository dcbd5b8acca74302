/** Texts of a mapping that have a form of their own: what the schema's `format` stands for. */
import { findZone } from '../../zones.ts';
import { phoneFormParts } from './phone-form.ts';
import { faultInTimeFormat } from './time-format.ts';

/** What is wrong with the name of a time zone, or nothing. */
export function faultInTimeZone(name: string): string | undefined {
  // An offset knows no daylight saving time; nobody keeps a clock by it on purpose.
  if (findZone(name) !== undefined) return undefined;
  return 'It is no time zone that is known here. Write a TZDB name such as Asia/Ho_Chi_Minh, America/New_York or UTC.';
}

/** What is wrong with a text of each format that the schema of mappings names, or nothing. */
export const faultsOfFormats: Record<string, (text: string) => string | undefined> = {
  timezone: faultInTimeZone,
  'time-format': faultInTimeFormat,
  encoding: faultInEncoding,
  'country-code': (text) => faultInPart(text, phoneFormParts.country_code),
  'dial-prefix': (text) => faultInPart(text, phoneFormParts.dial_prefix),
};

const faultInPart = (text: string, { pattern, rule }: { pattern: string; rule: string }) =>
  new RegExp(pattern).test(text) ? undefined : rule;

function faultInEncoding(name: string): string | undefined {
  try {
    new TextDecoder(name);
    return undefined;
  } catch {
    return 'It is no encoding that is known here. Write its WHATWG name, such as utf-8, windows-1252 or gb18030.';
  }
}
