// Longer words are nobody's slip, and nobody overlooks a word among more.
const [longestWord, mostWords] = [64, 500];

/** The word of a list that someone probably meant, or undefined when none is near. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  if (word.length > longestWord) return undefined;
  const plain = toPlain(word);
  const limit = Math.max(1, Math.floor(plain.length / 3));
  let best: { word: string; distance: number } | undefined;
  for (const other of words.slice(0, mostWords)) {
    if (other.length > 2 * longestWord) continue;
    const near = toPlain(other);
    // Letters that one of them does not have must be put in.
    if (Math.abs(near.length - plain.length) > limit) continue;
    const distance = distanceOf(plain, near);
    // A word of which nothing is left was another one.
    if (distance > limit || distance >= plain.length) continue;
    if (distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { word: other, distance };
  }
  return best?.word;
}

/** ` Did you mean "…"?`, or nothing. */
export function didYouMean(word: string, words: readonly string[]): string {
  const found = nearest(word, words);
  return found === undefined ? '' : ` Did you mean ${JSON.stringify(found)}?`;
}

const toPlain = (word: string) => word.toLowerCase().replace(/[-_ ]/g, '');

/** How many letters must be put in, taken out, changed or swapped with the next. */
function distanceOf(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + change);
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (isSwap) next[j] = Math.min(next[j]!, before[j - 2]! + 1);
    }
    before = row;
    row = next;
  }
  return row[other.length]!;
}
