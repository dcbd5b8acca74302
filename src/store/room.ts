/** Watches how full the disks are, and shares out what is free, so that bodies never take the last of it. */
import { statfs } from 'node:fs/promises';
import { IngestBusy, StoreFull } from '../errors.ts';
import { sql } from '../sql.ts';
import type { Store } from './store.ts';

/** The room on the disks that rows go to, and whose bodies take it. */
export interface Room {
  /** Throws StoreFull when so little is left that it is kept for what goes on: merges, tokens, the ledger. */
  assertFree(): Promise<void>;
  /** The same for whoever can't wait for a look, and does without the disk then: as of the last one. */
  isShort(): boolean;
  /** A place for one body of a tenant that goes to a file. */
  openPlace(tenantId: number): DiskPlace;
}

/** The room that one body takes. */
export interface DiskPlace {
  /** Counts bytes before they are written. Throws StoreFull, or IngestBusy when the tenant's other bodies hold its share. */
  take(bytes: number): Promise<void>;
  /** Gives all of it back, when the file is gone. */
  close(): void;
}

/** Which disks, and how much of each is kept free. */
export interface RoomOptions {
  /** The data directory: where bodies go, and with the embedded engine all else. */
  directory: string;
  /** A server's own disk is looked at as well. */
  store: Store;
  /** By default a twentieth of the disk, and 512 MB at most. */
  reserveBytes?: number | undefined;
}

interface Disk {
  freeBytes: number;
  totalBytes: number;
}

const mostReservedBytes = 512 * 1024 ** 2;
// Of what there would be without any bodies.
const shareOfTenant = 1 / 2;
const staleMs = 1000;

/** Watches the room. It is looked at once a second, and what is taken in between is counted. */
export function openRoom({ directory, store, reserveBytes }: RoomOptions): Room {
  const heldBy = new Map<number, number>();
  let held = 0;
  let looked: { at: number; freeBytes: number } | undefined;
  let looking: Promise<{ at: number; freeBytes: number }> | undefined;

  async function look() {
    const disks = [await diskOf(directory), ...(store.engine === 'server' ? await disksOf(store) : [])];
    return { at: performance.now(), freeBytes: leastFree(disks, reserveBytes) };
  }

  async function free(): Promise<{ freeBytes: number }> {
    if (looked && performance.now() - looked.at < staleMs) return looked;
    looking ??= look().finally(() => {
      looking = undefined;
    });
    looked = await looking;
    return looked;
  }

  return {
    async assertFree() {
      if ((await free()).freeBytes <= 0) throw new StoreFull();
    },
    isShort() {
      void free().catch(() => {});
      return looked !== undefined && looked.freeBytes <= 0;
    },
    openPlace(tenantId) {
      let own = 0;
      return {
        async take(bytes) {
          const found = await free();
          if (found.freeBytes < bytes) throw new StoreFull();
          const others = (heldBy.get(tenantId) ?? 0) - own;
          if (others + own + bytes > (found.freeBytes + held) * shareOfTenant)
            throw others > 0 ? new IngestBusy() : new StoreFull();
          own += bytes;
          held += bytes;
          heldBy.set(tenantId, others + own);
          found.freeBytes -= bytes;
        },
        close() {
          held -= own;
          const left = (heldBy.get(tenantId) ?? 0) - own;
          if (left > 0) heldBy.set(tenantId, left);
          else heldBy.delete(tenantId);
          own = 0;
        },
      };
    },
  };
}

/** What the store's own disk has left beyond what is kept free; without end when it does not say. */
export async function freeBytesOf(store: Store, reserveBytes?: number): Promise<number> {
  return leastFree(await disksOf(store), reserveBytes);
}

function leastFree(disks: readonly Disk[], reserveBytes: number | undefined): number {
  const beyondReserve = disks.map(
    ({ freeBytes, totalBytes }) => freeBytes - (reserveBytes ?? Math.min(mostReservedBytes, totalBytes / 20)),
  );
  return Math.min(...beyondReserve);
}

async function diskOf(directory: string): Promise<Disk> {
  const { bavail, blocks, bsize } = await statfs(directory);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** The disks of a store. One that says nothing of them, or does not answer, says so itself when it is written to. */
function disksOf(store: Store): Promise<Disk[]> {
  return store
    .query<Disk>(
      sql`SELECT free_space AS freeBytes, total_space AS totalBytes FROM system.disks WHERE name = 'default' AND total_space > 0`,
      { lane: 'own', timeoutMs: 5000 },
    )
    .catch(() => []);
}
