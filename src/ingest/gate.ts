/** How much of the server's memory and disk requests with rows may hold at once, in all and by tenant. */
import { IngestBusy } from '../errors.ts';
import type { Room } from '../store/room.ts';
import { openShare } from './share.ts';

/** How much may wait to be taken in: beyond it, whoever comes is sent away before memory runs out. */
export interface Gate {
  /** Lets a request of a tenant in. Throws IngestBusy. */
  enter(tenantId: number): Entry;
}

/** A request that waits to be taken in. */
export interface Entry {
  /** Counts bytes of memory that it holds from now on; fewer than none are given back. Throws IngestBusy. */
  hold(bytes: number): void;
  /** It is a file from now on, or writes one. Throws IngestBusy when too many files wait. */
  toFile(): void;
  /** Counts bytes before they are written to its file. Throws StoreFull, or IngestBusy when its tenant's other files have that room. */
  write(bytes: number): Promise<void>;
  /** It is done. */
  leave(): void;
}

const mostRequests = 4000;
const mostFiles = 16;

/**
 * A gate for requests that hold at most so many bytes together, and on disk what there is room for. No tenant gets more of anything than
 * it leaves to the others.
 */
export function openGate(mostBytes: number, room?: Room): Gate {
  const [requests, files, memory] = [openShare(mostRequests), openShare(mostFiles), openShare(mostBytes)];
  return {
    enter(tenantId) {
      if (!requests.take(tenantId)) throw new IngestBusy();
      let [held, isFile, isIn] = [0, false, true];
      const place = room?.openPlace(tenantId);
      return {
        hold(bytes) {
          // What comes after it has left is on its way out.
          if (!isIn) return;
          if (bytes > 0 && !memory.take(tenantId, bytes)) throw new IngestBusy();
          if (bytes < 0) memory.give(tenantId, -bytes);
          held += bytes;
        },
        toFile() {
          if (isFile) return;
          if (!files.take(tenantId)) throw new IngestBusy();
          isFile = true;
        },
        write: async (bytes) => place?.take(bytes),
        leave() {
          if (!isIn) return;
          place?.close();
          isIn = false;
          requests.give(tenantId);
          memory.give(tenantId, held);
          if (isFile) files.give(tenantId);
        },
      };
    },
  };
}
