/** How it stands with the word of new rows: what is heard says that nothing is missed, and silence says nothing good. */

/** How it stands. */
export interface Liveness {
  isConnected: boolean;
  /** When it was last known that nothing is missed, in epoch milliseconds. */
  at: number;
}

/** Watches it. */
export interface Watch {
  /** Something was heard. */
  heard(): void;
  /** The connection ended. */
  lost(): void;
  /** Looks whether it has been silent for too long. */
  look(): void;
}

/** Watches for silence. Calls back when what is known becomes another. */
export function watchLiveness(
  onState: (liveness: Liveness) => void,
  { silentMs, now = Date.now }: { silentMs: number; now?: () => number },
): Watch {
  let isConnected = true;
  let at = now();
  const become = (next: boolean) => {
    if (isConnected === next) return;
    isConnected = next;
    onState({ isConnected, at });
  };
  return {
    heard() {
      at = now();
      become(true);
    },
    lost: () => become(false),
    look() {
      if (now() - at > silentMs) become(false);
    },
  };
}

/** Does something again and again, as it is wanted. */
export interface Turns {
  /** Wants it done: now, or after what is being done. */
  want(): void;
  /** What it waited for may be over. */
  look(): void;
}

/** Does something when it is wanted, but never twice at a time, nor more often than every so often, nor while it must wait. */
export function takeTurns(
  act: () => Promise<unknown>,
  { everyMs, mostMs, mustWait }: { everyMs: number; mostMs: number; mustWait(): boolean },
): Turns {
  let isWanted = false;
  let isBusy = false;
  const look = async () => {
    if (!isWanted || isBusy || mustWait()) return;
    isWanted = false;
    isBusy = true;
    // What never ends keeps nobody waiting for ever.
    await Promise.allSettled([Promise.race([act(), sleep(mostMs)]), sleep(everyMs)]);
    isBusy = false;
    void look();
  };
  return {
    want() {
      isWanted = true;
      void look();
    },
    look: () => void look(),
  };
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
