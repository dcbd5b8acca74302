/** Objects that many watch: each is measured once for all of them, and they are told when it changes. */
import { TooManyStreams } from '../../errors.ts';
import type { Arrivals } from '../../ingest/arrivals.ts';

/** What is watched: one object of one tenant. */
export interface Watched {
  tenantId: number;
  /** Which of the tenant's objects. */
  key: string;
  /** How much of it, such as a number of days: whoever wants more sees all that others see. */
  width: number;
  /** Measures it as wide as anybody watches. Gives its answer by width, and the part of it whose change is worth telling. */
  measure(width: number, signal: AbortSignal): Promise<(width: number) => Told>;
}

/** An answer as text, and the part of it whose change is worth telling. */
export interface Told {
  text: string;
  essence: string;
}

/** Told of each new answer, as text; of an error when the first could not be had. */
export interface Watcher {
  onAnswer(text: string): void;
  onError(error: unknown): void;
}

/** Objects that are measured once for everybody who watches them. */
export interface Watches {
  /** Tells the watcher of the answer at once and of every change. Gives what ends that. Throws TooManyStreams. */
  watch(watched: Watched, watcher: Watcher): () => void;
  /** Ends all measuring. */
  close(): void;
}

interface Entry {
  watched: Watched;
  watchers: Map<Watcher, { width: number; isNew: boolean }>;
  /** What was told last, by width. */
  last: Map<number, string>;
  measuredAt: number;
  isMeasuring: boolean;
  /** Aborts when nobody watches any more. */
  ending: AbortController;
  timer?: NodeJS.Timeout | undefined;
}

/** How often an object is measured. */
export interface Pace {
  /** At most so often, however many rows come in. */
  atMostEveryMs: number;
  /** At least so often: rows also leave a window, and other servers take rows in. */
  atLeastEveryMs: number;
}

// Objects of one tenant that are watched at once: each is measured whenever its tenant's rows come in.
const mostWatched = 200;

/** Opens the watches of one server. */
export function openWatches(arrivals: Arrivals, { atMostEveryMs, atLeastEveryMs }: Pace): Watches {
  const entries = new Map<string, Entry>();
  const inTurn = openTurns();

  function plan(entry: Entry, delayMs: number): void {
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => void measure(entry), delayMs).unref();
  }

  /** Measures as soon as the pace allows. */
  function hurry(entry: Entry): void {
    if (entry.isMeasuring) entry.measuredAt = Number.NEGATIVE_INFINITY;
    else plan(entry, Math.max(0, entry.measuredAt + atMostEveryMs - performance.now()));
  }

  async function measure(entry: Entry): Promise<void> {
    const { watched, ending } = entry;
    entry.isMeasuring = true;
    let startedAt = performance.now();
    const found = await inTurn(watched.tenantId, async () => {
      // Rows that come in while it waits for its turn are in it.
      startedAt = performance.now();
      entry.measuredAt = startedAt;
      ending.signal.throwIfAborted();
      const width = Math.max(...[...entry.watchers.values()].map((watcher) => watcher.width));
      return { width, show: await watched.measure(width, ending.signal) };
    }).catch((error: unknown) => ({ error }));
    entry.isMeasuring = false;
    if (entry.watchers.size === 0) return;
    try {
      if ('error' in found) throw found.error;
      tell(entry, found);
    } catch (error) {
      tellError(entry, error);
    }
    // Rows that came in the meantime may not be in it, and neither may somebody who wants more.
    const wasOvertaken = entry.measuredAt !== startedAt;
    entry.measuredAt = startedAt;
    plan(entry, wasOvertaken ? atMostEveryMs : atLeastEveryMs);
  }

  function tell(entry: Entry, { width: widest, show }: { width: number; show(width: number): Told }): void {
    const told = new Map<number, Told & { hasChanged: boolean }>();
    const toldOf = (width: number) => {
      const found = told.get(width) ?? toldAnew(width);
      told.set(width, found);
      return found;
    };
    const toldAnew = (width: number) => {
      const shown = show(width);
      const hasChanged = entry.last.get(width) !== shown.essence;
      entry.last.set(width, shown.essence);
      return { ...shown, hasChanged };
    };
    for (const [watcher, state] of [...entry.watchers]) {
      if (state.width > widest) continue;
      const { text, hasChanged } = toldOf(state.width);
      if (!hasChanged && !state.isNew) continue;
      state.isNew = false;
      watcher.onAnswer(text);
    }
  }

  /** Whoever has an answer keeps it until the next one; whoever has none is told why. */
  function tellError(entry: Entry, error: unknown): void {
    for (const [watcher, state] of [...entry.watchers]) if (state.isNew) watcher.onError(error);
  }

  const stopListening = arrivals.listen((tenantId) => {
    for (const entry of entries.values()) if (entry.watched.tenantId === tenantId) hurry(entry);
  });

  function enter(key: string, watched: Watched): Entry {
    let its = 0;
    for (const { watched: other } of entries.values()) if (other.tenantId === watched.tenantId) its++;
    if (its >= mostWatched) throw new TooManyStreams(mostWatched, 'campaigns with open streams');
    const entry: Entry = {
      watched,
      watchers: new Map(),
      last: new Map(),
      measuredAt: Number.NEGATIVE_INFINITY,
      isMeasuring: false,
      ending: new AbortController(),
    };
    entries.set(key, entry);
    return entry;
  }

  return {
    watch(watched, watcher) {
      const key = `${watched.tenantId} ${watched.key}`;
      const entry = entries.get(key) ?? enter(key, watched);
      entry.watchers.set(watcher, { width: watched.width, isNew: true });
      hurry(entry);
      return () => {
        entry.watchers.delete(watcher);
        if (entry.watchers.size > 0) return;
        clearTimeout(entry.timer);
        entry.ending.abort();
        if (entries.get(key) === entry) entries.delete(key);
      };
    },
    close() {
      stopListening();
      for (const entry of entries.values()) clearTimeout(entry.timer);
      entries.clear();
    },
  };
}

/** One measurement of a tenant at a time: however many it watches, most of its queries' places are for reports. */
function openTurns() {
  const last = new Map<number, Promise<unknown>>();
  return <Result>(tenantId: number, work: () => Promise<Result>): Promise<Result> => {
    const turn = (last.get(tenantId) ?? Promise.resolve()).then(work, work);
    const settled = turn.then(
      () => {},
      () => {},
    );
    last.set(tenantId, settled);
    void settled.then(() => last.get(tenantId) === settled && last.delete(tenantId));
    return turn;
  };
}
