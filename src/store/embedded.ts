/** The store as a ClickHouse inside this process: statements, and files of this machine in and out. */
import { open } from 'node:fs/promises';
import { join, name, type Sql, sql } from '../sql.ts';
import { FairQueue } from './fair-queue.ts';
import {
  type FileRead,
  insertSettings,
  type RowFile,
  toFileSettings,
  toFileTable,
  toRowStructure,
  toStructure,
} from './row-files.ts';
import { cutLines, parseRows } from './row-lines.ts';
import { type EmbeddedOptions, openSessions, toTellable } from './sessions.ts';
import type { OnProgress, QueryOptions, Store } from './store.ts';

/** An engine inside this process, which also reads and writes files of this machine. */
export interface Embedded extends Store {
  /** Reads a file of somebody else's into a table. What the engine's readers make of it is not to be relied on. */
  readFile(file: FileRead, options?: QueryOptions & { onProgress?: OnProgress }): Promise<void>;
  /** Writes the rows of a SELECT into a file, in the engine's own format. */
  writeFile(file: RowFile, select: Sql, options?: QueryOptions): Promise<void>;
}

/** Opens ClickHouse inside this process. Throws DataDirectoryInUse or UnsupportedPlatform. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const sessions = await openSessions(options);
  const beginInTurn = openBegins();

  const command: Store['command'] = (statement, options = {}) =>
    sessions.run('files', statement, options, async ({ session, tag }) => {
      const stopWatching = sessions.watch(tag, options.onProgress);
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
      sessions.run('reports', statement, options, async ({ session }) => {
        const result = await session.queryAsync(statement.text, { format: 'JSONEachRow' });
        return parseRows<Row>(result.text());
      }),

    async *stream<Row>(statement: Sql, options: QueryOptions = {}) {
      const { session, giveBack } = await sessions.borrow('reports', statement, options);
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
        throw toTellable(error, options);
      } finally {
        giveBack(failed);
      }
    },

    async insert(table, rows, options = {}) {
      if (rows.length === 0) return;
      const values = Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n') + '\n');
      await sessions.run('own', sql``, { timeoutMs: 60_000, ...options }, ({ session }) =>
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

    close: () => sessions.close(),
  };
}

/** Opens a file for as long as the engine works with it. */
async function withFile(path: string, how: 'r' | 'w', work: (descriptor: number) => Promise<void>): Promise<void> {
  const file = await open(path, how, 0o600);
  try {
    await work(file.fd);
  } finally {
    await file.close();
  }
}

/** Begins streams in turn: the engine plans one while everything else in this thread waits, so others get three times as long before the next. */
function openBegins() {
  const begins = new FairQueue([undefined], { share: 1 });
  return async <Result>(who: QueryOptions, begin: () => Result): Promise<Result> => {
    const { giveBack } = await begins.take(who);
    const from = performance.now();
    try {
      return begin();
    } finally {
      setTimeout(giveBack, 3 * (performance.now() - from));
    }
  };
}
