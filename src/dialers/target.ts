/** All that a sync asks of where its rows go, so that it need not know how they get there. */
import type { NameKind } from '../ingest/names.ts';
import type { Reconciliation } from '../ingest/reconciliation.ts';
import type { Mapping } from '../mapping/language/mapping.ts';
import type { MappedReconciliation } from '../mapping/reconciliation.ts';
import type { TableName } from '../tables.ts';
import type { SentCall, SentPeriod } from './sent-calls.ts';

/** Where a sync's rows go, and where it remembers how far it is. */
export interface Target {
  /** The ids of names, by the name; those that differ in case alone have one. */
  ids(kind: NameKind, names: readonly string[]): Promise<Map<string, number>>;
  /** Ingests a file of NDJSON, through the same door as any other file. */
  ingest(table: TableName, path: string): Promise<Reconciliation>;
  loadState(): Promise<string | undefined>;
  /** Keeps the state. Throws when another sync of the same source kept one in the meantime. */
  saveState(state: string): Promise<void>;
  /** Ingests lines by a mapping, through the same door as any other file; they are written down nowhere on the way. */
  ingestMapped(mapping: Mapping, lines: readonly string[]): Promise<MappedReconciliation>;
  /** The calls that are in and have one of these ids. */
  findCalls(ids: readonly string[], period: SentPeriod): Promise<SentCall[]>;
  /** The lines of an import that were refused, all of them. */
  refusedLines(importId: string): Promise<number[]>;
  /** Removes those of these calls that were not sent again since. Gives how many there were. */
  dropCalls(calls: readonly SentCall[], period: SentPeriod): Promise<number>;
}
