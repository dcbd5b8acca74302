/** What a call is, and how calls are counted. */
import { average } from './fractions.ts';
import type { Call } from './tenant.ts';

/** The words of one call. */
export const isDial = (call: Call) => call.outcome !== 'blocked';
export const isAnswer = (call: Call) => call.outcome === 'answered' || call.outcome === 'abandoned';
export const isHandled = (call: Call) => call.outcome === 'answered';
export const isAbandoned = (call: Call) => call.outcome === 'abandoned';
export const isRejected = (call: Call) => call.outcome === 'rejected';
export const isShorterThan = (seconds: number) => (call: Call) => call.outcome === 'answered' && call.talk < seconds;
export const isTalked = (call: Call) => call.talk > 30;
export const isDisposed = (call: Call) => isDial(call) && call.disposition !== null;
export const isConversion = (call: Call) => isDial(call) && call.conversion;

/** How many items are so. */
export function count<T>(items: Iterable<T>, holds: (item: T) => boolean): number {
  let found = 0;
  for (const item of items) if (holds(item)) found += 1;
  return found;
}

/** The sum of an amount over items. */
export function total<T>(items: Iterable<T>, amount: (item: T) => number): number {
  let sum = 0;
  for (const item of items) sum += amount(item);
  return sum;
}

/** Items by key, in order of first appearance; those whose key is null are left out. */
export function group<K, T>(items: Iterable<T>, keyOf: (item: T) => K | null): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [item]);
    else members.push(item);
  }
  return groups;
}

/** Talk, hold and wrap seconds / calls that an agent talked on, in whole seconds. */
export function averageHandleTime(dials: Call[]): number {
  return Number(
    average(
      total(dials, (call) => call.handle),
      count(dials, isHandled),
      0,
    ),
  );
}
