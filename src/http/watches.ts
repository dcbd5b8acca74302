import type { Arrivals } from '../ingest/arrivals.ts';

/** What is watched: one object of one tenant. */
export interface Watched {
  tenantId: number;
  /** Everything else that makes its answer. */
  key: string;
  /** Measures it: its answer, and the part of it whose change is worth telling. */
  measure(): Promise<{ text: string; essence: string }>;
}

/** Told of each new answer, as text; of an error when the first could not be had. */
export interface Watcher {
  onAnswer(text: string): void;
  onError(error: unknown): void;
}

/** Objects that are measured once for everybody who watches them. */
export interface Watches {
  /** Tells the watcher of the answer at once and of every change. Gives what ends that. */
  watch(watched: Watched, watcher: Watcher): () => void;
  /** How many watchers there are. */
  size(): number;
  /** Ends all measuring. */
  close(): void;
}

interface Entry {
  watched: Watched;
  watchers: Map<Watcher, { isNew: boolean }>;
  last?: { text: string; essence: string };
  measuredAt: number;
  isMeasuring: boolean;
  timer?: NodeJS.Timeout | undefined;
}

/** How often an object is measured. */
export interface Pace {
  /** At most so often, however many rows come in. */
  atMostEveryMs: number;
  /** At least so often: rows also leave a window, and other servers take rows in. */
  atLeastEveryMs: number;
}

/** Opens the watches of one server. */
export function openWatches(arrivals: Arrivals, { atMostEveryMs, atLeastEveryMs }: Pace): Watches {
  const entries = new Map<string, Entry>();

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
    entry.isMeasuring = true;
    const startedAt = performance.now();
    entry.measuredAt = startedAt;
    const found = await entry.watched.measure().catch((error: unknown) => ({ error }));
    entry.isMeasuring = false;
    if (entry.watchers.size === 0) return;
    if ('error' in found) tellError(entry, found.error);
    else tell(entry, found);
    // Rows that came in the meantime may not be in it.
    const wasOvertaken = entry.measuredAt !== startedAt;
    entry.measuredAt = startedAt;
    plan(entry, wasOvertaken ? atMostEveryMs : atLeastEveryMs);
  }

  function tell(entry: Entry, found: { text: string; essence: string }): void {
    const hasChanged = entry.last?.essence !== found.essence;
    entry.last = found;
    for (const [watcher, state] of [...entry.watchers]) {
      if (!hasChanged && !state.isNew) continue;
      state.isNew = false;
      watcher.onAnswer(found.text);
    }
  }

  /** Whoever has an answer keeps it until the next one; whoever has none is told why. */
  function tellError(entry: Entry, error: unknown): void {
    for (const [watcher, state] of [...entry.watchers]) if (state.isNew) watcher.onError(error);
  }

  const stopListening = arrivals.listen((tenantId) => {
    for (const entry of entries.values()) if (entry.watched.tenantId === tenantId) hurry(entry);
  });

  return {
    watch(watched, watcher) {
      const key = `${watched.tenantId} ${watched.key}`;
      const entry: Entry = entries.get(key) ?? {
        watched,
        watchers: new Map(),
        measuredAt: Number.NEGATIVE_INFINITY,
        isMeasuring: false,
      };
      entries.set(key, entry);
      entry.watchers.set(watcher, { isNew: true });
      hurry(entry);
      return () => {
        entry.watchers.delete(watcher);
        if (entry.watchers.size > 0) return;
        clearTimeout(entry.timer);
        if (entries.get(key) === entry) entries.delete(key);
      };
    },
    size: () => [...entries.values()].reduce((sum, { watchers }) => sum + watchers.size, 0),
    close() {
      stopListening();
      for (const entry of entries.values()) clearTimeout(entry.timer);
      entries.clear();
    },
  };
}
