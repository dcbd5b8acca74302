import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DialtallyError, UnreadableFile } from '../errors.ts';
import { type Sql, sql } from '../sql.ts';
import type { Store } from '../store/store.ts';
import type { TableName } from '../store/tables.ts';
import type { Arrivals } from './arrivals.ts';
import type { IntakeClock } from './clock.ts';
import { MisplacedRecords, type Part, type Reconciliation, takeParts } from './parts.ts';
import { type ReadBody, readBody, type SmallBody } from './small-body.ts';
import { createStaging, dropStaging, newStagingName } from './staging.ts';

/** The door for small bodies: many share one write, and each is told when its own rows are kept. */
export interface Live {
  /** Takes a body in. When it resolves, its rows are on disk and in every report. Throws UnreadableFile. */
  take(body: SmallBody): Promise<Reconciliation>;
  /** Waits for what is being taken in. */
  close(): Promise<void>;
}

// What one write may hold. Enough for the dearest part of it, its planning, not to count.
const mostBytes = 16 * 1024 ** 2;
const mostBodies = 1000;

interface Waiting {
  body: ReadBody;
  resolve: (reconciliation: Reconciliation) => void;
  reject: (error: unknown) => void;
}

/** Opens the door. Files that hold a write's rows for the engine to read go to `directory`. */
export function openLive(
  store: Store,
  { directory, stamp, arrivals }: { directory: string; stamp: IntakeClock; arrivals: Arrivals },
): Live {
  // In the order in which their first body came.
  const lanes = new Map<string, Waiting[]>();
  const stagings = new Map<TableName, Sql>();
  let working: Promise<void> | undefined;

  async function workOff(): Promise<void> {
    // Whoever comes in the same turn of the event loop is in the first write.
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      const [next] = lanes;
      if (!next) break;
      const [lane, waiting] = next;
      lanes.delete(lane);
      const round = waiting.splice(0, howMany(waiting));
      // What is left waits behind the other lanes.
      if (waiting.length > 0) lanes.set(lane, waiting);
      await settle(round);
    }
    working = undefined;
  }

  async function settle(round: Waiting[]): Promise<void> {
    try {
      const results = await takeTogether(round.map(({ body }) => body));
      for (const [index, { body, resolve }] of round.entries()) {
        const result = results[index] as Reconciliation;
        if (result.taken_in > 0) arrivals.tell(body.tenantId, body.table);
        resolve(result);
      }
    } catch (error) {
      // One body may be what spoils the others: each is then judged by itself.
      const isTheirs = error instanceof UnreadableFile || error instanceof MisplacedRecords;
      if (isTheirs && round.length > 1) for (const one of round) await settle([one]);
      else for (const { reject } of round) reject(error instanceof MisplacedRecords ? toUnreadable(error) : error);
    }
  }

  /** Takes bodies of one lane in with one write. */
  async function takeTogether(bodies: ReadBody[]): Promise<Reconciliation[]> {
    const [first] = bodies;
    if (!first) return [];
    const { tenantId, table, reading, header, isPlain } = first;
    const path = join(directory, randomUUID());
    const { parts, records } = toParts(bodies);
    try {
      await mkdir(directory, { recursive: true });
      await writeFile(path, [header, ...bodies.map(({ lines }) => lines)], { mode: 0o600 });
      const into = await emptyStaging(table);
      const file = { path, table, reading, tenantId, stamp: stamp(), into, parts };
      const results = await takeParts(store, isPlain ? { ...file, isPlain, records } : file);
      return results;
    } finally {
      await rm(path, { force: true });
      await empty(table);
    }
  }

  async function emptyStaging(table: TableName): Promise<Sql> {
    const found = stagings.get(table);
    if (found) return found;
    const made = newStagingName();
    await createStaging(store, table, made, { engine: sql`Memory`, lane: 'live' });
    stagings.set(table, made);
    return made;
  }

  /** Empties a staging table for the next write; one that can't be emptied is never used again. */
  async function empty(table: TableName): Promise<void> {
    const staging = stagings.get(table);
    if (!staging) return;
    try {
      await store.command(sql`TRUNCATE TABLE ${staging}`, { lane: 'live' });
    } catch {
      stagings.delete(table);
      await dropStaging(store, staging, 'live').catch(() => {});
    }
  }

  return {
    async take(body) {
      const read = readBody(body);
      return new Promise((resolve, reject) => {
        const waiting = lanes.get(read.lane) ?? [];
        waiting.push({ body: read, resolve, reject });
        lanes.set(read.lane, waiting);
        working ??= workOff();
      });
    },
    async close() {
      while (working) await working;
      for (const staging of stagings.values()) await dropStaging(store, staging, 'live').catch(() => {});
      stagings.clear();
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
function toParts(bodies: readonly ReadBody[]): { parts: [Part, ...Part[]]; records: number } {
  const isCsv = bodies[0]?.format === 'csv';
  let records = isCsv ? 1 : 0;
  const parts = bodies.map(({ file, strict, lineCount }): Part => {
    // A CSV's own header was its line 1.
    const firstRecord = bodies.length === 1 ? 0 : records;
    const linesBefore = bodies.length === 1 ? 0 : isCsv ? records - 1 : records;
    records += lineCount;
    return { importId: randomUUID(), file, strict, firstRecord, linesBefore };
  });
  return { parts: parts as [Part, ...Part[]], records };
}

const toUnreadable = (cause: MisplacedRecords): DialtallyError =>
  new UnreadableFile('The lines of the file can\u2019t be told apart. Nothing of it was taken in.', { cause });
