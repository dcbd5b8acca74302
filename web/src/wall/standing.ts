/** A screen that nobody sits at: it stays awake, and shows no pointer. */
import { useEffect, useState } from 'react';

const idleMs = 3000;

/** Whether nobody has touched anything for some seconds. */
export function useIdle(): boolean {
  const [isIdle, setIdle] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const touched = () => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), idleMs);
    };
    touched();
    const names = ['pointermove', 'pointerdown', 'keydown'] as const;
    for (const name of names) addEventListener(name, touched);
    return () => {
      clearTimeout(timer);
      for (const name of names) removeEventListener(name, touched);
    };
  }, []);
  return isIdle;
}

/** Keeps the screen awake, where the browser lets a page do so: on https and on this machine. */
export function useKeptAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    const hold = () => {
      if (document.hidden || !('wakeLock' in navigator)) return;
      navigator.wakeLock.request('screen').then(
        (held) => {
          lock = held;
        },
        () => {
          // A low battery, or a policy: then the screen's own settings hold.
        },
      );
    };
    hold();
    // It ends whenever the page is hidden.
    document.addEventListener('visibilitychange', hold);
    return () => {
      document.removeEventListener('visibilitychange', hold);
      void lock?.release();
    };
  }, []);
}
