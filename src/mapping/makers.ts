/** Threads that make rows of mapped files, and whose turn it is. */
import { QueryCanceled, UnreadableFile } from '../errors.ts';
import type { NameKind } from '../ingest/names.ts';
import { FairQueue, type Lease, type Waiting } from '../store/fair-queue.ts';
import { openThread } from '../threads.ts';
import type { MadeRows, MakingDoors, MakingJob } from './make-rows.ts';

/** What a thread asks for while it makes rows. */
export type MakerRequest =
  | { what: 'bytes' }
  | { what: 'ids'; kind: NameKind; names: readonly string[] }
  | { what: 'room'; bytes: number; rows: number };

/** What it is answered: no piece is the end of the file. */
export type MakerAnswer =
  | { what: 'bytes'; piece: Uint8Array | undefined }
  | { what: 'ids'; ids: ReadonlyMap<string, number> }
  | { what: 'room' };

/** What a thread says. */
export type ThreadMessage =
  | { kind: 'ask'; id: number; asked: MakerRequest }
  | { kind: 'progress'; rows: number }
  | { kind: 'made'; made: MadeRows }
  | { kind: 'failed'; code: string | undefined; message: string; stack: string | undefined };

/** Makes rows of files by their mappings, away from everything else that the server does. */
export interface Makers {
  /**
   * Makes the rows of a file when it is the tenant's turn: a piece of it is read, then worked on. Throws UnreadableFile (also when it
   * takes more time or memory than it may), StoreBusy, QueryCanceled, and what the doors throw.
   */
  make(who: Waiting, job: MakingJob, doors: MakingDoors): Promise<MadeRows>;
}

// Files that are worked on; one more than a single tenant may have.
const [atOnce, atOnceOfTenant] = [2, 1];
const longestWaitMs = 600_000;
const mostMemoryMb = 512;
const bytesASecond = 256 * 1024;
const lookEveryMs = 500;

const script = new URL('./making-thread.js', import.meta.url);

/** Opens the makers. A small file may take so long, a large one a second more for each 256 KB: time of work, not of waiting. */
export function openMakers({ timeoutMs }: { timeoutMs: number }): Makers {
  const turns = new FairQueue(
    Array.from({ length: atOnce }, () => undefined),
    { share: atOnceOfTenant, waitMs: longestWaitMs },
  );
  return {
    async make(who, job, doors) {
      const places = openPlaces(() => turns.take(who));
      try {
        await places.take();
        return await makeApart(
          job,
          { ...doors, bytes: placed(doors.bytes, places) },
          { signal: who.signal, timeoutMs },
        );
      } finally {
        places.close();
      }
    },
  };
}

/** The place of one file, which it has while it is worked on. */
interface Places {
  take(): Promise<void>;
  giveBack(): void;
  /** Gives the place back, also one that is still waited for. */
  close(): void;
}

function openPlaces(next: () => Promise<Lease<undefined>>): Places {
  let held: Lease<undefined> | undefined;
  let isClosed = false;
  const giveBack = () => {
    held?.giveBack();
    held = undefined;
  };
  return {
    async take() {
      held = await next();
      if (isClosed) giveBack();
    },
    giveBack,
    close() {
      isClosed = true;
      giveBack();
    },
  };
}

/** A file as it comes, whose place is somebody else's while nothing of it does: a client that says nothing keeps nobody waiting. */
async function* placed(bytes: AsyncIterable<Uint8Array>, places: Places): AsyncGenerator<Uint8Array> {
  const pieces = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      places.giveBack();
      const { value, done } = await pieces.next();
      await places.take();
      if (done) return;
      yield value;
    }
  } finally {
    void pieces.return?.();
  }
}

async function makeApart(
  job: MakingJob,
  doors: MakingDoors,
  { signal, timeoutMs }: { signal: AbortSignal | undefined; timeoutMs: number },
): Promise<MadeRows> {
  if (signal?.aborted) throw new QueryCanceled();
  const thread = openThread(script, { resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb } });
  const pieces = doors.bytes[Symbol.asyncIterator]();
  let read = 0;

  async function answer(asked: MakerRequest): Promise<[answer: MakerAnswer, handedOver: ArrayBuffer[]]> {
    if (asked.what === 'ids') return [{ what: 'ids', ids: await doors.idsOf(asked.kind, asked.names) }, []];
    if (asked.what === 'room') {
      await doors.onMade(asked.bytes, asked.rows);
      return [{ what: 'room' }, []];
    }
    const { value, done } = await pieces.next();
    if (done) return [{ what: 'bytes', piece: undefined }, []];
    read += value.length;
    // A copy of its own, which can be handed over.
    const piece = new Uint8Array(value);
    return [{ what: 'bytes', piece }, [piece.buffer]];
  }

  let watching: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  try {
    return await new Promise<MadeRows>((resolve, reject) => {
      thread.on('message', (message: ThreadMessage) => {
        if (message.kind === 'progress') doors.onProgress(message.rows);
        else if (message.kind === 'made') resolve(message.made);
        else if (message.kind === 'failed') reject(toTold(message));
        else {
          const { id, asked } = message;
          answer(asked).then(([found, handedOver]) => thread.postMessage({ id, answer: found }, handedOver), reject);
        }
      });
      thread.on('error', (error: NodeJS.ErrnoException) => reject(toMemoryTold(error)));
      thread.once('exit', () => reject(new Error('the thread ended before the rows were made')));
      onAbort = () => reject(new QueryCanceled());
      signal?.addEventListener('abort', onAbort, { once: true });
      watching = setInterval(() => {
        const { active } = thread.performance.eventLoopUtilization();
        if (active > timeoutMs + (read / bytesASecond) * 1000) reject(new UnreadableFile(tooLong));
      }, lookEveryMs).unref();
      thread.postMessage({ job });
    });
  } finally {
    clearInterval(watching);
    signal?.removeEventListener('abort', onAbort);
    await thread.terminate();
    void pieces.return?.();
  }
}

const tooLong =
  'What the mapping makes of the file takes longer than it may. Nothing of it was taken in: look at its conditions, or send the file in parts.';
const tooLarge =
  'What the mapping makes of the file needs more memory than it may. Nothing of it was taken in: send the file in parts.';

function toTold({ code, message, stack }: Extract<ThreadMessage, { kind: 'failed' }>): Error {
  if (code === 'UNREADABLE_FILE') return new UnreadableFile(message);
  return Object.assign(new Error(message), { ...(code && { code }), ...(stack && { stack }) });
}

function toMemoryTold(error: NodeJS.ErrnoException): Error {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new UnreadableFile(tooLarge, { cause: error }) : error;
}
