/**
 * Makes one Parquet file in a thread of its own: the rows come in pieces, and each is answered with the bytes that are ready by it.
 * What is imported here must never reach the embedded engine, which no other thread may load.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Columns } from '../engine/columns.ts';
import { type ColumnValues, openParquetFile } from './parquet.ts';

/** What the thread is told: some rows, or that they are all there. Its file's columns are what it begins with. */
export type ParquetMessage = ColumnValues | 'end';

const file = openParquetFile(workerData as Columns);

parentPort?.on('message', (message: ParquetMessage) => {
  const bytes = message === 'end' ? file.end() : file.add(message);
  parentPort?.postMessage(bytes, [bytes.buffer]);
});
