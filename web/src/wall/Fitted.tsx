/** Makes what is inside as large as its place lets it be: nothing of it is out of sight. */
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';

/** At this size of a screen, things are as large as on a page. */
const plain = { width: 760, height: 430 };
const most = 3;
const least = 0.7;

/** A place whose content is fitted into it. */
export function Fitted({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState(() =>
    Math.max(1, Math.min(most, innerWidth / plain.width, innerHeight / plain.height)),
  );
  useLayoutEffect(() => {
    const [outer, inner] = [place.current, content.current];
    if (!outer || !inner) return;
    const fit = () => {
      const share = outer.clientHeight / inner.getBoundingClientRect().height;
      // Narrower content may wrap into more of its height: some steps find what fits. It never grows again, and so comes to rest.
      if (share < 1) setZoom((before) => Math.max(least, before * Math.max(0.8, share) * 0.99));
    };
    const watch = new ResizeObserver(fit);
    watch.observe(inner);
    watch.observe(outer);
    return () => watch.disconnect();
  }, []);
  return (
    <div className="fitted" ref={place}>
      <div ref={content} style={{ zoom }}>
        {children}
      </div>
    </div>
  );
}
