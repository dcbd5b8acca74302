/** Small bodies of many senders, written together: one write for all, and an answer for each. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DialtallyError, UnreadableFile } from '../errors.ts';
import type { Importer } from './importer.ts';
import { ingestParts } from './ingest-parts.ts';
import { type FilePart, MisplacedRecords } from './reader/read-request.ts';
import type { Reconciliation } from './reconciliation.ts';
import { type ReadSmallBody, readSmallBody, type SmallBody } from './small-body.ts';
import type { Stamp } from './stamp.ts';

/** The door for small bodies: many share one write, and each is told when its own rows are kept. */
export interface Live {
  /** Ingests a body. When it resolves, its rows are on disk and in every report. Throws UnreadableFile. */
  ingest(body: SmallBody): Promise<Reconciliation>;
  /** Waits for what is being ingested. */
  close(): Promise<void>;
}

// What one write may hold. Enough for the dearest part of it, its planning, not to count.
const mostBytes = 16 * 1024 ** 2;
const mostBodies = 1000;
// No more than that many tenants' rows are written at once, of each tenant one round.
const roundsAtOnce = 2;

interface Waiting {
  body: ReadSmallBody;
  resolve: (reconciliation: Reconciliation) => void;
  reject: (error: unknown) => void;
}

/** Opens the door. */
export function openLive(importer: Importer, stamp: Stamp): Live {
  // Tenants in the order of their turn, each with its queues in the order in which their first body came.
  const tenants = new Map<number, Map<string, Waiting[]>>();
  const working = new Map<number, Promise<void>>();

  /** Begins as many rounds as there may be, of a tenant each. */
  function begin(): void {
    for (const [tenantId, queues] of [...tenants]) {
      if (working.size >= roundsAtOnce) return;
      const [next] = queues;
      if (!next || working.has(tenantId)) continue;
      const [queue, waiting] = next;
      queues.delete(queue);
      const round = waiting.splice(0, howMany(waiting));
      // What is left waits behind the other queues, and the tenant behind the others.
      if (waiting.length > 0) queues.set(queue, waiting);
      tenants.delete(tenantId);
      if (queues.size > 0) tenants.set(tenantId, queues);
      const work = settle(round).finally(() => {
        working.delete(tenantId);
        begin();
      });
      working.set(tenantId, work);
    }
  }

  async function settle(round: Waiting[]): Promise<void> {
    try {
      const results = await ingestTogether(round.map(({ body }) => body));
      for (const [index, { resolve }] of round.entries()) resolve(results[index] as Reconciliation);
    } catch (error) {
      // One body may be what spoils the others: each is then judged by itself.
      const isTheirs = error instanceof UnreadableFile || error instanceof MisplacedRecords;
      if (isTheirs && round.length > 1) for (const one of round) await settle([one]);
      else for (const { reject } of round) reject(error instanceof MisplacedRecords ? toUnreadable(error) : error);
    }
  }

  /** Ingests bodies of one queue with one write. */
  async function ingestTogether(bodies: ReadSmallBody[]): Promise<Reconciliation[]> {
    const [first] = bodies;
    if (!first) return [];
    const { tenantId, table, format, reading, header, isPlain } = first;
    const path = join(importer.directory, randomUUID());
    const { parts, records } = toParts(bodies);
    try {
      await mkdir(importer.directory, { recursive: true, mode: 0o700 });
      await writeFile(path, [header, ...bodies.map(({ lines }) => lines)], { mode: 0o600 });
      const file = { path, table, format, reading, tenantId, stamp: stamp(), parts };
      return await ingestParts(importer, isPlain ? { ...file, isPlain, records } : file, { lane: 'live' });
    } finally {
      await rm(path, { force: true });
    }
  }

  return {
    async ingest(body) {
      const read = readSmallBody(body);
      return new Promise((resolve, reject) => {
        const queues = tenants.get(read.tenantId) ?? new Map<string, Waiting[]>();
        const waiting = queues.get(read.queue) ?? [];
        waiting.push({ body: read, resolve, reject });
        queues.set(read.queue, waiting);
        tenants.set(read.tenantId, queues);
        // Whoever comes in the same turn of the event loop is in the first round.
        if (working.size < roundsAtOnce) setImmediate(begin);
      });
    },
    async close() {
      while (working.size > 0 || tenants.size > 0) {
        begin();
        await Promise.all(working.values());
      }
    },
  };
}

function howMany(waiting: readonly Waiting[]): number {
  let bytes = 0;
  const index = waiting.findIndex(({ body }) => {
    bytes += body.bytes.length;
    return bytes > mostBytes;
  });
  return Math.min(mostBodies, index < 0 ? waiting.length : Math.max(1, index));
}

/** Where the records of each body are in the file of all of them. */
function toParts(bodies: readonly ReadSmallBody[]): { parts: [FilePart, ...FilePart[]]; records: number } {
  const isCsv = bodies[0]?.format === 'csv';
  let records = isCsv ? 1 : 0;
  const parts = bodies.map(({ file, strict, lineCount }): FilePart => {
    // A CSV's own header was its line 1.
    const firstRecord = bodies.length === 1 ? 0 : records;
    const linesBefore = bodies.length === 1 ? 0 : isCsv ? records - 1 : records;
    records += lineCount;
    return { importId: randomUUID(), file, strict, firstRecord, linesBefore };
  });
  return { parts: parts as [FilePart, ...FilePart[]], records };
}

const toUnreadable = (cause: MisplacedRecords): DialtallyError =>
  new UnreadableFile('The lines of the file can\u2019t be told apart. Nothing of it was taken in.', { cause });
