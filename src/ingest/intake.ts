import { join } from 'node:path';
import type { Store } from '../store/store.ts';
import { type Answers, openAnswers } from './answers.ts';
import type { Arrivals } from './arrivals.ts';
import type { IntakeClock } from './clock.ts';
import { type Gate, openGate } from './gate.ts';
import { type Live, openLive } from './live.ts';

/** All that rows go through that come over HTTP. */
export interface Intake {
  /** How much may wait. */
  gate: Gate;
  /** What was answered to requests that may be repeated. */
  answers: Answers;
  /** The door for small bodies. */
  live: Live;
  /** Where bodies lie while they are read. */
  directory: string;
  /** Waits for what is being taken in. */
  close(): Promise<void>;
}

/** Opens the way in. */
export function openIntake(
  store: Store,
  options: { dataDir: string; waitingBytes: number; stamp: IntakeClock; now: () => number; arrivals: Arrivals },
): Intake {
  const directory = join(options.dataDir, 'uploads');
  const live = openLive(store, { directory, stamp: options.stamp, arrivals: options.arrivals });
  return {
    gate: openGate(options.waitingBytes),
    answers: openAnswers(store, options.now),
    live,
    directory,
    close: () => live.close(),
  };
}
