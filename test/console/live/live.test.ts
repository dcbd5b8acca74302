import { afterEach, describe, expect, test, vi } from 'vitest';
import { listenForRows } from '../../../web/src/api/live.ts';
import type { Liveness } from '../../../web/src/api/liveness.ts';

/** A server whose streams the test holds: what it says, and to how many. */
function serve() {
  const open = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const bytes = (text: string) => new TextEncoder().encode(text);
  const server = {
    status: 200,
    get listeners() {
      return open.size;
    },
    say(text: string) {
      for (const stream of open) stream.enqueue(bytes(text));
    },
    end() {
      for (const stream of open) stream.close();
      open.clear();
    },
  };
  vi.stubGlobal('fetch', async (_: string, { signal }: { signal: AbortSignal }) => {
    if (server.status !== 200) return new Response('{"message":"Sign in."}', { status: server.status });
    let own: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        own = controller;
        open.add(own);
        own.enqueue(bytes('retry: 2000\n\ndata: {}\n\n'));
      },
    });
    signal.addEventListener('abort', () => {
      if (open.delete(own)) own.error(signal.reason);
    });
    return new Response(body);
  });
  return server;
}

/** Tabs of one browser: their locks, and whether this one is looked at. */
function browse({ isSecure }: { isSecure: boolean }) {
  const queue: (() => void)[] = [];
  let isHeld = false;
  const next = () => {
    isHeld = false;
    queue.shift()?.();
  };
  const locks = {
    async request(_: string, { signal }: { signal: AbortSignal }, lead: () => Promise<void>) {
      if (isHeld) {
        await new Promise<void>((resolve, reject) => {
          queue.push(resolve);
          signal.addEventListener('abort', () => {
            queue.splice(queue.indexOf(resolve), 1);
            reject(signal.reason);
          });
        });
      }
      isHeld = true;
      await lead().finally(next);
    },
  };
  const listeners = new Set<() => void>();
  const page = {
    hidden: false,
    addEventListener: (_: string, listener: () => void) => void listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => void listeners.delete(listener),
  };
  vi.stubGlobal('navigator', isSecure ? { locks } : {});
  vi.stubGlobal('document', page);
  return (isHidden: boolean) => {
    page.hidden = isHidden;
    for (const listener of listeners) listener();
  };
}

/** A tab, and what it was told. */
function openTab() {
  const tab = { rows: 0, states: [] as Liveness[], close: () => {} };
  tab.close = listenForRows({ onRows: () => tab.rows++, onState: (state) => tab.states.push(state) });
  return tab;
}

const row = 'data: {"at":"2026-11-25T10:00:00.000Z"}\n\n';

describe('word of new rows', () => {
  afterEach(() => void vi.unstubAllGlobals());

  test('nine tabs have it by one connection, and by another when the tab that had it is closed', async () => {
    const server = serve();
    browse({ isSecure: true });
    const tabs = Array.from({ length: 9 }, openTab);
    await vi.waitFor(() => expect(server.listeners).toBe(1));
    // The first event says only that somebody listens.
    server.say(row);
    await vi.waitFor(() => expect(tabs.map(({ rows }) => rows)).toEqual(Array(9).fill(1)));

    tabs[0]?.close();
    await vi.waitFor(() => expect(server.listeners).toBe(1));
    server.say(row);
    await vi.waitFor(() => expect(tabs.slice(1).map(({ rows }) => rows)).toEqual(Array(8).fill(2)));
    expect(tabs[0]?.rows).toBe(1);
    for (const tab of tabs) tab.close();
    await vi.waitFor(() => expect(server.listeners).toBe(0));
  });

  test('a stream that ends is said in every tab, and mended; what came meanwhile is asked for', async () => {
    const server = serve();
    browse({ isSecure: true });
    const tabs = [openTab(), openTab()];
    await vi.waitFor(() => expect(server.listeners).toBe(1));
    server.say(': still here\n\n');
    server.end();
    await vi.waitFor(() => {
      for (const { states, rows } of tabs) {
        expect(states.map(({ isConnected }) => isConnected)).toEqual([false, true]);
        expect(rows).toBe(1);
      }
    });
    for (const tab of tabs) tab.close();
  });

  test('an event that comes in pieces counts once', async () => {
    const server = serve();
    browse({ isSecure: true });
    const tab = openTab();
    await vi.waitFor(() => expect(server.listeners).toBe(1));
    for (const piece of ['da', 'ta: {"at"', ':"x"}', '\n', '\n: still here\n\n']) server.say(piece);
    server.say(row);
    await vi.waitFor(() => expect(tab.rows).toBe(2));
    tab.close();
  });

  test('a session that has ended is left alone', async () => {
    const server = serve();
    server.status = 401;
    browse({ isSecure: true });
    const tab = openTab();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(tab).toMatchObject({ rows: 0, states: [] });
    tab.close();
  });

  test('where tabs can’t agree, each listens while it is looked at, and asks again for what it missed', async () => {
    const server = serve();
    const look = browse({ isSecure: false });
    const tab = openTab();
    await vi.waitFor(() => expect(server.listeners).toBe(1));
    look(true);
    await vi.waitFor(() => expect(server.listeners).toBe(0));
    look(false);
    await vi.waitFor(() => expect(server.listeners).toBe(1));
    expect(tab.rows).toBe(1);
    tab.close();
    await vi.waitFor(() => expect(server.listeners).toBe(0));
  });
});
