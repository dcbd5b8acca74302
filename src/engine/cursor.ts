/** Where a page of a list ended: a text that whoever walks the list hands back, and nobody has to understand. */
import { Type } from 'typebox';
import { earliestMs, endMs } from '../tables.ts';
import type { BehindKind } from './behind-columns.ts';
import type { Param } from './params.ts';

/** The place of a row in its list: what identifies it, in the order of the list. */
export type CursorPlace = { at: number; campaign: number; call: string } | { lead: number };

/** A place, and the instant of the first page: what is of the present stands still while somebody walks on. */
export interface Cursor {
  place: CursorPlace;
  now: number;
}

/** A cursor as text: letters, digits, `-` and `_`. */
export function toCursorText({ place, now }: Cursor): string {
  const parts = 'lead' in place ? [now, place.lead] : [now, place.at, place.campaign, place.call];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The end of the page before. */
export const cursor = (about: string, kind: BehindKind): Param<Cursor> => ({
  kind: 'cursor',
  about,
  schema: Type.String(),
  values: 'string',
  placeholder: 'cursor',
  read: (text) => {
    const value = readCursor(text);
    const isOfKind = value && 'lead' in value.place === (kind === 'leads');
    return isOfKind ? { value } : { fault: { id: 'not_cursor' } };
  },
});

function readCursor(text: string): Cursor | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [now, first, campaign, call] = parts as unknown[];
  if (!isInstant(now)) return undefined;
  if (parts.length === 2) return isWhole(first) ? { now, place: { lead: first } } : undefined;
  const isCall = parts.length === 4 && isInstant(first) && isWhole(campaign) && typeof call === 'string';
  return isCall ? { now, place: { at: first, campaign, call } } : undefined;
}

// Others than those that a call may have are nobody's, and no calendar has them.
const isInstant = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= earliestMs && Number(value) < endMs;

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
