import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import type { Mapping } from '../../mapping/mapping.ts';
import type { MappedReconciliation } from '../../mapping/reconciliation.ts';
import type { Door } from '../server/door.ts';
import { askData } from '../server/request.ts';
import { toPace } from '../show/progress.ts';
import type { NamedFile } from './find-files.ts';
import { askPointed, type SendOptions } from './send-table-file.ts';

/** Takes a file in by a mapping, through the door. Gives what became of its rows. */
export async function sendMappedFile(
  door: Door,
  file: NamedFile,
  mapping: Mapping,
  intake: SendOptions,
): Promise<MappedReconciliation> {
  try {
    const found =
      door.where === 'here'
        ? await askPointed<MappedReconciliation>(door, file, intake, {
            path: '/api/operator/mapped-imports',
            json: { mapping, path: file.path, strict: intake.strict },
          })
        : await sendOver(door, file, mapping, intake);
    return { ...found, file: file.name };
  } finally {
    intake.progress.clear();
  }
}

/** The mapping goes ahead of the file, as one line. */
async function sendOver(
  door: Door,
  file: NamedFile,
  mapping: Mapping,
  { strict, progress }: SendOptions,
): Promise<MappedReconciliation> {
  const startedAt = Date.now();
  const head = Buffer.from(`${JSON.stringify(mapping)}\n`);
  const bytes = head.length + (await stat(file.path)).size;
  let sent = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      progress.show(toPace(`${file.name}  ${Math.floor((sent / bytes) * 100)} % sent`, sent, 'bytes', startedAt));
      done(null, chunk);
    },
  });
  const whole = Readable.from(
    (async function* () {
      yield head;
      yield* createReadStream(file.path, { end: bytes - head.length - 1 });
    })(),
    { objectMode: false },
  );
  whole.once('error', (error) => counted.destroy(error));
  return askData<MappedReconciliation>(door, {
    method: 'POST',
    path: '/api/telesales/ingest/mapped',
    query: [['file', file.name], ...(strict ? [['strict', '1'] as const] : [])],
    stream: { from: whole.pipe(counted), type: 'application/octet-stream', bytes },
  });
}
