/** What a place of a picture says, on hover, focus or a tap: one box beside it, which Escape closes. */
import { type ReactNode, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** A place of a picture, in pixels from the picture's own corner. */
export interface Place {
  x: number;
  y: number;
}

/** Which place is looked at, by what tells it from the others. Escape, and a tap elsewhere, close it. */
export function useLookedAt<Key>(within: RefObject<HTMLElement | null>) {
  const [at, setAt] = useState<Key>();
  const leave = useCallback(() => setAt(undefined), []);
  useEffect(() => {
    if (at === undefined) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // It closes the tip, and nothing else.
      event.preventDefault();
      leave();
    };
    const onPointer = ({ target }: PointerEvent) => {
      if (target instanceof Node && !within.current?.contains(target)) leave();
    };
    addEventListener('keydown', onKey, { capture: true });
    addEventListener('pointerdown', onPointer, { capture: true });
    return () => {
      removeEventListener('keydown', onKey, { capture: true });
      removeEventListener('pointerdown', onPointer, { capture: true });
    };
  }, [at, leave, within]);
  return { at, look: setAt, leave };
}

const gap = 12;
const edge = 8;

/** The box. It stays within what is seen of the page, and makes nothing wider. */
export function Tip({ place, children }: { place: Place; children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const put = () => {
      const [tip, parent] = [ref.current, ref.current?.parentElement];
      if (!tip || !parent) return;
      const { left, top } = parent.getBoundingClientRect();
      const { clientWidth: wide, clientHeight: high } = document.documentElement;
      const { offsetWidth: width, offsetHeight: height } = tip;
      const [x, y] = [left + place.x, top + place.y];
      const beside = x + gap + width <= wide - edge ? x + gap : x - gap - width;
      tip.style.left = `${Math.max(edge, Math.min(beside, wide - edge - width))}px`;
      tip.style.top = `${Math.max(edge, Math.min(y - gap, high - edge - height))}px`;
    };
    put();
    addEventListener('scroll', put, { capture: true, passive: true });
    addEventListener('resize', put);
    return () => {
      removeEventListener('scroll', put, { capture: true });
      removeEventListener('resize', put);
    };
  });
  return (
    <div className="tip" ref={ref} aria-hidden="true">
      {children}
    </div>
  );
}
