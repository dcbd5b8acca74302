/** Cells, instants and texts, read the plain way. */
import type { Row } from './world.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const BLANK_ENDS = /^\p{White_Space}+|\p{White_Space}+$/gu;

/** The trimmed and composed text of a cell, or null when the cell is missing, empty or blank. */
export function text(row: Row, column: string): string | null {
  const value = row[column];
  if (value === undefined || value === null) return null;
  const trimmed = String(value).replace(BLANK_ENDS, '').normalize('NFC');
  return trimmed === '' ? null : trimmed;
}

export function required(row: Row, column: string): string {
  const value = text(row, column);
  if (value === null) throw new Error(`a row lacks ${column}: ${JSON.stringify(row)}`);
  return value;
}

export function integer(row: Row, column: string): number | null {
  const value = text(row, column);
  return value === null ? null : wholeNumber(value);
}

export function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`not a whole number: ${value}`);
  return number;
}

export function flag(row: Row, column: string): boolean | null {
  const value = text(row, column);
  if (value === null) return null;
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw new Error(`not a boolean: ${value}`);
}

export const DATE = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:([Zz])|([+\- ])(\d\d):?(\d\d)?)?)?$/;

/**
 * Epoch milliseconds of an ISO 8601 instant: `Z`, an offset (its `+` may have become a space) or neither (UTC),
 * `T` or a space between date and time, fractions cut to the millisecond. A date alone is its midnight in UTC.
 */
export function instant(value: string): number {
  const parts = INSTANT.exec(value);
  if (parts === null) throw new Error(`not an instant: ${value}`);
  const [, date, time = '00:00', second = '00', fraction = '', , sign, hours = '0', minutes = '0'] = parts;
  const utc = Date.parse(`${date}T${time}:${second}.${(fraction + '000').slice(0, 3)}Z`);
  if (Number.isNaN(utc)) throw new Error(`not an instant: ${value}`);
  const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE;
  return sign === '-' ? utc + offset : utc - offset;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Order of two strings by their UTF-8 bytes. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
