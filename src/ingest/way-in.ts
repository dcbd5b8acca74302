/** Everything that rows sent over HTTP pass through, opened and closed as one. */
import { join } from 'node:path';
import type { Room } from '../store/room.ts';
import type { Store } from '../store/store.ts';
import type { Arrivals } from './arrivals.ts';
import { type Gate, openGate } from './gate.ts';
import { type Importer, openImporter } from './importer.ts';
import { type FileToIngest, ingestFile } from './ingest-file.ts';
import { type Answers, openAnswers } from './keyed-answers.ts';
import { openLastArrivals } from './last-arrivals.ts';
import { type Live, openLive } from './live.ts';
import type { FileLimits } from './reader/read-request.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { Stamp } from './stamp.ts';

/** All that rows go through that come over HTTP. */
export interface WayIn {
  /** How much may wait. */
  gate: Gate;
  /** What was answered to requests that may be repeated. */
  answers: Answers;
  /** The door for small bodies. */
  live: Live;
  /** The door for files. */
  importer: Importer;
  /** Ingests a file, at an instant of its own. */
  ingestFile(file: Omit<FileToIngest, 'stamp'>): Promise<Reconciliation>;
  /** Where bodies lie while they are read. */
  directory: string;
  /** Waits for what is being taken in. */
  close(): Promise<void>;
}

/** What taking rows in may cost. */
export interface WayInOptions {
  dataDir: string;
  /** The memory of rows that wait. */
  waitingBytes: number;
  /** The memory and the time that the reading of a file may take. */
  reading: { memoryBytes: number; timeoutMs: number };
  limits: FileLimits;
  stamp: Stamp;
  now: () => number;
  arrivals: Arrivals;
  /** What bodies may take on the disk. */
  room: Room;
}

/** Opens the way in. */
export function openWayIn(store: Store, options: WayInOptions): WayIn {
  const directory = join(options.dataDir, 'uploads');
  const { reading, limits, arrivals, stamp } = options;
  const importer = openImporter(store, {
    directory,
    ...reading,
    limits,
    arrivals,
    lastArrivals: openLastArrivals(store, options.now),
  });
  const live = openLive(importer, stamp);
  return {
    gate: openGate(options.waitingBytes, options.room),
    answers: openAnswers(store, options.now),
    live,
    importer,
    ingestFile: (file) => ingestFile(importer, { ...file, stamp: stamp() }),
    directory,
    close: async () => {
      await live.close();
      await importer.close();
    },
  };
}
