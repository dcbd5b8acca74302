/** How calls of the demo can end in an agent's words, and how long people talk before each. */
import { type GeneratedRow, SET_UP } from './row.ts';

/** What an agent can say of a call. `talkSec` is the median conversation that ends this way. */
const DISPOSITIONS = [
  disposition('sale', 'Sale Success', 'contact', '#10B981', 330),
  disposition('sale_cancelled', 'Sale Cancelled', 'contact', '#F97316', 330),
  disposition('follow_up', 'Interested, Follow Up', 'contact', '#3B82F6', 190),
  disposition('not_interested', 'Not Interested', 'contact', '#EF4444', 62),
  disposition('already_customer', 'Already a Customer', 'contact', '#8B5CF6', 75),
  disposition('callback', 'Call Back', 'callback', '#F59E0B', 48),
  disposition('no_answer', 'No Answer', 'no_contact', '#6B7280', 0),
  disposition('busy', 'Busy', 'no_contact', '#9CA3AF', 0),
  disposition('voicemail', 'Voicemail', 'no_contact', '#A8A29E', 0),
  disposition('unreachable', 'Unreachable', 'no_contact', '#475569', 0),
  disposition('wrong_number', 'Wrong Number', 'remove', '#DC2626', 17),
  disposition('do_not_call', 'Do Not Call', 'remove', '#991B1B', 24),
] as const;

/** A code that agents use although nobody has registered it. */
export const UNREGISTERED = 'promo_sent';

/** A disposition code of the demo. */
export type Code = (typeof DISPOSITIONS)[number]['code'] | typeof UNREGISTERED;

function disposition<C extends string>(code: C, label: string, category: string, color: string, talkSec: number) {
  return { code, label, category, color, talkSec };
}

const medians = new Map<string, number>(DISPOSITIONS.map(({ code, talkSec }) => [code, talkSec]));

/** The median conversation that ends with this code. */
export function medianTalkSec(code: Code | null): number {
  return medians.get(code ?? 'not_interested') ?? 110;
}

/** The rows of the dispositions. */
export function dispositionRows(): GeneratedRow[] {
  return DISPOSITIONS.map(({ talkSec: _, ...row }) => ({
    ...row,
    is_conversion: row.code === 'sale',
    updated_at: SET_UP,
  }));
}
