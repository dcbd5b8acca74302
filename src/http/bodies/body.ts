/** Bodies of requests as they are kept until somebody works on them, in memory or in a file. */
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { UnreadableFile } from '../../errors.ts';
import type { Entry } from '../../ingest/gate.ts';
import { openArrayCutter, withoutMark } from '../../ingest/json-array.ts';
import type { Format } from '../../ingest/layout.ts';
import { openLineWatch } from '../../ingest/long-lines.ts';
import { openHeld } from './held.ts';
import { type BodyLimits, countLineEnds, receive } from './receive.ts';

/** What came in: in memory when it is small, else in a file. */
export interface Body {
  format: Format;
  bytes?: Buffer;
  path?: string;
  /** SHA-256 of what was sent, unpacked, in hex. */
  digest: string;
  /** Lets go of the file. */
  close(): Promise<void>;
}

/** How a body is to be read. */
export interface BodyOptions extends BodyLimits {
  format: Format | 'json';
  /** Where a large body goes. */
  directory: string;
  entry: Entry;
}

// Larger bodies gain nothing from sharing a write, and memory is for many.
const smallBytes = 4 * 1024 ** 2;

/**
 * Reads a body as it comes: unpacked, JSON arrays as lines. Memory stays flat whatever comes. Throws what `receive` throws, and
 * leaves nothing behind then.
 */
export async function readBody(request: IncomingMessage, options: BodyOptions): Promise<Body> {
  const { format } = options;
  const target = format === 'json' ? 'ndjson' : format;
  const cutter = format === 'json' ? openArrayCutter() : undefined;
  const watch = openLineWatch(target);
  const hash = createHash('sha256');
  const sink = openSink(target, options);
  const coming = receive(request, options);
  let isFirst = true;
  try {
    for await (const chunk of coming.chunks) {
      if (isFirst && cutter) assertNotPacked(chunk);
      isFirst = false;
      hash.update(chunk);
      const part = cutter ? cutter.push(chunk) : chunk;
      if (target !== 'parquet') coming.countRows(countLineEnds(part));
      watch(part);
      await sink.write(part);
    }
    if (cutter) await sink.write(cutter.end());
    return { format: target, ...(await sink.end()), digest: hash.digest('hex'), close: sink.close };
  } catch (error) {
    await sink.close();
    throw error;
  }
}

/** Reads a small body that is no rows. Throws what `receive` throws. */
export async function readSmall(request: IncomingMessage, limits: Omit<BodyLimits, 'limitRows'>): Promise<Buffer> {
  const held = openHeld((bytes) => limits.entry.hold(bytes));
  const { chunks } = receive(request, { ...limits, limitRows: Number.POSITIVE_INFINITY });
  for await (const chunk of chunks) held.add(chunk);
  return held.take();
}

function assertNotPacked(chunk: Buffer): void {
  const start = chunk.subarray(0, 2).toString('latin1');
  if (start === '\x1f\x8b') {
    throw new UnreadableFile('The body is gzip: say so with Content-Encoding: gzip.');
  }
  if (start === '\xff\xfe' || start === '\xfe\xff') throw new UnreadableFile('The body is UTF-16. Send it as UTF-8.');
}

interface Sink {
  write(bytes: Buffer): Promise<void>;
  end(): Promise<{ bytes: Buffer } | { path: string }>;
  close(): Promise<void>;
}

/** Holds what is written in memory, until it is more than a small body; then in a file. */
function openSink(format: Format, { directory, entry }: BodyOptions): Sink {
  const held = openHeld((bytes) => entry.hold(bytes));
  let isFirst = true;
  let file: FileHandle | undefined;
  const path = join(directory, randomUUID());

  async function toFile(): Promise<FileHandle> {
    entry.toFile();
    await mkdir(directory, { recursive: true });
    file = await open(path, 'wx', 0o600);
    await entry.write(held.size);
    await file.writeFile(held.take());
    return file;
  }

  return {
    async write(bytes) {
      if (isFirst && format !== 'parquet') bytes = withoutMark(bytes);
      if (bytes.length === 0) return;
      isFirst = false;
      // Parquet is read from its end: it is never a part of a file.
      if (!file && format !== 'parquet' && held.size + bytes.length <= smallBytes) held.add(bytes);
      else {
        const into = file ?? (await toFile());
        await entry.write(bytes.length);
        await into.writeFile(bytes);
      }
    },
    async end() {
      // Its memory is counted until the request has left.
      if (!file && format !== 'parquet') return { bytes: held.peek() };
      await (file ?? (await toFile())).close();
      file = undefined;
      return { path };
    },
    async close() {
      held.take();
      await file?.close().catch(() => {});
      file = undefined;
      await rm(path, { force: true });
    },
  };
}
