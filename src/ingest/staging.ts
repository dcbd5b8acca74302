import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { name, type Sql, sql } from '../sql.ts';
import type { Lane } from '../store/lanes.ts';
import type { OnProgress, Store } from '../store/store.ts';
import type { TableName } from '../store/tables.ts';
import type { Reading } from './layout.ts';
import { physicalColumns, readRows } from './rows.ts';

/** The records of one file, checked and read but not yet part of the table. */
export interface Staging {
  table: Sql;
  /** Copies the good rows into the table; of them, those for which the condition (`AND ...`, or nothing) holds. */
  store(condition: Sql, onProgress?: OnProgress): Promise<void>;
  close(): Promise<void>;
}

/** Nothing but time may end the reading of a large file. */
export const fileLimits = { timeoutMs: 6 * 3_600_000 };

// Empty values that give the columns beside the table's own their types.
const bookkeeping = sql`
  false AS is_row,
  false AS is_refused,
  toUInt64(0) AS record,
  CAST([], 'Array(Tuple(field String, reason String))') AS faults,
  '' AS known,
  CAST([], 'Array(LowCardinality(String))') AS unknown_keys`;

// Below this size a file's records fit in memory without being felt, and need no files of their own.
const smallFileBytes = 16 * 1024 ** 2;
// Below this one, planning the statement takes longer than reading them.
const fewRowsBytes = 512 * 1024;

/** What is staged: one file, its layout, and whose rows they are. */
export interface StagedFile {
  path: string;
  table: TableName;
  reading: Reading;
  tenantId: number;
  stamp: number;
  /** A staging table that is there already, and empty; the file is small then. Its owner empties it again. */
  into?: Sql;
}

/** Reads a file once, into a table of its own: every record typed, or with all that is wrong with it. */
export async function stageFile(store: Store, file: StagedFile, onProgress?: OnProgress): Promise<Staging> {
  const columns = physicalColumns(file.table);
  const target = name(file.table);
  const isLive = file.into !== undefined;
  const lane = isLive ? 'live' : 'files';
  const { size } = await stat(file.path);
  const isSmall = isLive || size < smallFileBytes;
  const table = file.into ?? newStagingName();
  const close = async () => {
    if (!isLive) await dropStaging(store, table);
  };
  try {
    // Read once, from beginning to end: the plainest engine writes it with the least work.
    if (!isLive) await createStaging(store, file.table, table, { engine: isSmall ? sql`Memory` : sql`Log` });
    await store.insertFile(
      {
        path: file.path,
        layout: file.reading.layout,
        into: sql`${table} (${columns}, is_row, is_refused, record, faults, known, unknown_keys)`,
        select: (relation) =>
          readRows(file.table, file.reading, relation).bind({ tenant: file.tenantId, stamp: file.stamp }),
        isSmall: size < fewRowsBytes,
      },
      { ...fileLimits, lane, tenantId: file.tenantId, ...(onProgress && { onProgress }) },
    );
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  return {
    table,
    store: (condition, onStored) =>
      store.command(
        sql`INSERT INTO ${target} (${columns}) SELECT ${columns} FROM ${table} WHERE is_row AND NOT is_refused ${condition}
        SETTINGS max_insert_threads = ${isLive ? sql`1` : sql`2`}, min_insert_block_size_rows = 500000, max_insert_block_size = 500000`,
        {
          ...fileLimits,
          lane,
          tenantId: file.tenantId,
          ...(onStored && { onProgress: onStored }),
        },
      ),
    close,
  };
}

/** A name that no other staging table has. */
export function newStagingName(): Sql {
  return name(`staging_${randomUUID().replaceAll('-', '')}`);
}

/** Makes an empty staging table for the records of one kind of file. */
export async function createStaging(
  store: Store,
  target: TableName,
  table: Sql,
  { engine, lane = 'files' }: { engine: Sql; lane?: Lane },
): Promise<void> {
  await store.command(
    sql`CREATE TABLE ${table} ENGINE = ${engine} AS SELECT ${physicalColumns(target)}, ${bookkeeping} FROM ${name(target)} WHERE 0`,
    { lane },
  );
}

/** Removes a staging table. */
export async function dropStaging(store: Store, table: Sql, lane: Lane = 'files'): Promise<void> {
  await store.command(sql`DROP TABLE IF EXISTS ${table} SYNC`, { lane });
}

/** Drops what imports left behind that ended with their process. Only for a store that no other process uses. */
export async function dropLeftovers(store: Store): Promise<void> {
  const left = await store.query<{ name: string }>(
    sql`SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'staging\\_%'`,
  );
  for (const table of left) await store.command(sql`DROP TABLE IF EXISTS ${name(table.name)} SYNC`);
}
