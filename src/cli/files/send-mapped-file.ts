/** Sends a file of another system through the door, with the mapping that makes rows of it. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Mapping } from '../../mapping/language/mapping.ts';
import type { MappedReconciliation } from '../../mapping/reconciliation.ts';
import type { Door } from '../server/door.ts';
import { askData } from '../server/request.ts';
import type { NamedFile } from './find-files.ts';
import { askPointed, counted, type SendOptions } from './sending.ts';

/** Sends a file in by a mapping, through the door. Gives what became of its rows. */
export async function sendMappedFile(
  door: Door,
  file: NamedFile,
  mapping: Mapping,
  sending: SendOptions,
): Promise<MappedReconciliation> {
  try {
    const found =
      door.where === 'here'
        ? await askPointed<MappedReconciliation>(door, file, sending, {
            path: '/api/operator/mapped-imports',
            json: { mapping, path: file.path, strict: sending.strict },
          })
        : await sendOver(door, file, mapping, sending);
    return { ...found, file: file.name };
  } finally {
    sending.progress.clear();
  }
}

/** The mapping goes ahead of the file, as one line. */
async function sendOver(
  door: Door,
  file: NamedFile,
  mapping: Mapping,
  { strict, progress }: SendOptions,
): Promise<MappedReconciliation> {
  const head = Buffer.from(`${JSON.stringify(mapping)}\n`);
  const bytes = head.length + (await stat(file.path)).size;
  const whole = Readable.from(
    (async function* () {
      yield head;
      yield* createReadStream(file.path, { end: bytes - head.length - 1 });
    })(),
    { objectMode: false },
  );
  return askData<MappedReconciliation>(door, {
    method: 'POST',
    path: '/api/telesales/ingest/mapped',
    query: [['file', file.name], ...(strict ? [['strict', '1'] as const] : [])],
    stream: { from: counted(whole, bytes, file, progress), type: 'application/octet-stream', bytes },
  });
}
