/** Sessions of the ClickHouse in this process: opening, lending, ending what runs too long, and telling how far it is. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Session } from 'chdb';
import { DataDirectoryInUse, QueryCanceled, StoreUnavailable, UnsupportedPlatform } from '../errors.ts';
import { quote, type Sql } from '../sql.ts';
import { assertBound, toParamText } from './bound-values.ts';
import { toStoreError } from './failures.ts';
import { type Lane, Lanes } from './lanes.ts';
import { writePrivately } from './private.ts';
import { parseRows } from './row-lines.ts';
import { defaultLimits, type OnProgress, type QueryOptions } from './store.ts';

/** How the embedded engine is opened. */
export interface EmbeddedOptions {
  /** The directory that holds the tables; one process at a time. */
  path: string;
  /** Reports that run at once; each holds a thread of Node's pool. */
  readers?: number;
  /** How long a tenant's query may wait for its turn. */
  waitMs?: number | undefined;
}

/** A session that a statement has for itself, its values and limits set. */
export interface Borrowed {
  session: Session;
  /** What the statement is known by while it runs. */
  tag: string;
  /** Lets the next one have it; of a statement that failed the engine is made to let go first. */
  giveBack(failed: boolean): void;
}

/** The sessions of the engine inside this process: each runs one statement at a time. */
export interface Sessions {
  /** A free session of a lane, whose running statement ends when the signal does. Throws StoreUnavailable, StoreBusy, QueryCanceled. */
  borrow(lane: Lane, statement: Sql, options: QueryOptions): Promise<Borrowed>;
  /** Does work with a session. What goes wrong is told in the store's words. */
  run<Result>(
    lane: Lane,
    statement: Sql,
    options: QueryOptions,
    work: (borrowed: Borrowed) => Promise<Result>,
  ): Promise<Result>;
  /** Tells how many rows a running statement has read, until it is stopped. */
  watch(tag: string, onProgress: OnProgress | undefined): () => void;
  /** Waits for what runs, then lets go of the engine. */
  close(): Promise<void>;
}

/** Opens the sessions. Throws DataDirectoryInUse or UnsupportedPlatform. */
export async function openSessions({ path, readers = 4, waitMs }: EmbeddedOptions): Promise<Sessions> {
  const { Session, drainPending } = await loadEngine();
  const directory = resolve(path);
  writePrivately();
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const sessions: Session[] = [];
  const connect = (): Session => {
    try {
      const session = new Session(directory, { connectionArgs: [...connectionArgs] });
      sessions.push(session);
      return session;
    } catch (error) {
      // ClickHouse writes the reason to standard error and throws without it: nearly always a lock.
      throw new DataDirectoryInUse(directory, { cause: error });
    }
  };
  // The control session comes first: when the directory is held elsewhere, nothing else was opened.
  const control = connect();
  // Live: one for the rows, one for what is kept beside them. All together are fewer than the threads of Node's pool.
  const lanes = new Lanes({ reports: readers, files: 1, live: 2, clock: 2, own: 2 }, connect, waitMs);
  let isClosing = false;

  async function lease(lane: Lane, options: QueryOptions) {
    if (isClosing) throw closed();
    const leased = await lanes.take(lane, options);
    if (!isClosing) return leased;
    leased.giveBack();
    throw closed();
  }

  const borrow: Sessions['borrow'] = async (lane, statement, options) => {
    assertBound(statement);
    const { place: session, giveBack: giveLeaseBack } = await lease(options.lane ?? lane, options);
    const tag = randomUUID();
    const stopKilling = killWhenAborted(control, tag, options.signal);
    const giveBack = (failed: boolean) => {
      stopKilling();
      if (!failed) return giveLeaseBack();
      // ClickHouse: a session holds on to a query that failed, memory and all, until its next statement.
      session
        .queryAsync(`SET log_comment = ''`)
        .catch(() => {})
        .finally(giveLeaseBack);
    };
    try {
      await session.queryAsync(toSetStatement(statement, options, tag));
      options.signal?.throwIfAborted();
    } catch (error) {
      giveBack(true);
      throw toTellable(error, options);
    }
    return { session, tag, giveBack };
  };

  return {
    borrow,
    async run(lane, statement, options, work) {
      const borrowed = await borrow(lane, statement, options);
      let failed = false;
      try {
        return await work(borrowed);
      } catch (error) {
        failed = true;
        throw toTellable(error, options);
      } finally {
        borrowed.giveBack(failed);
      }
    },
    watch: (tag, onProgress) => watchProgress(control, tag, onProgress),
    async close() {
      if (isClosing) return;
      isClosing = true;
      await drainPending();
      for (const session of sessions.reverse()) session.close();
    },
  };
}

const closed = () => new StoreUnavailable('The store is closed.');

/** What went wrong with a statement, in the store's words. */
export function toTellable(error: unknown, { signal }: QueryOptions): unknown {
  return signal?.aborted ? new QueryCanceled({ cause: error }) : toStoreError(error);
}

/** Ends a statement in the engine when its signal does. Gives what stops that. */
function killWhenAborted(control: Session, tag: string, signal: AbortSignal | undefined): () => void {
  let killing: NodeJS.Timeout | undefined;
  // ClickHouse: KILL QUERY ... SYNC never returns in the embedded engine. The query may not have begun yet, so ask again.
  const kill = () => {
    const ask = () =>
      void control.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = '${tag}' ASYNC`).catch(() => {});
    ask();
    killing = setInterval(ask, 100);
  };
  signal?.addEventListener('abort', kill, { once: true });
  return () => {
    signal?.removeEventListener('abort', kill);
    clearInterval(killing);
  };
}

const connectionArgs = [
  '--output_format_json_quote_64bit_integers=0',
  '--do_not_merge_across_partitions_select_final=1',
  '--session_timezone=UTC',
  '--max_partitions_per_insert_block=0',
  '--use_query_condition_cache=0',
  // ClickHouse: machine code for expressions takes longer to make than it saves, over 4 million rows as over none.
  '--compile_expressions=0',
  // Where BACKUP may write and RESTORE read: wherever the process's user may.
  '--backups.allowed_path=/',
] as const;

async function loadEngine(): Promise<typeof import('chdb')> {
  try {
    return await import('chdb');
  } catch (error) {
    throw new UnsupportedPlatform(`${process.platform} ${process.arch}`, { cause: error });
  }
}

/**
 * Values and limits as one SET. ClickHouse: a session keeps them, and each statement sets its own before it runs; the
 * engine's own call for bound values is no use here, since it lets one statement run at a time in the whole process.
 */
function toSetStatement(statement: Sql, options: QueryOptions, tag: string): string {
  const timeoutMs = options.timeoutMs ?? defaultLimits.timeoutMs;
  const settings = [
    `log_comment = '${tag}'`,
    `max_execution_time = ${timeoutMs / 1000}`,
    `max_memory_usage = ${options.memoryBytes ?? defaultLimits.memoryBytes}`,
  ];
  const values = Object.entries(statement.params).map(([key, value]) => `param_${key} = ${quote(toParamText(value))}`);
  return `SET ${[...settings, ...values].join(', ')}`;
}

function watchProgress(control: Session, tag: string, onProgress: OnProgress | undefined): () => void {
  if (!onProgress) return () => {};
  let asking = false;
  const timer = setInterval(async () => {
    if (asking) return;
    asking = true;
    try {
      const result = await control.queryAsync(
        `SELECT sum(read_rows) AS rows FROM system.processes WHERE Settings['log_comment'] = '${tag}'`,
        { format: 'JSONEachRow' },
      );
      const rows = parseRows<{ rows: number }>(result.text())[0]?.rows;
      if (rows) onProgress(rows);
    } catch {
      // A progress line is not worth an error.
    } finally {
      asking = false;
    }
  }, 200);
  return () => clearInterval(timer);
}
