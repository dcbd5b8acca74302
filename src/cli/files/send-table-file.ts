/** Sends a file of one of our tables through the door. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Format } from '../../ingest/layout.ts';
import type { Reconciliation } from '../../ingest/reconciliation.ts';
import type { Door } from '../server/door.ts';
import { askData } from '../server/request.ts';
import type { TableFile } from './find-files.ts';
import { askPointed, counted, type SendOptions } from './sending.ts';

/** Sends a file in through the door. Gives what became of its rows. */
export async function sendTableFile(door: Door, file: TableFile, sending: SendOptions): Promise<Reconciliation> {
  try {
    const found = door.where === 'here' ? await point(door, file, sending) : await sendOver(door, file, sending);
    return { ...found, file: file.name };
  } finally {
    sending.progress.clear();
  }
}

function point(door: Door, file: TableFile, sending: SendOptions): Promise<Reconciliation> {
  return askPointed(door, file, sending, {
    path: '/api/operator/imports',
    json: { table: file.table, format: file.format, path: file.path, strict: sending.strict },
  });
}

const contentTypes: Record<Format, string> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
};

async function sendOver(door: Door, file: TableFile, { strict, progress }: SendOptions): Promise<Reconciliation> {
  const { size: bytes } = await stat(file.path);
  return askData<Reconciliation>(door, {
    method: 'POST',
    path: `/api/telesales/ingest/${file.table}`,
    query: [['format', file.format], ...(strict ? [['strict', '1'] as const] : [])],
    stream: {
      from: counted(createReadStream(file.path), bytes, file, progress),
      type: contentTypes[file.format],
      bytes,
    },
  });
}
