import type { Store } from './store.ts';

const last = new WeakMap<Store, Promise<unknown>>();

/** Does work after all that was asked for before it on the same store: one piece at a time in this process. */
export function inTurn<Result>(store: Store, work: () => Promise<Result>): Promise<Result> {
  const turn = (last.get(store) ?? Promise.resolve()).then(work, work);
  last.set(
    store,
    turn.catch(() => {}),
  );
  return turn;
}
