import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Session } from 'chdb';
import { DataDirectoryInUse, QueryCanceled, StoreUnavailable, UnsupportedPlatform } from '../errors.ts';
import { join, name, quote, type Sql, sql } from '../sql.ts';
import { toStoreError } from './failures.ts';
import { FairQueue } from './fair-queue.ts';
import {
  type FileRead,
  insertSettings,
  type RowFile,
  toFileSettings,
  toFileTable,
  toRowStructure,
  toStructure,
} from './files.ts';
import { type Lane, Lanes } from './lanes.ts';
import { assertBound, toParamText } from './params.ts';
import { writePrivately } from './private.ts';
import { defaultLimits, type OnProgress, type QueryOptions, type Store } from './store.ts';

/** How the embedded engine is opened. */
export interface EmbeddedOptions {
  /** The directory that holds the tables; one process at a time. */
  path: string;
  /** Reports that run at once; each holds a thread of Node's pool. */
  readers?: number;
  /** How long a tenant's query may wait for its turn. */
  waitMs?: number | undefined;
}

/** An engine inside this process, which also reads and writes files of this machine. */
export interface Embedded extends Store {
  /** Reads a file of somebody else's into a table. What the engine's readers make of it is not to be relied on. */
  readFile(file: FileRead, options?: QueryOptions & { onProgress?: OnProgress }): Promise<void>;
  /** Writes the rows of a SELECT into a file, in the engine's own format. */
  writeFile(file: RowFile, select: Sql, options?: QueryOptions): Promise<void>;
}

/** Opens ClickHouse inside this process. Throws DataDirectoryInUse or UnsupportedPlatform. */
export async function openEmbedded({ path, readers = 4, waitMs }: EmbeddedOptions): Promise<Embedded> {
  const { Session, drainPending } = await loadEngine();
  const directory = resolve(path);
  writePrivately();
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const connect = (): Session => {
    try {
      return new Session(directory, { connectionArgs: [...connectionArgs] });
    } catch (error) {
      // ClickHouse writes the reason to standard error and throws without it: nearly always a lock.
      throw new DataDirectoryInUse(directory, { cause: error });
    }
  };
  // The control session comes first: when the directory is held elsewhere, nothing else was opened.
  const control = connect();
  const sessions = [control];
  const connectOne = () => {
    const session = connect();
    sessions.push(session);
    return session;
  };
  // Live: one for the rows, one for what is kept beside them. All together are fewer than the threads of Node's pool.
  const lanes = new Lanes({ reports: readers, files: 1, live: 2, clock: 2, own: 2 }, connectOne, waitMs);
  let closing = false;

  /** A free session with the statement's values and limits set, whose running query ends when the signal does. */
  async function borrow(lane: Lane, statement: Sql, options: QueryOptions) {
    if (closing) throw new StoreUnavailable('The store is closed.');
    assertBound(statement);
    const lease = await lanes.take(options.lane ?? lane, options);
    const session = lease.place;
    if (closing) {
      lease.giveBack();
      throw new StoreUnavailable('The store is closed.');
    }
    const tag = randomUUID();
    let killing: NodeJS.Timeout | undefined;
    // ClickHouse: KILL QUERY ... SYNC never returns in the embedded engine. The query may not have begun yet, so ask again.
    const kill = () => {
      const ask = () =>
        void control.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = '${tag}' ASYNC`).catch(() => {});
      ask();
      killing = setInterval(ask, 100);
    };
    options.signal?.addEventListener('abort', kill, { once: true });
    const giveBack = (failed = false) => {
      options.signal?.removeEventListener('abort', kill);
      clearInterval(killing);
      if (!failed) return lease.giveBack();
      // ClickHouse: a session holds on to a query that failed, memory and all, until its next statement.
      session
        .queryAsync(`SET log_comment = ''`)
        .catch(() => {})
        .finally(() => lease.giveBack());
    };
    try {
      await session.queryAsync(toSetStatement(statement, options, tag));
      options.signal?.throwIfAborted();
    } catch (error) {
      giveBack(true);
      throw options.signal?.aborted ? new QueryCanceled({ cause: error }) : toStoreError(error);
    }
    return { session, tag, giveBack };
  }

  async function run<Result>(
    lane: Lane,
    statement: Sql,
    options: QueryOptions,
    work: (session: Session, tag: string) => Promise<Result>,
  ): Promise<Result> {
    const { session, tag, giveBack } = await borrow(lane, statement, options);
    let failed = false;
    try {
      return await work(session, tag);
    } catch (error) {
      failed = true;
      throw options.signal?.aborted ? new QueryCanceled({ cause: error }) : toStoreError(error);
    } finally {
      giveBack(failed);
    }
  }

  // The engine plans a stream while everything else in this thread waits: others get three times as long before the next one.
  const begins = new FairQueue([undefined], { share: 1 });
  async function beginInTurn<Result>(who: QueryOptions, begin: () => Result): Promise<Result> {
    const { giveBack } = await begins.take(who);
    const from = performance.now();
    try {
      return begin();
    } finally {
      setTimeout(giveBack, 3 * (performance.now() - from));
    }
  }

  const command: Store['command'] = (statement, options = {}) =>
    run('files', statement, options, async (session, tag) => {
      const stopWatching = watchProgress(control, tag, options.onProgress);
      try {
        await session.queryAsync(statement.text);
      } finally {
        stopWatching();
      }
    });

  return {
    engine: 'embedded',
    command,

    query: <Row>(statement: Sql, options: QueryOptions = {}) =>
      run('reports', statement, options, async (session) => {
        const result = await session.queryAsync(statement.text, { format: 'JSONEachRow' });
        return parseRows<Row>(result.text());
      }),

    async *stream<Row>(statement: Sql, options: QueryOptions = {}) {
      const { session, giveBack } = await borrow('reports', statement, options);
      let failed = true;
      try {
        const begin = () => session.queryStream(statement.text, { format: 'JSONEachRow' });
        for await (const chunk of await beginInTurn(options, begin)) {
          for (const lines of cutLines(chunk.raw())) {
            options.signal?.throwIfAborted();
            yield parseRows<Row>(lines);
          }
        }
        failed = false;
      } catch (error) {
        throw options.signal?.aborted ? new QueryCanceled({ cause: error }) : toStoreError(error);
      } finally {
        giveBack(failed);
      }
    },

    async insert(table, rows, options = {}) {
      if (rows.length === 0) return;
      const values = Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n') + '\n');
      await run('own', sql``, { timeoutMs: 60_000, ...options }, (session) =>
        session.insert({ table, format: 'JSONEachRow', values }),
      );
    },

    insertFile: (table, { path: file, columns }, options = {}) =>
      withFile(file, 'r', (descriptor) => {
        const source = toFileTable(descriptor, 'Native', toRowStructure(columns));
        const names = join(
          columns.map((column) => name(column.name)),
          sql`, `,
        );
        return command(
          sql`INSERT INTO ${name(table)} (${names}) SELECT ${names} FROM ${source} SETTINGS ${insertSettings}`,
          options,
        );
      }),

    readFile: ({ path: file, layout, into, select, isSmall }, options = {}) =>
      withFile(file, 'r', (descriptor) => {
        const source = toFileTable(descriptor, layout.format, toStructure(layout));
        const relation = sql`(SELECT _row_number AS record, * FROM ${source})`;
        return command(sql`INSERT INTO ${into} ${select(relation)} SETTINGS ${toFileSettings(isSmall)}`, options);
      }),

    writeFile: ({ path: file, columns }, select, options = {}) =>
      withFile(file, 'w', (descriptor) => {
        const target = toFileTable(descriptor, 'Native', toRowStructure(columns));
        return command(
          sql`INSERT INTO FUNCTION ${target} ${select} SETTINGS engine_file_truncate_on_insert = 1`,
          options,
        );
      }),

    async close() {
      if (closing) return;
      closing = true;
      await drainPending();
      for (const session of sessions.reverse()) session.close();
    },
  };
}

const connectionArgs = [
  '--output_format_json_quote_64bit_integers=0',
  '--do_not_merge_across_partitions_select_final=1',
  '--session_timezone=UTC',
  '--max_partitions_per_insert_block=0',
  '--use_query_condition_cache=0',
  // Where BACKUP may write and RESTORE read: wherever the process's user may.
  '--backups.allowed_path=/',
] as const;

/** Opens a file for as long as the engine works with it. */
async function withFile(path: string, how: 'r' | 'w', work: (descriptor: number) => Promise<void>): Promise<void> {
  const file = await open(path, how, 0o600);
  try {
    await work(file.fd);
  } finally {
    await file.close();
  }
}

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

/** Text in pieces of some thousand lines: as strings and objects, rows take several times the room of their bytes. */
function* cutLines(bytes: Uint8Array, linesAtOnce = 4096): Generator<string> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let [start, lines] = [0, 0];
  for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, end + 1)) {
    if (++lines % linesAtOnce > 0) continue;
    yield text.toString('utf8', start, end);
    start = end + 1;
  }
  if (start < text.length) yield text.toString('utf8', start);
}

/** Rows of JSONEachRow text. A line break inside a value is escaped there, so lines are rows. */
function parseRows<Row>(lines: string): Row[] {
  return JSON.parse(`[${lines.trimEnd().replaceAll('\n', ',')}]`) as Row[];
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
