/** How long a call of several parts talked, when some of them talked at once. */
import type { MadeRow } from './part.ts';

/** How long the parts of a call talked, what they talked at the same time counted once; undefined when it is not known of all. */
export function secondsOfTalk(parts: readonly MadeRow[]): number | undefined {
  const talking = parts.filter(({ row }) => Number(row.talk_sec) > 0);
  if (talking.length < 2) return undefined;
  const spans: [from: number, to: number][] = [];
  for (const { talkFrom, row } of talking) {
    if (talkFrom === undefined) return undefined;
    spans.push([talkFrom, talkFrom + Number(row.talk_sec) * 1000]);
  }
  spans.sort(([one], [other]) => one - other);
  let [talked, end] = [0, Number.NEGATIVE_INFINITY];
  for (const [from, to] of spans) {
    talked += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return Math.round(talked / 1000);
}
