/**
 * Makes one Excel file in a thread of its own: the rows come in pieces, and the file goes back. What is imported here must
 * never reach the embedded engine, which no other thread may load.
 */
import { parentPort } from 'node:worker_threads';
import type { ExportRow } from './excel-value.ts';
import type { ExportFacts, Layout } from './layout.ts';
import { toXlsx } from './xlsx.ts';

/** What the thread is told: what the file is about, then its rows, then that they are all there. */
export type XlsxMessage = { layout: Layout; facts: ExportFacts } | { rows: readonly ExportRow[] } | 'end';

const rows: ExportRow[] = [];
let about: { layout: Layout; facts: ExportFacts } | undefined;

parentPort?.on('message', async (message: XlsxMessage) => {
  if (message !== 'end') {
    if ('rows' in message) for (const row of message.rows) rows.push(row);
    else about = message;
    return;
  }
  if (!about) throw new TypeError('a file is about something');
  const file = await toXlsx(about.layout, about.facts, rows);
  // A copy of its own, which can be handed over.
  const bytes = new Uint8Array(file);
  parentPort?.postMessage(bytes, [bytes.buffer]);
});
