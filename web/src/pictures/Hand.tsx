/** What goes along a picture by pointer, finger or arrow keys: one stop of the Tab key, which says each place aloud. */
import type { KeyboardEvent, PointerEvent } from 'react';
import { useRef } from 'react';

interface HandProps {
  name: string;
  /** How many places there are. */
  count: number;
  at: number | undefined;
  /** The place that the keys begin at. */
  first: number;
  /** A place in words. */
  say(index: number): string;
  /** The place at so many pixels from the left. */
  indexAt(x: number): number;
  look(index: number): void;
  leave(): void;
  /** Opens what stands behind a place; undefined where nothing does. */
  open: ((index: number) => void) | undefined;
}

const page = 7;

/** A slider that cannot be seen, over the whole picture: the browser knows what it is, and so does a screen reader. */
export function Hand({ name, count, at, first, say, indexAt, look, leave, open }: HandProps) {
  // A finger looks by its first tap, and opens by the second.
  const wasLookedAt = useRef(false);
  const isMouse = useRef(false);
  const here = at ?? first;
  const toIndex = (event: PointerEvent | React.MouseEvent) => indexAt(event.nativeEvent.offsetX);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (at !== undefined) open?.(at);
      return;
    }
    const places: Record<string, number> = {
      ArrowLeft: here - 1,
      ArrowDown: here - 1,
      ArrowRight: here + 1,
      ArrowUp: here + 1,
      PageDown: here - page,
      PageUp: here + page,
      Home: 0,
      End: count - 1,
    };
    const next = Object.hasOwn(places, event.key) ? places[event.key] : undefined;
    if (next === undefined) return;
    event.preventDefault();
    look(Math.min(count - 1, Math.max(0, at === undefined ? here : next)));
  };
  return (
    <input
      type="range"
      className="hand"
      aria-label={name}
      aria-valuetext={say(here)}
      min={0}
      max={Math.max(0, count - 1)}
      value={here}
      data-opens={(open !== undefined && at !== undefined) || undefined}
      // Where it stands is said by the handlers below, so that a press does not drag it.
      onChange={() => undefined}
      onKeyDown={onKeyDown}
      onFocus={({ target }) => target.matches(':focus-visible') && look(here)}
      onBlur={leave}
      onPointerDown={(event) => {
        const index = toIndex(event);
        isMouse.current = event.pointerType === 'mouse';
        wasLookedAt.current = index === at;
        look(index);
      }}
      onPointerMove={(event) => look(toIndex(event))}
      onPointerLeave={(event) => event.pointerType === 'mouse' && leave()}
      onClick={(event) => {
        if (event.detail > 0 && isMouse.current) open?.(toIndex(event));
      }}
      // A slider keeps taps for itself: a finger makes no click on it.
      onPointerUp={(event) => {
        if (event.pointerType !== 'mouse' && wasLookedAt.current) open?.(toIndex(event));
      }}
    />
  );
}
