/** Bytes that come in pieces, held as one. */
export interface Held {
  readonly size: number;
  add(bytes: Buffer): void;
  /** All of them; they are held on. */
  peek(): Buffer;
  /** All of them; none are held afterwards. */
  take(): Buffer;
}

const fewestBytes = 1024;

/**
 * Holds pieces in one buffer that grows: a piece costs its bytes, and not an object of its own of hundreds. `hold` is told what
 * is held more (or less), before it is; what it throws leaves everything as it was.
 */
export function openHeld(hold: (bytes: number) => void = () => {}): Held {
  let buffer = Buffer.alloc(0);
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(bytes) {
      const needed = size + bytes.length;
      if (needed > buffer.length) {
        const capacity = Math.max(fewestBytes, needed, 2 * buffer.length);
        hold(capacity - buffer.length);
        // Of its own: a slice would keep the pool that it was cut from.
        const larger = Buffer.allocUnsafeSlow(capacity);
        buffer.copy(larger, 0, 0, size);
        buffer = larger;
      }
      bytes.copy(buffer, size);
      size = needed;
    },
    peek: () => buffer.subarray(0, size),
    take() {
      const taken = buffer.subarray(0, size);
      if (buffer.length > 0) hold(-buffer.length);
      buffer = Buffer.alloc(0);
      size = 0;
      return taken;
    },
  };
}
