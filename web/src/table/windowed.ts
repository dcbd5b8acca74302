/** Many rows in a scroller, of which only those in sight are drawn: five thousand are as quick as fifty. */
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** Fewer than these are simply there: found by the browser's own search, printed whole. */
export const drawnAtOnce = 200;

const [usualHeight, beside] = [37, 8];

/** Which rows are drawn, and how much room those before and after them take. */
export interface Drawn {
  from: number;
  to: number;
  before: number;
  after: number;
}

/** Watches a scroller of so many rows of one height. */
export function useWindowed(count: number, scroller: RefObject<HTMLElement | null>): Drawn & { onScroll(): void } {
  const height = useRef(usualHeight);
  const isWhole = count <= drawnAtOnce;
  const look = useCallback((): [number, number] => {
    const seen = scroller.current;
    if (!seen) return [0, 60];
    height.current = seen.querySelector('tbody tr[data-row]')?.getBoundingClientRect().height || height.current;
    const first = Math.floor(seen.scrollTop / height.current);
    const rows = Math.ceil(seen.clientHeight / height.current);
    // In steps: not every pixel draws anew.
    const from = Math.max(0, Math.floor((first - beside) / 8) * 8);
    return [from, from + rows + 2 * beside + 8];
  }, [scroller]);
  const [[from, to], setSpan] = useState<[number, number]>([0, 60]);
  const onScroll = useCallback(() => {
    const next = look();
    setSpan((now) => (now[0] === next[0] && now[1] === next[1] ? now : next));
  }, [look]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows, another place.
  useEffect(onScroll, [count, onScroll]);
  if (isWhole) return { from: 0, to: count, before: 0, after: 0, onScroll: () => {} };
  const end = Math.min(count, to);
  const start = Math.min(from, Math.max(0, end - 1));
  return { from: start, to: end, before: start * height.current, after: (count - end) * height.current, onScroll };
}
