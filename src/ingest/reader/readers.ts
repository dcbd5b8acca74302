/** Processes that read files, which may hang or die over one without hurting anybody. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DialtallyError, IngestBusy, UnreadableFile } from '../../errors.ts';
import { FairQueue } from '../../store/fair-queue.ts';
import type { OnProgress } from '../../store/store.ts';
import type { ReaderFault, ReaderMessage } from './process.ts';
import { MisplacedRecords, type ReadRequest, type ReadResult } from './read-request.ts';

/** What a reader may cost. */
export interface ReaderLimits {
  /** The memory that its reading may hold, beside what an idle reader has. */
  memoryBytes: number;
  /** How long a small file may take; a large one has a second more for each 256 KB. */
  timeoutMs: number;
}

/** How one file is read. */
export interface ReadOptions {
  /** `live`: rows that come as they happen, which never wait behind files. */
  lane: 'live' | 'files';
  onProgress?: OnProgress | undefined;
}

/** Processes that read files of which nobody knows what is in them. */
export interface Readers {
  /** Reads a file. Throws UnreadableFile, also when the reader had to be killed over it; MisplacedRecords, StoreBusy. */
  read(request: ReadRequest, options: ReadOptions): Promise<ReadResult>;
  /** Ends them all. */
  close(): Promise<void>;
}

// In each lane one more than a single tenant may have: whoever sends what hangs keeps the others waiting for nothing.
const [atOnce, atOnceOfTenant] = [2, 1];
const longestWaitMs = 600_000;
// An idle reader holds some hundred megabytes.
const idleMs = 60_000;
const bytesASecond = 256 * 1024;
// For a reader that turns for ever and has lost the process that would have killed it.
const mostProcessorSeconds = 4 * 3600;
const startMs = 30_000;
// What the engine and Node hold before they read anything.
const idleBytes = 512 * 1024 ** 2;

/** Opens readers, whose engines work in directories of their own under `directory`. They start when they are needed. */
export function openReaders(directory: string, limits: ReaderLimits): Readers {
  const lanes = { live: openLane(directory, limits, 0), files: openLane(directory, limits, 5) };
  return {
    read: (request, { lane, ...options }) => lanes[lane].read(request, options),
    close: async () => {
      await Promise.all([lanes.live.close(), lanes.files.close()]);
    },
  };
}

function openLane(directory: string, limits: ReaderLimits, niceness: number) {
  const queue = new FairQueue(Array.from({ length: atOnce }), { share: atOnceOfTenant, waitMs: longestWaitMs });
  const idle: Reader[] = [];
  const all = new Set<Reader>();
  let isClosed = false;

  async function take(): Promise<Reader> {
    let found = idle.pop();
    while (found && !found.isUsable()) found = idle.pop();
    found ??= await startReader(directory, limits, niceness);
    all.add(found);
    const { ended, end } = found;
    const reader = found;
    void ended.then(() => all.delete(reader));
    if (isClosed) void end();
    return reader;
  }

  return {
    async read(request: ReadRequest, { onProgress }: Omit<ReadOptions, 'lane'>) {
      const { tenantId, path } = request;
      const lease = await queue.take({ tenantId });
      try {
        const { size } = await stat(path);
        const reader = await take();
        try {
          const timeoutMs = limits.timeoutMs + (size / bytesASecond) * 1000;
          return await reader.read(request, { onProgress, timeoutMs });
        } finally {
          if (reader.isUsable()) idle.push(reader);
          else await reader.end();
        }
      } finally {
        lease.giveBack();
      }
    },
    async close() {
      isClosed = true;
      await Promise.all([...all].map((reader) => reader.end()));
    },
  };
}

/** One process that reads one file at a time. */
interface Reader {
  /** Reads a file. */
  read(request: ReadRequest, options: { onProgress: OnProgress | undefined; timeoutMs: number }): Promise<ReadResult>;
  /** Whether it may read another one. */
  isUsable(): boolean;
  ended: Promise<void>;
  end(): Promise<void>;
}

const script = fileURLToPath(new URL(`./process${extname(import.meta.url)}`, import.meta.url));

async function startReader(directory: string, { memoryBytes }: ReaderLimits, niceness: number): Promise<Reader> {
  const scratch = join(directory, `reader-${randomUUID()}`);
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  // The shell sets the limits, which Node has no call for, and then becomes the reader.
  const limited = `ulimit -c 0; ulimit -t ${mostProcessorSeconds}; ulimit -d "$0"; exec nice -n ${niceness} "$@"`;
  const mostKb = Math.ceil((memoryBytes + idleBytes) / 1024);
  const command = [process.execPath, ...process.execArgv, script, scratch];
  const child = spawn('/bin/sh', ['-c', limited, String(mostKb), ...command], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: environment,
  });
  let isUsable = true;
  const ended = new Promise<void>((resolve) => {
    const onEnd = () => {
      isUsable = false;
      resolve();
    };
    child.once('exit', onEnd);
    child.on('error', onEnd);
  }).then(() => rm(scratch, { recursive: true, force: true }).catch(() => {}));
  const end = async () => {
    isUsable = false;
    child.ref();
    child.kill('SIGKILL');
    await ended;
  };
  // What stands between messages: whoever waits for the next one.
  let hear: (message: ReaderMessage | undefined) => void = () => {};
  child.on('message', (message: ReaderMessage) => hear(message));
  void ended.then(() => hear(undefined));
  const starting = setTimeout(end, startMs);
  await new Promise<void>((resolve, reject) => {
    hear = (message) => (message ? resolve() : reject(new IngestBusy()));
  }).finally(() => clearTimeout(starting));
  let idling: NodeJS.Timeout | undefined;
  const rest = () => {
    // A process that has nothing else to do need not wait for its readers.
    child.unref();
    child.channel?.unref();
    idling = setTimeout(end, idleMs).unref();
  };
  rest();

  return {
    async read(request, { onProgress, timeoutMs }) {
      clearTimeout(idling);
      child.ref();
      child.channel?.ref();
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        void end();
      }, timeoutMs);
      try {
        return await new Promise<ReadResult>((resolve, reject) => {
          hear = (message) => {
            if (message === undefined) {
              isUsable = false;
              return reject(toKilled(isLate, timeoutMs));
            }
            if ('isSpent' in message) isUsable &&= !message.isSpent;
            if (message.kind === 'progress') onProgress?.(message.rows);
            else if (message.kind === 'result') resolve(message.result);
            else if (message.kind === 'fault') reject(toError(message.fault));
          };
          child.send(request, (error) => error && void end());
        });
      } finally {
        hear = () => {};
        clearTimeout(timer);
        rest();
      }
    },
    isUsable: () => isUsable,
    ended,
    end,
  };
}

/** All that a reader knows of the environment: none of the server's secrets is in it. */
const environment = { PATH: '/usr/bin:/bin', TZ: 'UTC', UV_THREADPOOL_SIZE: '8' };

function toKilled(isLate: boolean, timeoutMs: number): UnreadableFile {
  const what = isLate
    ? `Reading it took longer than ${Math.ceil(timeoutMs / 1000)} s, as no file of its size does`
    : 'What reads it ended over it';
  return new UnreadableFile(`${what}: it may be damaged. Nothing of it was taken in: write and send it again.`);
}

function toError({ message, told, isMisplaced }: ReaderFault): Error {
  if (isMisplaced) return new MisplacedRecords(message);
  if (told?.code === 'UNREADABLE_FILE') return new UnreadableFile(message);
  return told ? new DialtallyError(told.code, told.status, message) : new Error(message);
}
