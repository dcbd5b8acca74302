/** What a sync of VICIdial is given, and what its parts share while it runs. */
import type { Ids } from '../../ids.ts';
import type { ReadLocal } from '../../local-time.ts';
import type { Target } from '../../target.ts';
import type { Overrides } from '../outcome.ts';
import type { StatusBook } from '../statuses.ts';
import type { SyncTally } from '../tally.ts';
import type { Credit } from '../transfers.ts';
import type { InGroupJoin } from './join-in-groups.ts';
import type { LogReader } from './log-reader.ts';
import type { SyncState } from './state.ts';

/** How a sync is to be done. */
export interface SyncOptions {
  /** The zone of the source's wall clocks, when its database can't tell. */
  zone?: string | undefined;
  /** Where the first reading of the log begins, in wall clock; everything when not given. */
  since?: string | undefined;
  /** How many days of the log are read again by every sync. */
  rereadDays: number;
  archive: boolean;
  /** Forgets what was taken in before, and reads all of it again. */
  again: boolean;
  /** After how many rows a file is taken in, and the state kept. */
  rowsAtOnce: number;
  overrides: Overrides;
  /** Whose a transferred call is. */
  credit: Credit;
  /** What our campaigns have and VICIdial's don't. */
  campaigns: Record<string, string | number>;
  /** A directory for files on their way in. */
  directory: string;
  signal?: AbortSignal | undefined;
  onProgress?: (text: string) => void;
}

/** What all parts of a sync work with. */
export interface Syncing {
  reader: LogReader;
  inGroups: InGroupJoin;
  target: Target;
  ids: Ids;
  options: SyncOptions;
  state: SyncState;
  tally: SyncTally;
  statuses: StatusBook;
  readLocal: ReadLocal;
  /** Wall clock of the source when the sync began: later rows are for the next one. */
  until: string;
}
