/** What a reader's process runs: it waits for files, reads each in an engine of its own, and answers. */
import { DialtallyError, QueryOverLimit } from '../../errors.ts';
import { openEmbedded } from '../../store/embedded.ts';
import { readFile } from './read-file.ts';
import { MisplacedRecords, type ReadRequest, type ReadResult } from './read-request.ts';

/** What a reader says to the process that it reads for. */
export type ReaderMessage =
  | { kind: 'ready' }
  | { kind: 'progress'; rows: number }
  /** After an end, a reader that `isSpent` holds more memory than an idle one should. */
  | { kind: 'result'; result: ReadResult; isSpent: boolean }
  | { kind: 'fault'; fault: ReaderFault; isSpent: boolean };

/** An error that crosses from one process to another. */
export interface ReaderFault {
  message: string;
  /** Of one of our own errors. */
  told?: { code: string; status: number };
  isMisplaced?: true;
}

// A process that reads what nobody knows, in an engine on a directory that holds nothing else: whatever becomes of it,
// nothing but this one file is lost. It is killed when it takes too long, and ends with whoever it reads for.
const [, , directory = ''] = process.argv;
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const say = (message: ReaderMessage) => void process.send?.(message);
const engine = await openEmbedded({ path: directory, readers: 1 });
process.on('message', async (request: ReadRequest) => {
  try {
    const result = await readFile(engine, request, (rows) => say({ kind: 'progress', rows }));
    say({ kind: 'result', result, isSpent: isSpent() });
  } catch (error) {
    // What went over its memory may still hold it, and the next file is another's.
    const isOver = (error as Error).cause instanceof QueryOverLimit;
    say({ kind: 'fault', fault: toFault(error), isSpent: isOver || isSpent() });
  }
});
say({ kind: 'ready' });

// An idle reader has some 250 MB, and its processor time is limited over all that it reads.
function isSpent(): boolean {
  return process.memoryUsage.rss() > 600 * 1024 ** 2 || process.cpuUsage().user > 3600 * 1e6;
}

function toFault(error: unknown): ReaderFault {
  const { message } = error as Error;
  if (error instanceof DialtallyError) return { message, told: { code: error.code, status: error.status } };
  return error instanceof MisplacedRecords ? { message, isMisplaced: true } : { message };
}
