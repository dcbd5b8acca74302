/** Where a page of a list ended: a text that whoever walks the list hands back, and nobody has to understand. */
import { Type } from 'typebox';
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

/** Whether a place is one in a list of such rows. */
export function isPlaceOf(kind: BehindKind, place: CursorPlace): boolean {
  return 'lead' in place === (kind === 'leads');
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
    return value && isPlaceOf(kind, value.place) ? { value } : { fault: { id: 'not_cursor' } };
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
  if (!isWhole(now) || !isWhole(first)) return undefined;
  if (parts.length === 2) return { now, place: { lead: first } };
  const isCall = parts.length === 4 && isWhole(campaign) && typeof call === 'string';
  return isCall ? { now, place: { at: first, campaign, call } } : undefined;
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
