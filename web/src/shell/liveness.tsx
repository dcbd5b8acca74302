/** How it stands with the word of new rows, for whoever says as of when its numbers are. */
import { createContext, useContext } from 'react';
import type { Liveness } from '../api/liveness.ts';
import { useSpoken } from '../words/spoken.tsx';
import { openWriting } from '../words/writing.ts';

/** Lets everything inside know. */
export const Live = createContext<Liveness>({ isConnected: true, at: 0 });

/** How it stands. */
export const useLiveness = (): Liveness => useContext(Live);

/** Says that numbers are live, or since when they are not; a word and a shape, not a colour alone. */
export function LiveSign({ zone }: { zone: string }) {
  const { words, language } = useSpoken();
  const { isConnected, at } = useLiveness();
  const since = openWriting(language).clock(new Date(at).toISOString(), zone);
  return (
    <span className="live" data-lost={!isConnected || undefined} role="status">
      <svg viewBox="0 0 10 10" width="8" height="8" aria-hidden="true">
        {isConnected ? <circle cx="5" cy="5" r="5" /> : <path d="M1 1l8 8M9 1l-8 8" />}
      </svg>
      {isConnected ? words.live : `${words.liveLost(since)} ${words.liveAgain}`}
    </span>
  );
}
