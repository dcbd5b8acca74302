/** Lets rows of the call log that have only an epoch take their place among those with a date. */
import type { DialRow } from './read-in-groups.ts';

/** Rows of the log that are known by their epochs alone, beside those that the log has in order. */
export interface Undated {
  /** The wall clock of the next one. */
  nextAt(): string | undefined;
  /** The next ones of before a wall clock, so many at most. */
  take(end: string, most: number): Promise<DialRow[]>;
}

/** Opens rows in the order of their epochs: one page of them is in memory. */
export async function openUndated(rows: AsyncGenerator<DialRow>): Promise<Undated> {
  let next = await rows.next();
  const nextAt = () => (next.done ? undefined : next.value.call_date);
  return {
    nextAt,
    async take(end, most) {
      const taken: DialRow[] = [];
      for (let at = nextAt(); !next.done && at !== undefined && at < end && taken.length < most; at = nextAt()) {
        taken.push(next.value);
        next = await rows.next();
      }
      return taken;
    },
  };
}
