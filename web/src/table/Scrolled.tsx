/** What is wider than its place: it scrolls by itself, by keys as well. */

/** A named place that scrolls. */
export const Scrolled = ({ name, children }: { name: string; children: React.ReactNode }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
  <section className="table-scroll" tabIndex={0} aria-label={name}>
    {children}
  </section>
);
