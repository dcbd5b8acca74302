/** Separate lanes into the store for different work, so that a long import never holds up a report or a token. */
import { FairQueue, type Lease, type Waiting } from './fair-queue.ts';

/**
 * The ways into the store, none of which waits for another: `reports` for what is asked, `files` for whole files, purges
 * and migrations, `live` for rows that come in small bodies, `clock` for the minute clock and the deliveries of alerts,
 * `own` for what the server needs to go on (tokens, settings, names, health).
 */
export type Lane = 'reports' | 'files' | 'live' | 'clock' | 'own';

/** How many statements each lane runs at once. */
export type Places = Record<Lane, number>;

/** How long a tenant's statement waits for its turn when nobody says otherwise, in milliseconds. */
export const defaultWaitMs = 30_000;

// What one tenant may have waiting: more than any console or wallboard asks for at once.
const waiting = 512;

/** The lanes of one store. */
export class Lanes<Place> {
  readonly #queues: Record<Lane, FairQueue<Place>>;

  constructor(places: Places, connect: (lane: Lane) => Place, waitMs = defaultWaitMs) {
    const open = (lane: Lane, limits: { waitMs?: number; waiting?: number } = {}) =>
      new FairQueue(
        Array.from({ length: places[lane] }, () => connect(lane)),
        // Half is always free for others.
        { share: Math.max(1, Math.floor(places[lane] / 2)), ...limits },
      );
    this.#queues = {
      reports: open('reports', { waitMs, waiting }),
      own: open('own', { waitMs, waiting }),
      // How much waits there is decided where it comes in.
      files: open('files'),
      live: open('live'),
      clock: open('clock'),
    };
  }

  /** A place in a lane, when it is its turn. Throws StoreBusy, QueryCanceled. */
  take(lane: Lane, who: Waiting): Promise<Lease<Place>> {
    return this.#queues[lane].take(who);
  }
}
