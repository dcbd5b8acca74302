/** What the ingesting of any file needs, opened together: the store, readers, limits, and who hears of it. */
import { dirname, join } from 'node:path';
import { sql } from '../sql.ts';
import type { TypedColumn } from '../store/row-files.ts';
import type { Store } from '../store/store.ts';
import { type Arrivals, openArrivals } from './arrivals.ts';
import { type CampaignQuota, openCampaignQuota } from './campaign-quota.ts';
import { type LastArrivals, openLastArrivals } from './last-arrivals.ts';
import type { FileLimits } from './reader/read-request.ts';
import { openReaders, type Readers } from './reader/readers.ts';

/** What ingests files: the store that they go to, and the processes that read them first. */
export interface Importer {
  store: Store;
  readers: Readers;
  /** Where files lie on their way. */
  directory: string;
  limits: FileLimits;
  campaigns: CampaignQuota;
  /** Told of rows that were stored, whoever sent them. */
  arrivals: Arrivals;
  /** Told of the campaigns whose calls were stored. */
  lastArrivals: LastArrivals;
  /** The columns of a table of the store with their types. */
  columnsOf(table: string): Promise<readonly TypedColumn[]>;
  /** Ends the readers, and writes what is noted. */
  close(): Promise<void>;
}

/** What an importer may cost. */
export interface ImporterOptions {
  directory: string;
  /** The memory that the reading of one file may hold. */
  memoryBytes?: number;
  /** How long the reading of a small file may take. */
  timeoutMs?: number;
  limits?: Partial<FileLimits>;
  arrivals?: Arrivals;
  lastArrivals?: LastArrivals;
}

/** Where readers work: beside the directory that files lie in on their way. */
export const readersBeside = (directory: string) => join(dirname(directory), 'readers');

const usualLimits: FileLimits = { bytes: 4 * 1024 ** 3, records: 20_000_000, campaigns: 10_000 };

/** Opens what ingests files. */
export function openImporter(
  store: Store,
  { directory, memoryBytes = 1024 ** 3, timeoutMs = 10_000, limits: given, ...told }: ImporterOptions,
): Importer {
  const readers = openReaders(readersBeside(directory), { memoryBytes, timeoutMs });
  const { arrivals = openArrivals(), lastArrivals = openLastArrivals(store) } = told;
  const limits = { ...usualLimits, ...given };
  const known = new Map<string, Promise<TypedColumn[]>>();
  return {
    store,
    readers,
    directory,
    limits,
    campaigns: openCampaignQuota(store, limits.campaigns),
    arrivals,
    lastArrivals,
    columnsOf(table) {
      const found = known.get(table);
      if (found) return found;
      const reading = store.query<TypedColumn>(
        sql`SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String}
          ORDER BY position`.bind({ table }),
        { lane: 'own' },
      );
      known.set(table, reading);
      reading.catch(() => known.delete(table));
      return reading;
    },
    async close() {
      await Promise.all([readers.close(), lastArrivals.close()]);
    },
  };
}
