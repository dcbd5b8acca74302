/** What is wider than its place: it scrolls by itself, by keys as well. */
import type { ReactNode, Ref } from 'react';

interface ScrolledProps {
  name: string;
  children: ReactNode;
  ref?: Ref<HTMLElement>;
  onScroll?: () => void;
}

/** A named place that scrolls. */
export const Scrolled = ({ name, children, ref, onScroll }: ScrolledProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
  <section className="table-scroll scrolled" tabIndex={0} aria-label={name} ref={ref} onScroll={onScroll}>
    {children}
  </section>
);
