import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BodyStalled, QueryCanceled, TooLarge, UnreadableFile, UnsupportedFormat } from '../errors.ts';
import type { Entry } from '../ingest/gate.ts';
import { openArrayCutter, withoutMark } from '../ingest/json-array.ts';
import type { Format } from '../ingest/layout.ts';
import { openLineWatch } from '../ingest/long-lines.ts';

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
export interface BodyOptions {
  format: Format | 'json';
  /** Where a large body goes. */
  directory: string;
  /** The most that may come, as it comes and unpacked. */
  limitBytes: number;
  entry: Entry;
}

// Larger bodies gain nothing from sharing a write, and memory is for many.
const smallBytes = 4 * 1024 ** 2;
const stalledMs = 60_000;

/**
 * Reads a body as it comes: unpacked, JSON arrays as lines. Memory stays flat whatever comes. Throws TooLarge,
 * UnreadableFile, UnsupportedFormat, IngestBusy, BodyStalled, and leaves nothing behind then.
 */
export async function readBody(request: IncomingMessage, options: BodyOptions): Promise<Body> {
  const { format, limitBytes } = options;
  const target = format === 'json' ? 'ndjson' : format;
  const cutter = format === 'json' ? openArrayCutter() : undefined;
  const watch = openLineWatch(target);
  const hash = createHash('sha256');
  const sink = openSink(target, options);
  let size = 0;
  try {
    if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes);
    for await (const chunk of unpacked(request, limitBytes)) {
      if (size === 0 && cutter) assertNotPacked(chunk);
      size += chunk.length;
      if (size > limitBytes) throw tooLarge(limitBytes, isPacked(request));
      hash.update(chunk);
      const part = cutter ? cutter.push(chunk) : chunk;
      watch(part);
      await sink.write(part);
    }
    if (cutter) await sink.write(cutter.end());
    return { format: target, ...(await sink.end()), digest: hash.digest('hex'), close: sink.close };
  } catch (error) {
    await sink.close();
    drain(request);
    throw toTold(error, request);
  }
}

/** The error of a body that is larger than INGEST_LIMIT_MB. */
export const tooLarge = (limitBytes: number, isPacked = false) =>
  new TooLarge(
    `A body may have at most ${Math.floor(limitBytes / 1024 ** 2)} MB${isPacked ? ', also unpacked' : ''}. Send it in parts.`,
  );

const encodingOf = (request: IncomingMessage) => request.headers['content-encoding']?.trim().toLowerCase() ?? '';
const isPacked = (request: IncomingMessage) => /^(x-)?gzip$/.test(encodingOf(request));

/** The bytes of a body, unpacked when they come packed. Leaving the loop leaves the connection open for an answer. */
function unpacked(request: IncomingMessage, limitBytes: number): AsyncIterable<Buffer> {
  const encoding = encodingOf(request);
  const sent = heard(request);
  if (encoding === '' || encoding === 'identity') return sent;
  if (!isPacked(request)) {
    throw new UnsupportedFormat(`Content-Encoding ${JSON.stringify(encoding)} is not read here: send gzip, or none.`);
  }
  return gunzipped(sent, limitBytes);
}

// Rows of calls shrink to a tenth; a bomb, to a thousandth.
const mostUnpacked = { times: 250, atLeastBytes: 16 * 1024 ** 2 };

async function* gunzipped(sent: AsyncIterable<Buffer>, limitBytes: number): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of sent) {
      packed += chunk.length;
      if (packed > limitBytes) throw tooLarge(limitBytes);
      yield chunk;
    }
  };
  let [packed, size] = [0, 0];
  // The loop hears of a failure of either.
  pipeline(Readable.from(counted()), gunzip, () => {});
  for await (const chunk of gunzip as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > Math.max(mostUnpacked.atLeastBytes, packed * mostUnpacked.times)) {
      throw new TooLarge(
        `The gzip of the body unpacks to more than ${mostUnpacked.times} times its size, as no rows do. Send it unpacked, in parts.`,
      );
    }
    yield chunk;
  }
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
  let chunks: Buffer[] = [];
  let size = 0;
  let file: FileHandle | undefined;
  const path = join(directory, randomUUID());

  async function toFile(): Promise<FileHandle> {
    entry.toFile();
    await mkdir(directory, { recursive: true });
    file = await open(path, 'wx', 0o600);
    await file.writeFile(Buffer.concat(chunks));
    chunks = [];
    return file;
  }

  return {
    async write(bytes) {
      if (size === 0 && format !== 'parquet') bytes = withoutMark(bytes);
      if (bytes.length === 0) return;
      size += bytes.length;
      // Parquet is read from its end: it is never a part of a file.
      if (!file && format !== 'parquet' && size <= smallBytes) {
        entry.hold(bytes.length);
        chunks.push(bytes);
      } else {
        const into = file ?? (await toFile());
        await into.writeFile(bytes);
      }
    },
    async end() {
      if (!file && format !== 'parquet') return { bytes: Buffer.concat(chunks) };
      await (file ?? (await toFile())).close();
      file = undefined;
      return { path };
    },
    async close() {
      chunks = [];
      await file?.close().catch(() => {});
      file = undefined;
      await rm(path, { force: true });
    },
  };
}

/** The chunks as they come. Whoever sends nothing for a minute is gone: a place is not held for them. */
async function* heard(request: IncomingMessage): AsyncGenerator<Buffer> {
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const stalled = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new BodyStalled()), stalledMs);
      });
      const next = await Promise.race([chunks.next(), stalled]).finally(() => clearTimeout(timer));
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // It may never come to an end by itself.
    chunks.return?.()?.catch(() => {});
  }
}

const mostDrainedBytes = 64 * 1024 ** 2;
const drainedMs = 10_000;

/** Reads on for a while, so that the client hears the answer before it finds the door closed. */
function drain(request: IncomingMessage): void {
  if (request.destroyed || request.readableEnded) return;
  let size = 0;
  request.on('error', () => {});
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > mostDrainedBytes) request.destroy();
  });
  request.resume();
  setTimeout(() => request.complete || request.destroy(), drainedMs).unref();
}

function toTold(error: unknown, request: IncomingMessage): unknown {
  const { code } = error as { code?: string };
  if (code === 'Z_BUF_ERROR' || code === 'Z_DATA_ERROR') {
    const what = code === 'Z_BUF_ERROR' ? 'breaks off' : 'is damaged, or not gzip at all';
    return new UnreadableFile(`The gzip of the body ${what}. Nothing of it was taken in: pack and send it again.`);
  }
  // The client went away in the middle: there is nobody to tell.
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || (request.destroyed && !request.readableEnded)) {
    return new QueryCanceled({ cause: error });
  }
  return error;
}
