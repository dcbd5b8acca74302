import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Liveness, takeTurns, watchLiveness } from '../../../web/src/api/liveness.ts';

describe('what is known of the word of new rows', () => {
  const silentMs = 13_000;

  function watching() {
    let clock = 0;
    const told: Liveness[] = [];
    const watch = watchLiveness((state) => told.push(state), { silentMs, now: () => clock });
    return {
      watch,
      told,
      pass(ms: number) {
        clock += ms;
        watch.look();
      },
    };
  }

  test('while the server is heard, nothing is told', () => {
    const { watch, told, pass } = watching();
    for (let beat = 0; beat < 10; beat++) {
      pass(5000);
      watch.heard();
    }
    expect(told).toEqual([]);
  });

  test('silence for too long is told once, with when it was last known that nothing was missed', () => {
    const { watch, told, pass } = watching();
    pass(5000);
    watch.heard();
    pass(13_000);
    expect(told).toEqual([]);
    pass(1000);
    pass(1000);
    expect(told).toEqual([{ isConnected: false, at: 5000 }]);
  });

  test('a connection that ends is told at once, and what is heard again as well', () => {
    const { watch, told, pass } = watching();
    pass(2000);
    watch.heard();
    watch.lost();
    watch.lost();
    pass(3000);
    watch.heard();
    expect(told).toEqual([
      { isConnected: false, at: 2000 },
      { isConnected: true, at: 5000 },
    ]);
  });
});

describe('asking again when rows came', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function turns({ takesMs = 100, mostMs = 20_000 } = {}) {
    const state = { asked: 0, isHidden: false };
    const act = async () => {
      state.asked++;
      await new Promise((resolve) => setTimeout(resolve, takesMs));
    };
    return { state, ...takeTurns(act, { everyMs: 2000, mostMs, mustWait: () => state.isHidden }) };
  }

  test('is at once for the first, and every two seconds while they pour in', async () => {
    const { state, want } = turns();
    want();
    expect(state.asked).toBe(1);
    for (let tenth = 0; tenth < 100; tenth++) {
      want();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(state.asked).toBe(6);
  });

  test('is done once more after the last row, and then no more', async () => {
    const { state, want } = turns();
    want();
    want();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.asked).toBe(2);
  });

  test('waits for answers that take longer', async () => {
    const { state, want } = turns({ takesMs: 9000 });
    want();
    want();
    await vi.advanceTimersByTimeAsync(8900);
    expect(state.asked).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(state.asked).toBe(2);
  });

  test('does not wait for ever for an answer that never comes', async () => {
    const { state, want } = turns({ takesMs: 1e9 });
    want();
    want();
    await vi.advanceTimersByTimeAsync(21_000);
    expect(state.asked).toBe(2);
  });

  test('a tab that nobody sees asks once, when it is seen', async () => {
    const { state, want, look } = turns();
    state.isHidden = true;
    for (let row = 0; row < 50; row++) want();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.asked).toBe(0);
    state.isHidden = false;
    look();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.asked).toBe(1);
  });
});
