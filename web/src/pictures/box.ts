/** How large the box of a picture is, in pixels: known before the first paint, and again whenever it changes. */
import { useLayoutEffect, useRef, useState } from 'react';

/** The size of an element. */
export interface Box {
  width: number;
  height: number;
}

/** Measures the element that gets the reference. */
export function useBox<Element extends HTMLElement>() {
  const ref = useRef<Element>(null);
  const [box, setBox] = useState<Box>();
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      setBox((before) => (before?.width === width && before.height === height ? before : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, box };
}

/** Whether a picture of rows has no room for a name, a bar and its numbers side by side. */
export const isNarrow = (box: Box | undefined): boolean => box !== undefined && box.width < 440;
