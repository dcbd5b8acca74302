/** Word of new rows: one tab listens for all of them, since a browser allows six connections to a server. */
import { ApiError, ask } from './client.ts';
import { type Liveness, watchLiveness } from './liveness.ts';

/** What the tab that listens tells the others, and what a new one asks. */
type Said = 'beat' | 'changed' | 'lost' | 'who';

const name = 'dialtally.live';
// The server says every five seconds that it is still there.
const silentMs = 13_000;
const lookEveryMs = 1000;
const againMs = [500, 1000, 2000, 4000];

/** Listens for new rows. Gives what ends that. */
export function listenForRows({ onRows, onState }: { onRows(): void; onState(liveness: Liveness): void }): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const watch = watchLiveness(onState, { silentMs });
  const looking = setInterval(watch.look, lookEveryMs);
  let last: Said = 'beat';
  const hear = (said: Said) => {
    if (said === 'who') return;
    last = said;
    if (said === 'lost') watch.lost();
    else watch.heard();
    if (said === 'changed') onRows();
  };

  if (isShared()) {
    const channel = new BroadcastChannel(name);
    let isLeading = false;
    channel.onmessage = ({ data }: MessageEvent<Said>) => {
      if (data === 'who' && isLeading) channel.postMessage(last === 'lost' ? 'lost' : 'beat');
      hear(data);
    };
    channel.postMessage('who' satisfies Said);
    const lead = () => {
      isLeading = true;
      return follow(signal, (said) => {
        hear(said);
        if (!signal.aborted) channel.postMessage(said);
      });
    };
    navigator.locks.request(name, { signal }, lead).catch(() => {
      // Ended before its turn came.
    });
    signal.addEventListener('abort', () => channel.close());
  } else {
    followWhileSeen(signal, hear);
  }
  return () => {
    clearInterval(looking);
    ending.abort();
  };
}

/** Whether tabs can agree on one of them: browsers let them on https and on this machine alone. */
const isShared = () => 'locks' in navigator && 'BroadcastChannel' in globalThis;

/** Without an agreement each tab listens for itself, while it is looked at: those are never six. */
function followWhileSeen(ending: AbortSignal, hear: (said: Said) => void): void {
  let leaving = new AbortController();
  let isFirst = true;
  const look = () => {
    leaving.abort();
    if (document.hidden || ending.aborted) return;
    leaving = new AbortController();
    // Meanwhile, rows may have come.
    if (!isFirst) hear('changed');
    isFirst = false;
    void follow(leaving.signal, hear);
  };
  document.addEventListener('visibilitychange', look);
  ending.addEventListener('abort', () => {
    document.removeEventListener('visibilitychange', look);
    leaving.abort();
  });
  look();
}

/** Follows the stream until `ending`, over and over. A session that may not, or that ended, is left alone. */
async function follow(ending: AbortSignal, hear: (said: Said) => void): Promise<void> {
  let isFirst = true;
  for (let attempt = 0; !ending.aborted; attempt++) {
    try {
      await readStream(
        ending,
        () => {
          attempt = 0;
          // The first event says only that it listens; after a loss, rows may have been missed.
          hear(isFirst ? 'beat' : 'changed');
          isFirst = false;
        },
        () => hear('beat'),
      );
    } catch (error) {
      if (error instanceof ApiError && error.isFinal) return;
    }
    if (ending.aborted) return;
    isFirst = false;
    hear('lost');
    await sleep(againMs[Math.min(attempt, againMs.length - 1)] ?? 0, ending);
  }
}

/** Reads one stream to its end, or until it is silent for too long. */
async function readStream(ending: AbortSignal, onEvent: () => void, onBeat: () => void): Promise<void> {
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heardNow = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), silentMs);
  };
  heardNow();
  try {
    const { body } = await ask('/api/telesales/changes', { signal: AbortSignal.any([ending, silence.signal]) });
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      if (done) return;
      heardNow();
      onBeat();
      const lines = `${rest}${value}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data:')) onEvent();
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

function sleep(ms: number, ending: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      ending.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    ending.addEventListener('abort', end);
  });
}
