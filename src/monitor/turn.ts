/** Lets one of several servers on a store do the measuring, and another take over when it is gone. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from '../sql.ts';
import { monitorClaims } from '../store/kept/monitor.ts';
import type { Store } from '../store/store.ts';

/** Whose turn it is to measure, of the servers on one store. */
export interface MinuteTurn {
  /** Whether it is this server's; it is kept by asking at least once a minute. */
  isMine(): Promise<boolean>;
  /** Lets another server take over at once. */
  release(): Promise<void>;
}

interface Claim {
  term: number;
  holder: string;
  is_released: boolean;
  age_sec: number;
}

const staleSec = 60;

/**
 * Servers on one store take turns. A turn is a term: whoever finds the last one released, or without a sign of life for a
 * minute, claims the next; of several claims the lowest holder has it. Ages are by the store's clock alone.
 */
export function openTurn(store: Store, { settleMs = 3000 } = {}): MinuteTurn {
  const holder = randomUUID();

  const last = async () => {
    const [claim] = await store.query<Claim>(
      sql`SELECT ${monitorClaims.read('claims', 'term', 'holder', 'is_released')},
          dateDiff('second', claims.beat_at, now64(3, 'UTC')) AS age_sec
        FROM ${monitorClaims.all} AS claims
        WHERE claims.term = (SELECT max(every.term) FROM ${monitorClaims.versions.all} AS every) ORDER BY claims.holder LIMIT 1`,
    );
    return claim;
  };
  const claim = (term: number, is_released = false) => monitorClaims.add(store, [{ term, holder, is_released }]);

  return {
    async isMine() {
      // One process holds an embedded store.
      if (store.engine === 'embedded') return true;
      const found = await last();
      if (found?.holder === holder && !found.is_released) {
        if (found.age_sec > staleSec / 4) await claim(found.term);
        return true;
      }
      if (found && !found.is_released && found.age_sec <= staleSec) return false;
      const term = (found?.term ?? 0) + 1;
      await claim(term);
      await wait(settleMs);
      const settled = await last();
      return settled?.term === term && settled.holder === holder;
    },
    async release() {
      if (store.engine === 'embedded') return;
      const found = await last();
      if (found?.holder === holder) await claim(found.term, true);
    },
  };
}
