/** Which day it is, on a page that stays open past midnight. */
import { useCallback, useSyncExternalStore } from 'react';
import { dateIn } from '../question/dates.ts';

const lookEveryMs = 20_000;

function watch(onLook: () => void): () => void {
  const timer = setInterval(onLook, lookEveryMs);
  // A machine that slept has another day at once.
  document.addEventListener('visibilitychange', onLook);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', onLook);
  };
}

/** Today's date in a zone. */
export const useToday = (zone: string): string =>
  useSyncExternalStore(
    watch,
    useCallback(() => dateIn(zone, Date.now()), [zone]),
  );
