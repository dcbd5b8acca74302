/** Parquet files are made in a thread of their own, a few at once, as their rows come. */
import type { Columns } from '../../engine/columns.ts';
import { QueryOverLimit } from '../../errors.ts';
import type { ColumnValues } from '../../export/parquet.ts';
import type { ParquetMessage } from '../../export/parquet-worker.ts';
import { FairQueue, type Waiting } from '../../store/fair-queue.ts';
import { openThread } from '../../threads.ts';

/** Makes Parquet files away from everything else that the server does. */
export interface ParquetMaker {
  /**
   * Begins a file, when it is the tenant's turn: `begin` is called then. Throws StoreBusy, QueryCanceled, and what `begin` throws.
   * What goes wrong later, the bytes throw. They must be read, or left: until then the turn is held.
   */
  make(who: Waiting, begin: () => Promise<ParquetSource>): Promise<AsyncIterable<Buffer>>;
}

/** What a file is made of: columns by their names, and rows that have them. */
export interface ParquetSource {
  columns: Columns;
  chunks: AsyncIterable<readonly Row[]>;
}

type Row = Record<string, unknown>;

// A file takes a processor, and some hundred megabytes, as long as its rows come.
const atOnce = 4;
const mostMemoryMb = 512;

// Handing them over holds everybody else up for some milliseconds.
const rowsAtOnce = 2000;

const script = new URL('../../export/parquet-worker.js', import.meta.url);

/** Opens the maker. A few files at once, and no more than half of them for one tenant. */
export function openParquetMaker({ waitMs }: { waitMs: number }): ParquetMaker {
  const turns = new FairQueue(
    Array.from({ length: atOnce }, () => undefined),
    { share: atOnce / 2, waitMs, waiting: 20 },
  );
  return {
    async make(who, begin) {
      const { giveBack } = await turns.take(who);
      try {
        return makeApart(await begin(), { signal: who.signal, onEnd: () => giveBack() });
      } catch (error) {
        giveBack();
        throw error;
      }
    },
  };
}

async function* makeApart(
  { columns, chunks }: ParquetSource,
  { signal, onEnd }: { signal: AbortSignal | undefined; onEnd: () => void },
): AsyncGenerator<Buffer> {
  const thread = openParquetThread(columns, signal);
  const names = Object.keys(columns);
  try {
    for await (const rows of chunks) {
      for (let start = 0; start < rows.length; start += rowsAtOnce) {
        const bytes = await thread.tell(toValues(names, rows.slice(start, start + rowsAtOnce)));
        if (bytes.length > 0) yield bytes;
      }
    }
    yield await thread.tell('end');
  } finally {
    await thread.close();
    onEnd();
  }
}

/** Rows by column: names are not repeated, so that they are handed over sooner. */
function toValues(names: readonly string[], rows: readonly Row[]): ColumnValues {
  return names.map((name) => rows.map((row) => row[name]));
}

interface ParquetThread {
  /** Says something, and gives the bytes that are ready by it: until then nothing else may be said. */
  tell(message: ParquetMessage): Promise<Buffer>;
  close(): Promise<void>;
}

function openParquetThread(columns: Columns, signal: AbortSignal | undefined): ParquetThread {
  const worker = openThread(script, {
    // As data: what a declaration has beside it can't be handed over.
    workerData: JSON.parse(JSON.stringify(columns)),
    resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
  });
  let failure: { error: unknown } | undefined;
  let asking: { resolve(bytes: Buffer): void; reject(error: unknown): void } | undefined;
  const fail = (error: unknown) => {
    failure ??= { error };
    asking?.reject(failure.error);
  };
  const onAbort = () => fail(signal?.reason);
  worker.on('message', (bytes: Uint8Array<ArrayBuffer>) => asking?.resolve(Buffer.from(bytes.buffer)));
  worker.on('error', (error: NodeJS.ErrnoException) => fail(toTold(error)));
  worker.once('exit', () => fail(new Error('the thread ended before the file was made')));
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  return {
    tell: (message) =>
      new Promise((resolve, reject) => {
        asking = { resolve, reject };
        if (failure) reject(failure.error);
        else worker.postMessage(message);
      }),
    async close() {
      signal?.removeEventListener('abort', onAbort);
      await worker.terminate();
    },
  };
}

function toTold(error: NodeJS.ErrnoException): unknown {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new QueryOverLimit('The Parquet file needs more memory than it may. Take csv or ndjson.', { cause: error });
}
