/** How the work of something grows with its input, whatever the machine. */

/** Some work on an input that is there already. */
export type Work = () => unknown;

const runs = 3;
// A collection of garbage, or others on the same processor, may spoil several in a row; each takes milliseconds.
const attempts = 12;
// Below it, what is measured is the machine.
const leastMs = 1;

/** The processor time that a work takes at its quickest: that of others, and pauses, are not its own. */
async function cpuMs(work: Work): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return Math.max(least, leastMs);
}

/** Linear work grows sixteenfold when its input does, quadratic work 256-fold: what grows by less than this is linear. */
export const linear = 64;

/**
 * How many times the work of an input of a sixteenth of `size` the whole of it takes. The lowest of some attempts, since a
 * machine that is busy only ever adds.
 */
export async function growthOf(toWork: (size: number) => Work, size: number): Promise<number> {
  const [small, large] = [toWork(Math.floor(size / 16)), toWork(size)];
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < attempts && least > linear / 2; attempt++) {
    const one = await cpuMs(small);
    least = Math.min(least, (await cpuMs(large)) / one);
  }
  return least;
}
