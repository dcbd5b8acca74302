/** What a place of a picture says, on hover, focus or a tap: one box beside it, which Escape closes. */
import { type ReactNode, useCallback, useEffect, useState } from 'react';

/** A place of a picture, in its own pixels. */
export interface Place {
  x: number;
  y: number;
}

/** Which place is looked at, by what tells it from the others. */
export function useLookedAt<Key>() {
  const [at, setAt] = useState<Key>();
  const leave = useCallback(() => setAt(undefined), []);
  useEffect(() => {
    if (at === undefined) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') leave();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [at, leave]);
  return { at, look: setAt, leave };
}

/** The box. It never leaves the picture. */
export function Tip({ place, width, children }: { place: Place; width: number; children: ReactNode }) {
  const isRight = place.x > width / 2;
  return (
    <div
      className="tip"
      role="status"
      style={{
        top: Math.max(0, place.y - 12),
        ...(isRight ? { right: width - place.x + 12 } : { left: place.x + 12 }),
      }}
    >
      {children}
    </div>
  );
}
