/** What the marks of a picture mean: each beside its word. */

/** A mark: how it looks is the style sheet's. */
export type LegendMark =
  | 'now'
  | 'before'
  | 'running'
  | 'weekend'
  | 'limit'
  | 'above'
  | 'present'
  | 'thin'
  | 'lost'
  | 'tick';

/** The legend of a picture, one line where it fits. */
export const Legend = ({ items }: { items: readonly (readonly [mark: LegendMark, text: string])[] }) => (
  <ul className="legend">
    {items.map(([mark, text]) => (
      <li key={mark}>
        <span className="mark-sample" data-mark={mark} aria-hidden="true" /> {text}
      </li>
    ))}
  </ul>
);
