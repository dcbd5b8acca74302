/** The product's mark and name. */

/** The mark, with the name beside it unless there is no room. */
export const Mark = ({ isSmall = false }: { isSmall?: boolean }) => (
  <span className="mark">
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <rect x="4" y="18" width="6" height="10" rx="1.5" />
      <rect x="13" y="11" width="6" height="17" rx="1.5" />
      <rect x="22" y="4" width="6" height="24" rx="1.5" />
    </svg>
    {!isSmall && <span>Dialtally</span>}
  </span>
);
