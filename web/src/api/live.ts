/** Word of new rows: one tab listens for all of them, since a browser allows six connections to a server. */

/** How it stands with the word of new rows. */
export interface Liveness {
  isConnected: boolean;
  /** When it was last known that nothing is missed, in epoch milliseconds. */
  at: number;
}

type Said = { kind: 'changed' } | { kind: 'state'; liveness: Liveness };

const name = 'dialtally.live';

/** Listens for new rows. Gives what ends that. */
export function listenForRows({ onRows, onState }: { onRows(): void; onState(liveness: Liveness): void }): () => void {
  const channel = new BroadcastChannel(name);
  const ending = new AbortController();
  let source: EventSource | undefined;

  const say = (said: Said) => {
    hear(said);
    channel.postMessage(said);
  };
  const hear = (said: Said) => {
    if (said.kind === 'changed') onRows();
    else onState(said.liveness);
  };
  channel.onmessage = ({ data }: MessageEvent<Said>) => hear(data);

  /** Listens for all tabs until this one is closed. */
  const lead = () => {
    let isConnected = false;
    let isFirst = true;
    const tell = (next: boolean) => {
      isConnected = next;
      say({ kind: 'state', liveness: { isConnected, at: Date.now() } });
    };
    const connect = () => {
      source = new EventSource('/api/telesales/changes');
      source.onmessage = () => {
        const wasLost = !isConnected;
        tell(true);
        // The first event says only that it listens; after a loss, rows may have been missed.
        if (!isFirst || !wasLost) say({ kind: 'changed' });
        isFirst = false;
      };
      source.onerror = () => {
        if (isConnected || isFirst) tell(false);
        // A browser gives up when the answer is an error: a server that starts, or a session that ended.
        if (source?.readyState === EventSource.CLOSED) again = setTimeout(connect, 3000);
      };
    };
    let again: ReturnType<typeof setTimeout> | undefined;
    connect();
    return new Promise<void>((resolve) => {
      ending.signal.addEventListener('abort', () => {
        clearTimeout(again);
        source?.close();
        resolve();
      });
    });
  };

  navigator.locks.request(name, { signal: ending.signal }, lead).catch(() => {
    // Ended before its turn came.
  });
  return () => {
    ending.abort();
    channel.close();
  };
}
