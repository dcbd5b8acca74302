/** What a sync remembers between its runs. */
export interface SyncState {
  format: 1;
  /** Wall clock of the source: no row of the log before it is read again. Empty: nothing was read yet. */
  settled: string;
  /** Wall clock of the source: nothing before it was ever wanted. */
  begun: string;
  /** Whether the archives were read. */
  archive: boolean;
  /** Digests of what was taken in: hours of the log that may still change, slices of leads, small tables. */
  hours: Record<string, string>;
  leads: Record<string, string>;
  tables: Record<string, string>;
  /** When all leads were last looked at, in epoch milliseconds. */
  leads_checked_at: number;
  /** Everything that the source knew at this instant is in. */
  caught_up_at: string | null;
}

/** The state before the first run. */
export function emptyState(): SyncState {
  return {
    format: 1,
    settled: '',
    begun: '',
    archive: false,
    hours: {},
    leads: {},
    tables: {},
    leads_checked_at: 0,
    caught_up_at: null,
  };
}
