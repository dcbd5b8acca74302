/** A small bar in a cell: how large a number is beside the largest of its column. */

/** The bar; the number beside it says the same. */
export const Bar = ({ value, most }: { value: number; most: number }) => (
  <span className="bar" aria-hidden="true">
    <span style={{ width: most > 0 ? `${(value / most) * 100}%` : '0' }} />
  </span>
);
