/** Excel files are made in a thread of their own, a few at once. */
import { QueryOverLimit } from '../../errors.ts';
import type { ExportRow } from '../../export/excel-value.ts';
import type { ExportFacts, Layout } from '../../export/layout.ts';
import type { XlsxMessage } from '../../export/xlsx-worker.ts';
import { FairQueue, type Waiting } from '../../store/fair-queue.ts';
import { openThread } from '../../threads.ts';

/** Makes Excel files away from everything else that the server does. */
export interface ExcelMaker {
  /**
   * Makes a file, when it is the tenant's turn: `begin` is called then. Throws StoreBusy, QueryCanceled, QueryOverLimit, and
   * what `begin` or its rows throw.
   */
  make(who: Waiting, begin: () => Promise<ExcelSource>): Promise<Uint8Array>;
}

/** What a file is made of. */
export interface ExcelSource {
  layout: Layout;
  facts: ExportFacts;
  rows: AsyncIterable<readonly ExportRow[]>;
}

// A file of 100,000 rows takes a second or two, and some hundred megabytes while it is made.
const atOnce = 2;
const longestMs = 60_000;
const mostMemoryMb = 1024;

const script = new URL('../../export/xlsx-worker.js', import.meta.url);

/** Opens the maker. A few files at once, and no more than half of them for one tenant. */
export function openExcelMaker({ waitMs }: { waitMs: number }): ExcelMaker {
  const turns = new FairQueue(
    Array.from({ length: atOnce }, () => undefined),
    { share: Math.max(1, atOnce / 2), waitMs, waiting: 20 },
  );
  return {
    async make(who, begin) {
      const { giveBack } = await turns.take(who);
      try {
        return await makeApart(await begin(), who.signal);
      } finally {
        giveBack();
      }
    },
  };
}

async function makeApart({ layout, facts, rows }: ExcelSource, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const worker = openThread(script, { resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb } });
  const say = (message: XlsxMessage) => worker.postMessage(message);
  let end = (_error: unknown) => {};
  const made = new Promise<Uint8Array>((resolve, reject) => {
    end = reject;
    worker.once('message', resolve);
    worker.on('error', (error: NodeJS.ErrnoException) => reject(toTold(error)));
    worker.once('exit', () => reject(new Error('the thread ended before the file was made')));
  });
  // It is heard of below; meanwhile the rows may fail first.
  made.catch(() => {});
  const onAbort = () => end(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => end(new QueryOverLimit('The Excel file took too long to make. Take csv.')), longestMs);
  try {
    say({ layout: withoutCode(layout), facts: { ...facts, report: JSON.parse(JSON.stringify(facts.report)) } });
    for await (const some of rows) {
      signal?.throwIfAborted();
      say({ rows: some });
    }
    say('end');
    return await made;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}

/** A layout as another thread can be told it: its file name may be a function, and is not needed there. */
function withoutCode({ fileName: _, ...layout }: Layout): Layout {
  return layout;
}

function toTold(error: NodeJS.ErrnoException): unknown {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new QueryOverLimit('The Excel file needs more memory than it may. Take csv, or ask for fewer rows.', {
    cause: error,
  });
}
