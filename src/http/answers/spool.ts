/** Lets an answer be made at full speed for a slow reader, with what waits bounded in memory and on disk. */
import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

/** What is made faster than its reader takes it: some of it waits in memory, the rest on disk. */
export interface Spools {
  /** The same text, made as fast as it can be. It fails when the source does, and when the signal aborts. */
  through(tenantId: number, source: AsyncIterable<string | Buffer>, signal: AbortSignal): Readable;
}

/** How much may wait on disk, of one tenant and of all. */
export interface SpoolOptions {
  directory: string;
  tenantBytes: number;
  totalBytes: number;
  /** Whether what is left on the disk is kept for something else. */
  isShort(): boolean;
}

const aheadBytes = 256 * 1024;
const pieceBytes = 64 * 1024;

/**
 * Opens the spools. Where no room is left on disk, a source waits for its own reader, as it would without a spool.
 */
export function openSpools({ directory, ...limits }: SpoolOptions): Spools {
  const room = openRoom(limits);
  return {
    through(tenantId, source, signal) {
      const spool = new Spool(directory, (bytes) => room.take(tenantId, bytes));
      const onAbort = () => spool.close(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      void spool.fill(source);
      const read = async function* () {
        try {
          for (let piece = await spool.read(); piece; piece = await spool.read()) yield piece;
        } finally {
          signal.removeEventListener('abort', onAbort);
          spool.close(new Error('nobody reads any more'));
        }
      };
      return Readable.from(read(), { objectMode: false, highWaterMark: pieceBytes });
    },
  };
}

/** Room that is taken by tenants, and given back as bytes below zero. */
function openRoom({ tenantBytes, totalBytes, isShort }: Omit<SpoolOptions, 'directory'>) {
  const taken = new Map<number, number>();
  let total = 0;
  return {
    take(tenantId: number, bytes: number): boolean {
      const its = (taken.get(tenantId) ?? 0) + bytes;
      if (bytes > 0 && (its > tenantBytes || total + bytes > totalBytes || isShort())) return false;
      total += bytes;
      if (its > 0) taken.set(tenantId, its);
      else taken.delete(tenantId);
      return true;
    },
  };
}

/** One text on its way: pieces in memory come first, then those on disk; memory is used again when the disk is read out. */
class Spool {
  readonly #directory: string;
  readonly #takeRoom: (bytes: number) => boolean;
  readonly #memory: Buffer[] = [];
  #memoryBytes = 0;
  #file: FileHandle | undefined;
  #start = 0;
  #end = 0;
  #outcome: { error?: unknown } | undefined;
  #isClosed = false;
  #uses = 0;
  #tell = () => {};
  #changed = this.#nextChange();

  constructor(directory: string, takeRoom: (bytes: number) => boolean) {
    this.#directory = directory;
    this.#takeRoom = takeRoom;
  }

  /** Takes everything that a source gives. Never throws: whoever reads hears of a failure, after what came before it. */
  async fill(source: AsyncIterable<string | Buffer>): Promise<void> {
    try {
      for await (const text of source) {
        const bytes = typeof text === 'string' ? Buffer.from(text) : text;
        for (let start = 0; start < bytes.length; start += pieceBytes) {
          await this.#write(bytes.subarray(start, start + pieceBytes));
        }
      }
      this.#outcome ??= {};
    } catch (error) {
      this.#outcome ??= { error };
    }
    this.#wake();
  }

  /** The next piece, when it is there; nothing at the end. Throws what the source threw. */
  async read(): Promise<Buffer | undefined> {
    for (;;) {
      if (this.#isClosed) throw this.#outcome?.error;
      const piece = this.#memory.shift();
      if (piece) {
        this.#memoryBytes -= piece.length;
        this.#wake();
        return piece;
      }
      if (this.#start < this.#end) return this.#readFile();
      if (this.#outcome && 'error' in this.#outcome) throw this.#outcome.error;
      if (this.#outcome) return undefined;
      await this.#changed;
    }
  }

  /** Lets go of everything; whoever still reads or writes gets `error`. */
  close(error: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#outcome = { error };
    this.#memory.length = 0;
    this.#wake();
    this.#letGo();
  }

  async #write(piece: Buffer): Promise<void> {
    for (;;) {
      if (this.#isClosed) throw this.#outcome?.error;
      const isDiskEmpty = this.#start === this.#end;
      if (isDiskEmpty && this.#end > 0) await this.#use(() => this.#empty());
      else if (isDiskEmpty && this.#memoryBytes < aheadBytes) {
        this.#memory.push(piece);
        this.#memoryBytes += piece.length;
        return this.#wake();
      } else if (this.#takeRoom(piece.length)) {
        if (await this.#use(() => this.#writeFile(piece))) return this.#wake();
        await this.#changed;
      } else await this.#changed;
    }
  }

  async #readFile(): Promise<Buffer> {
    const piece = Buffer.allocUnsafe(Math.min(pieceBytes, this.#end - this.#start));
    const read = await this.#use(() => this.#file?.read(piece, 0, piece.length, this.#start));
    this.#start += read?.bytesRead ?? 0;
    this.#wake();
    return piece.subarray(0, read?.bytesRead);
  }

  /** Writes a piece behind the others. Gives false when the disk has no room for it. */
  async #writeFile(piece: Buffer): Promise<boolean> {
    try {
      this.#file ??= await openNameless(this.#directory);
      for (let done = 0; done < piece.length; ) {
        const { bytesWritten } = await this.#file.write(piece, done, piece.length - done, this.#end + done);
        done += bytesWritten;
      }
    } catch (error) {
      this.#takeRoom(-piece.length);
      if (/^(ENOSPC|EDQUOT)$/.test((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
    this.#end += piece.length;
    return true;
  }

  /** Gives the room of a file that was read to its end back. */
  async #empty(): Promise<void> {
    await this.#file?.truncate(0);
    this.#takeRoom(-this.#end);
    [this.#start, this.#end] = [0, 0];
  }

  /** Works with the file, which is not closed meanwhile. */
  async #use<Result>(work: () => Promise<Result> | undefined): Promise<Result | undefined> {
    this.#uses++;
    try {
      return await work();
    } finally {
      this.#uses--;
      if (this.#isClosed) this.#letGo();
    }
  }

  #letGo(): void {
    if (this.#uses > 0) return;
    const file = this.#file;
    this.#file = undefined;
    this.#takeRoom(-this.#end);
    [this.#start, this.#end] = [0, 0];
    file?.close().catch(() => {});
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  #wake(): void {
    const tell = this.#tell;
    this.#changed = this.#nextChange();
    tell();
  }
}

/** A file without a name: it is gone with its process, however that ends. */
async function openNameless(directory: string): Promise<FileHandle> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, randomUUID());
  const file = await open(path, 'wx+', 0o600);
  await unlink(path).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  return file;
}
