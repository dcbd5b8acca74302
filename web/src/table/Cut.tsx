/** A text that somebody wrote: however long it is, its cell stays small, and shows all of it on hover, focus or a tap. */
import { useState } from 'react';

const shownWhole = 42;

/** The text. Its direction is its own. */
export function Cut({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(false);
  if (text.length <= shownWhole) return <bdi>{text}</bdi>;
  return (
    <button type="button" className="cut" title={text} aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
      <bdi>{text}</bdi>
    </button>
  );
}
