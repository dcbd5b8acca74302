/** Makes the rows of one file in a thread of its own: see `makers.ts`. */
import { parentPort } from 'node:worker_threads';
import { type MakingJob, makeRows } from './make-rows.ts';
import type { MakerAnswer, MakerRequest, ThreadMessage } from './makers.ts';

const say = (message: ThreadMessage) => parentPort?.postMessage(message);
const waiting = new Map<number, (answer: MakerAnswer) => void>();
let lastId = 0;

function ask<What extends MakerRequest['what']>(
  asked: Extract<MakerRequest, { what: What }>,
): Promise<Extract<MakerAnswer, { what: What }>> {
  return new Promise((resolve) => {
    lastId++;
    waiting.set(lastId, resolve as (answer: MakerAnswer) => void);
    say({ kind: 'ask', id: lastId, asked });
  });
}

async function* bytes(): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { piece } = await ask({ what: 'bytes' });
    if (!piece) return;
    yield piece;
  }
}

async function make(job: MakingJob): Promise<void> {
  const made = await makeRows(job, {
    bytes: bytes(),
    idsOf: async (kind, names) => (await ask({ what: 'ids', kind, names })).ids,
    onMade: async (bytes, rows) => void (await ask({ what: 'room', bytes, rows })),
    onProgress: (rows) => say({ kind: 'progress', rows }),
  });
  say({ kind: 'made', made });
}

parentPort?.on('message', (message: { job: MakingJob } | { id: number; answer: MakerAnswer }) => {
  if ('answer' in message) {
    waiting.get(message.id)?.(message.answer);
    waiting.delete(message.id);
  } else {
    make(message.job).catch((error: Error & { code?: string }) =>
      say({ kind: 'failed', code: error.code, message: error.message, stack: error.stack }),
    );
  }
});
