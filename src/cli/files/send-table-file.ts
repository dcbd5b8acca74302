import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import type { Format } from '../../ingest/layout.ts';
import type { Reconciliation } from '../../ingest/reconciliation.ts';
import type { Door } from '../server/door.ts';
import { askData, askProgress } from '../server/request.ts';
import { type Progress, toPace } from '../show/progress.ts';
import type { NamedFile, TableFile } from './find-files.ts';

/** What taking a file in needs to know beside the file. */
export interface SendOptions {
  tenant: number;
  strict: boolean;
  progress: Progress;
}

/** Takes a file in through the door. Gives what became of its rows. */
export async function sendTableFile(door: Door, file: TableFile, intake: SendOptions): Promise<Reconciliation> {
  try {
    const found = door.where === 'here' ? await point(door, file, intake) : await sendOver(door, file, intake);
    return { ...found, file: file.name };
  } finally {
    intake.progress.clear();
  }
}

function point(door: Door, file: TableFile, intake: SendOptions): Promise<Reconciliation> {
  return askPointed(door, file, intake, {
    path: '/api/operator/imports',
    json: { table: file.table, format: file.format, path: file.path, strict: intake.strict },
  });
}

/** The server reads the file where it lies, and says how far it is. */
export function askPointed<Found>(
  door: Door,
  file: NamedFile,
  { tenant, progress }: SendOptions,
  ask: { path: string; json: object },
): Promise<Found> {
  const startedAt = Date.now();
  return askProgress<Found, { phase: string; rows: number }>(
    door,
    { method: 'POST', tenant, ...ask },
    {
      onLine: ({ phase, rows }) => progress.show(toPace(`${file.name}  ${phase}`, rows, 'rows', startedAt)),
      stopped: `The server stopped before ${file.name} was taken in. Take it in again.`,
    },
  );
}

const contentTypes: Record<Format, string> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
};

async function sendOver(door: Door, file: TableFile, { strict, progress }: SendOptions): Promise<Reconciliation> {
  const startedAt = Date.now();
  const { size } = await stat(file.path);
  let sent = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      progress.show(toPace(`${file.name}  ${Math.floor((sent / size) * 100)} % sent`, sent, 'bytes', startedAt));
      done(null, chunk);
    },
  });
  const from = createReadStream(file.path);
  from.once('error', (error) => counted.destroy(error));
  return askData<Reconciliation>(door, {
    method: 'POST',
    path: `/api/telesales/ingest/${file.table}`,
    query: [['format', file.format], ...(strict ? [['strict', '1'] as const] : [])],
    stream: { from: from.pipe(counted), type: contentTypes[file.format], bytes: size },
  });
}
