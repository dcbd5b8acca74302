/** Gives the instant of an import, in epoch milliseconds: the clock's, and always later than the one before. */
export type Stamp = () => number;

/** A clock for imports: two files never get the same instant, also when the machine's clock stands still or steps back. */
export function openStamp(now: () => number = Date.now): Stamp {
  let last = 0;
  return () => {
    last = Math.max(now(), last + 1);
    return last;
  };
}
