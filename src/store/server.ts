/** The store as a ClickHouse server or cluster elsewhere, spoken to over HTTP. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client';
import { QueryCanceled, StoreUnavailable } from '../errors.ts';
import { join, name, type Sql, sql } from '../sql.ts';
import { assertBound } from './bound-values.ts';
import { toStoreError } from './failures.ts';
import { type Lane, Lanes, type Places } from './lanes.ts';
import { insertSettings } from './row-files.ts';
import { defaultLimits, type OnProgress, type QueryOptions, type Store } from './store.ts';

/** Where a ClickHouse server or cluster is. */
export interface ServerOptions {
  /** `http://user:password@host:8123/database`; the database is made when it is missing. */
  url: string;
  /** How long a tenant's query may wait for its turn. */
  waitMs?: number | undefined;
}

const places: Places = { reports: 6, files: 4, live: 4, clock: 2, own: 4 };
// What ends a query, or asks how far one is, finds a connection while every lane is full.
const spareConnections = 6;

/** The database that a server's address names. */
export const databaseOf = (url: string) => new URL(url).pathname.slice(1) || 'dialtally';

/** Opens a ClickHouse server over HTTP. Throws StoreUnavailable when it does not answer. */
export async function openServer({ url, waitMs }: ServerOptions): Promise<Store> {
  const address = new URL(url);
  const database = databaseOf(url);
  address.pathname = '';
  const connect = (to?: string) =>
    createClient({
      url: address,
      ...(to && { database: to }),
      application: 'dialtally',
      request_timeout: 24 * 3_600_000,
      max_open_connections: Object.values(places).reduce((sum, some) => sum + some, spareConnections),
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: serverSettings,
    });
  const first = connect();
  try {
    await first.command({ query: `CREATE DATABASE IF NOT EXISTS ${name(database).text}` });
  } catch (error) {
    const told = toStoreError(error);
    if (!(told instanceof StoreUnavailable)) throw told;
    throw new StoreUnavailable(`The ClickHouse server at ${address.host} (CLICKHOUSE_URL) does not answer.`, {
      cause: error,
    });
  } finally {
    await first.close();
  }
  const client = connect(database);
  const lanes = new Lanes(places, () => undefined, waitMs);

  /** A request that may be sent now: it is its turn. Its query ends in the server when the signal does. */
  async function begin(lane: Lane, statement: Sql, options: QueryOptions) {
    assertBound(statement);
    const lease = await lanes.take(options.lane ?? lane, options);
    const request = toRequest(statement, options);
    const kill = () => killQuery(client, request.query_id);
    options.signal?.addEventListener('abort', kill, { once: true });
    const end = () => {
      options.signal?.removeEventListener('abort', kill);
      lease.giveBack();
    };
    return { request, end };
  }

  async function run<Result>(
    lane: Lane,
    statement: Sql,
    options: QueryOptions,
    work: (request: ReturnType<typeof toRequest>) => Promise<Result>,
  ): Promise<Result> {
    const { request, end } = await begin(lane, statement, options);
    try {
      options.signal?.throwIfAborted();
      return await work(request);
    } catch (error) {
      throw toEnded(error, options);
    } finally {
      end();
    }
  }

  return {
    engine: 'server',

    query: <Row>(statement: Sql, options: QueryOptions = {}) =>
      run('reports', statement, options, async (request) => {
        const result = await client.query({
          ...request,
          clickhouse_settings: toReadSettings(request),
          format: 'JSONEachRow',
        });
        return result.json<Row>();
      }),

    async *stream<Row>(statement: Sql, options: QueryOptions = {}) {
      const { request, end } = await begin('reports', statement, options);
      try {
        const result = await client.query({
          ...request,
          clickhouse_settings: toReadSettings(request),
          format: 'JSONEachRow',
        });
        const rows = result.stream<Row>();
        try {
          for await (const chunk of rows) yield chunk.map((row) => row.json<Row>());
        } finally {
          rows.destroy();
        }
      } catch (error) {
        throw toEnded(error, options);
      } finally {
        end();
      }
    },

    async insert(table, rows, options = {}) {
      if (rows.length === 0) return;
      await run('own', sql``, { timeoutMs: 60_000, ...options }, (request) =>
        client.insert({
          table,
          values: [...rows],
          format: 'JSONEachRow',
          clickhouse_settings: request.clickhouse_settings,
        }),
      );
    },

    command: (statement, options = {}) =>
      run('files', statement, options, async (request) => {
        const stopWatching = watchProgress(client, request.query_id, options.onProgress);
        try {
          await client.command(request);
        } finally {
          stopWatching();
        }
      }),

    insertFile: (table, { path, columns }, options = {}) => {
      const names = join(
        columns.map((column) => name(column.name)),
        sql`, `,
      );
      const statement = sql`INSERT INTO ${name(table)} (${names}) SETTINGS ${insertSettings} FORMAT Native`;
      return run('files', statement, options, async (request) => {
        const stopWatching = watchProgress(client, request.query_id, options.onProgress);
        try {
          // A server can't see our files: their bytes go along with the statement.
          const { stream } = await client.exec({ ...request, values: createReadStream(path) });
          stream.resume();
          await finished(stream);
        } finally {
          stopWatching();
        }
      });
    },

    close: () => client.close(),
  };
}

const serverSettings: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 0,
  do_not_merge_across_partitions_select_final: 1,
  session_timezone: 'UTC',
  max_partitions_per_insert_block: '0',
  compile_expressions: 0,
};

function toRequest(statement: Sql, options: QueryOptions) {
  return {
    query: statement.text,
    query_params: { ...statement.params },
    query_id: randomUUID(),
    ...(options.signal && { abort_signal: options.signal }),
    clickhouse_settings: {
      max_execution_time: (options.timeoutMs ?? defaultLimits.timeoutMs) / 1000,
      max_memory_usage: String(options.memoryBytes ?? defaultLimits.memoryBytes),
    },
  };
}

/** ClickHouse: a query ends with its connection only when it is marked as one that reads. */
function toReadSettings({ clickhouse_settings }: ReturnType<typeof toRequest>): ClickHouseSettings {
  return { ...clickhouse_settings, readonly: '2', cancel_http_readonly_queries_on_client_close: 1 };
}

const toEnded = (error: unknown, { signal }: QueryOptions) =>
  signal?.aborted ? new QueryCanceled({ cause: error }) : toStoreError(error);

function killQuery(client: ClickHouseClient, queryId: string): void {
  client
    .command({ query: 'KILL QUERY WHERE query_id = {id:String} ASYNC', query_params: { id: queryId } })
    .catch(() => {});
}

function watchProgress(client: ClickHouseClient, queryId: string, onProgress: OnProgress | undefined): () => void {
  if (!onProgress) return () => {};
  const timer = setInterval(async () => {
    const query = 'SELECT sum(read_rows) AS rows FROM system.processes WHERE query_id = {id:String}';
    const result = await client
      .query({ query, query_params: { id: queryId }, format: 'JSONEachRow' })
      .then((found) => found.json<{ rows: number }>())
      .catch(() => []);
    const rows = result[0]?.rows;
    if (rows) onProgress(rows);
  }, 500);
  return () => clearInterval(timer);
}
