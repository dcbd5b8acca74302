/** How much of its daily cap a caller ID has used up. */
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';

/** The dials of today beside the cap; without one, the dials alone. */
export function CapUse({ used, cap, onOpen }: { used: number; cap: number; onOpen: (() => void) | undefined }) {
  const { words, language } = useSpoken();
  const writing = openWriting(language);
  const written = writing.number(used);
  const share = cap > 0 ? used / cap : 0;
  return (
    <span className="cap">
      {onOpen ? (
        <button type="button" className="number" onClick={onOpen} title={words.showCalls}>
          {written}
        </button>
      ) : (
        written
      )}
      {cap > 0 && <span className="dimmed"> / {writing.number(cap)}</span>}
      {cap > 0 && (
        <span className="bar" data-state={share >= 1 ? 'over' : share >= 0.8 ? 'near' : undefined} aria-hidden="true">
          <span style={{ width: `${Math.min(100, share * 100)}%` }} />
        </span>
      )}
    </span>
  );
}
