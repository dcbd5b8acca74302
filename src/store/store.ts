/** What the rest of the program knows of a store, whichever engine is behind it. */
import type { Sql } from '../sql.ts';
import type { Lane } from './lanes.ts';
import type { RowFile } from './row-files.ts';

/** The limits of one query, and the signal that ends it. */
export interface QueryOptions {
  /** Ends the query in the engine, not only the waiting for it. */
  signal?: AbortSignal;
  /** How long the engine may work on it. */
  timeoutMs?: number;
  /** How much memory the engine may hold for it. */
  memoryBytes?: number;
  /** The way into the store; by default `reports` for a SELECT, `own` for an insert, `files` for a command. */
  lane?: Lane;
  /** Whose statement it is: tenants take turns. The server's own when not given, which waits its turn as long as it takes. */
  tenantId?: number;
}

/** How far a running statement has come: rows read so far. */
export type OnProgress = (rowsRead: number) => void;

/**
 * Where rows live: one dialect (ClickHouse), several engines. Statements carry their values as bound placeholders.
 * Throws QueryOverLimit, QueryCanceled, StoreBusy, StoreUnavailable; anything else is a bug in the statement.
 */
export interface Store {
  /** The engine's name, for logs and tests. */
  readonly engine: 'embedded' | 'server';
  /** All rows of a SELECT. 64-bit numbers come as JavaScript numbers; sums stay below 2^53. */
  query<Row>(statement: Sql, options?: QueryOptions): Promise<Row[]>;
  /** The rows of a SELECT, in chunks, without holding them all. Leaving the loop ends the query. */
  stream<Row>(statement: Sql, options?: QueryOptions): AsyncIterable<Row[]>;
  /** Appends rows to a table; resolves when they are kept. */
  insert(
    table: string,
    rows: readonly Record<string, unknown>[],
    options?: Pick<QueryOptions, 'lane' | 'tenantId'>,
  ): Promise<void>;
  /** Runs a statement that returns nothing (DDL, INSERT ... SELECT, ALTER). */
  command(statement: Sql, options?: QueryOptions & { onProgress?: OnProgress }): Promise<void>;
  /** Appends the rows of a file that only this process can see; resolves when they are kept. */
  insertFile(table: string, file: RowFile, options?: QueryOptions & { onProgress?: OnProgress }): Promise<void>;
  /** Waits for what runs, then lets go of the engine. */
  close(): Promise<void>;
}

/** What a query may use when nobody says otherwise. */
export const defaultLimits = { timeoutMs: 30_000, memoryBytes: 4 * 1024 ** 3 } as const;

/** The same store for somebody: `options` hold wherever a call does not say otherwise. */
export function storeFor(store: Store, options: QueryOptions): Store {
  return {
    engine: store.engine,
    query: (statement, more) => store.query(statement, { ...options, ...more }),
    stream: (statement, more) => store.stream(statement, { ...options, ...more }),
    insert: (table, rows, more) => store.insert(table, rows, { ...options, ...more }),
    command: (statement, more) => store.command(statement, { ...options, ...more }),
    insertFile: (insert, more) => store.insertFile(insert, { ...options, ...more }),
    close: () => store.close(),
  };
}
