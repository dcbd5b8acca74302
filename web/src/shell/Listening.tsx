/** Listens for new rows for everything inside, which is asked again when they come; says how that stands. */
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { listenForRows } from '../api/live.ts';
import { type Liveness, takeTurns } from '../api/liveness.ts';
import { Live } from './liveness.tsx';

// Rows come every second of a busy day: numbers that change more often are not read.
const everyMs = 2000;
const mostMs = 20_000;

/** Asks everything that is shown again when new rows came; in a tab that nobody sees, once it is seen. */
export function Listening({ isOn, children }: { isOn: boolean; children: ReactNode }) {
  const answers = useQueryClient();
  const [liveness, setLiveness] = useState<Liveness>({ isConnected: true, at: Date.now() });
  useEffect(() => {
    if (!isOn) return;
    const askAgain = async () => {
      // New rows may bring new names: they are asked for when they are looked for again.
      void answers.invalidateQueries({ queryKey: ['names'], refetchType: 'none' });
      await answers.invalidateQueries({ queryKey: ['answer'] });
    };
    const turns = takeTurns(askAgain, { everyMs, mostMs, mustWait: () => document.hidden });
    const end = listenForRows({ onRows: turns.want, onState: setLiveness });
    document.addEventListener('visibilitychange', turns.look);
    return () => {
      document.removeEventListener('visibilitychange', turns.look);
      end();
    };
  }, [answers, isOn]);
  return <Live value={liveness}>{children}</Live>;
}
