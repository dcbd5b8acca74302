/** What the senders of files share: pointing a server of this machine at a file, or counting its bytes on their way to another. */
import { type Readable, Transform } from 'node:stream';
import type { Door } from '../server/door.ts';
import { askProgress } from '../server/request.ts';
import { type Progress, toPace } from '../show/progress.ts';
import type { NamedFile } from './find-files.ts';

/** What sending a file needs to know beside the file. */
export interface SendOptions {
  tenantId: number;
  strict: boolean;
  progress: Progress;
}

/** The server reads the file where it lies, and says how far it is. */
export function askPointed<Found>(
  door: Door,
  file: NamedFile,
  { tenantId, progress }: SendOptions,
  ask: { path: string; json: object },
): Promise<Found> {
  const startedAt = Date.now();
  return askProgress<Found, { phase: string; rows: number }>(
    door,
    { method: 'POST', tenantId, ...ask },
    {
      onLine: ({ phase, rows }) => progress.show(toPace(`${file.name}  ${phase}`, rows, 'rows', startedAt)),
      stopped: `The server stopped before ${file.name} was taken in. Take it in again.`,
    },
  );
}

/** The same bytes, while the progress line says how many of them are sent. */
export function counted(from: Readable, bytes: number, { name }: NamedFile, progress: Progress): Readable {
  const startedAt = Date.now();
  let sent = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      progress.show(toPace(`${name}  ${Math.floor((sent / bytes) * 100)} % sent`, sent, 'bytes', startedAt));
      done(null, chunk);
    },
  });
  from.once('error', (error) => counting.destroy(error));
  return from.pipe(counting);
}
