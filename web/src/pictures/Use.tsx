/** How much of a day's cap is used: a bar to scale, the numbers beside it, and a word from four fifths on. */
import { memo } from 'react';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';
import { type CapState, capStateOf } from './amounts.ts';

/** A state has a shape of its own, beside its word. */
const shapes: Record<CapState, string> = { none: '', within: '', near: '▲', reached: '■' };

interface UseProps {
  used: number;
  cap: number;
  /** Shows the calls; undefined where there are none, or the role may not see them. */
  onOpen?: (() => void) | undefined;
}

/** A bar for a cell. */
export const Use = memo(function Use({ used, cap, onOpen }: UseProps) {
  const { words, language } = useSpoken();
  const writing = openWriting(language);
  const state = capStateOf(used, cap);
  const number = onOpen ? (
    <button type="button" className="number" onClick={onOpen} title={words.showCalls}>
      {writing.number(used)}
    </button>
  ) : (
    writing.number(used)
  );
  if (state === 'none') {
    return (
      <span className="use">
        {number} <span className="dimmed">{words.noCap}</span>
      </span>
    );
  }
  const word = { within: '', near: words.capNear, reached: words.capReached }[state];
  return (
    <span className="use" data-state={state}>
      <span className="use-text">
        {number} <span className="dimmed">{words.ofCount(writing.number(cap))}</span>
      </span>
      <span className="use-track" aria-hidden="true">
        <span className="use-fill" style={{ width: `${Math.min(100, (used / cap) * 100)}%` }} />
      </span>
      {word && (
        <span className="use-word">
          <span aria-hidden="true">{shapes[state]}</span> {word}
        </span>
      )}
    </span>
  );
});
