import { IngestBusy } from '../errors.ts';

/** How much may wait to be taken in: beyond it, whoever comes is sent away before memory runs out. */
export interface Gate {
  /** Lets a request in. Throws IngestBusy. */
  enter(): Entry;
}

/** A request that waits to be taken in. */
export interface Entry {
  /** Counts bytes that it holds in memory. Throws IngestBusy. */
  hold(bytes: number): void;
  /** It is a file now, and holds no memory. Throws IngestBusy when too many files wait. */
  toFile(): void;
  /** It is done. */
  leave(): void;
}

const mostRequests = 4000;
const mostFiles = 16;

/** A gate for requests that hold at most so many bytes together. */
export function openGate(mostBytes: number): Gate {
  let [requests, files, bytes] = [0, 0, 0];
  return {
    enter() {
      if (requests >= mostRequests) throw new IngestBusy();
      requests++;
      let [held, isFile, isIn] = [0, false, true];
      return {
        hold(more) {
          if (bytes + more > mostBytes) throw new IngestBusy();
          bytes += more;
          held += more;
        },
        toFile() {
          if (files >= mostFiles) throw new IngestBusy();
          files++;
          isFile = true;
          bytes -= held;
          held = 0;
        },
        leave() {
          if (!isIn) return;
          isIn = false;
          requests--;
          bytes -= held;
          if (isFile) files--;
        },
      };
    },
  };
}
