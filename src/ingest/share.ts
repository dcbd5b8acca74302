/** Something of which there is only so much, and which several want. */
export interface Share {
  /** Takes some of it, or gives false: there is not enough left for this one. */
  take(who: number, amount?: number): boolean;
  /** Gives some of it back. */
  give(who: number, amount?: number): void;
}

/**
 * Shares what there is: nobody may hold more than is left over. Whoever is alone gets half, of two the second a quarter,
 * so there is always something for the next one, and nothing is set aside for who is not there.
 */
export function openShare(total: number): Share {
  const held = new Map<number, number>();
  let left = total;
  return {
    take(who, amount = 1) {
      const mine = (held.get(who) ?? 0) + amount;
      if (mine > left) return false;
      left -= amount;
      held.set(who, mine);
      return true;
    },
    give(who, amount = 1) {
      left += amount;
      const mine = (held.get(who) ?? 0) - amount;
      if (mine > 0) held.set(who, mine);
      else held.delete(who);
    },
  };
}
