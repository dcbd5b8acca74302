/** Work that is done for many at once. */
export interface Gathering<Item, Result> {
  /** Adds one; resolves with its result when the round that it was in is done. */
  add(item: Item): Promise<Result>;
}

/**
 * While one round is worked on, the next gathers: nobody waits for more than two, and the busier it is the more share a
 * round. `work` gives a result for each item, in their order; when it fails, it fails for the whole round.
 */
export function openGathering<Item, Result>(
  work: (items: Item[]) => Promise<readonly Result[]>,
): Gathering<Item, Result> {
  let waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  let isWorking = false;

  async function workOff(): Promise<void> {
    isWorking = true;
    // Whoever comes in the same turn of the event loop is in the first round.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const round = waiting;
      waiting = [];
      try {
        const results = await work(round.map(({ item }) => item));
        for (const [index, { resolve }] of round.entries()) resolve(results[index] as Result);
      } catch (error) {
        for (const { reject } of round) reject(error);
      }
    }
    isWorking = false;
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (!isWorking) void workOff();
      }),
  };
}
