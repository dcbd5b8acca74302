import type { NameKind } from '../ingest/names.ts';
import type { Reconciliation } from '../ingest/reconciliation.ts';
import type { TableName } from '../tables.ts';

/** Where a sync's rows go, and where it remembers how far it is. */
export interface Target {
  /** The ids of names, by the name; those that differ in case alone have one. */
  ids(kind: NameKind, names: readonly string[]): Promise<Map<string, number>>;
  /** Ingests a file of NDJSON, through the same door as any other file. */
  ingest(table: TableName, path: string): Promise<Reconciliation>;
  loadState(): Promise<string | undefined>;
  /** Keeps the state. Throws when another sync of the same source kept one in the meantime. */
  saveState(state: string): Promise<void>;
}
