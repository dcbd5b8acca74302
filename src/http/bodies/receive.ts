/** Takes the body of a request off the wire, within the limits of size, rows and time. */
import type { IncomingMessage } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BodyInCrumbs, BodyStalled, QueryCanceled, TooLarge, UnreadableFile, UnsupportedFormat } from '../../errors.ts';
import type { Entry } from '../../ingest/gate.ts';
import { openHeld } from './held.ts';

/** What a body may cost, whatever it is for. */
export interface BodyLimits {
  /** The most that may come, as it comes and unpacked. */
  limitBytes: number;
  /** The most rows that it may hold. */
  limitRows: number;
  /** How many bytes a second must come, on average. 0: any number, but some every half minute. */
  slowestBytes: number;
  /** Who counts the memory that it holds. */
  entry: Pick<Entry, 'hold'>;
}

/** A body on its way in. */
export interface Receiving {
  /** Its bytes, unpacked. Throws TooLarge, UnreadableFile, UnsupportedFormat, BodyStalled, BodyInCrumbs, IngestBusy, QueryCanceled. */
  chunks: AsyncGenerator<Buffer>;
  /** Counts rows that were found in it. Throws TooLarge. */
  countRows(rows: number): void;
}

/** The one way in for a body: every limit on what a client can send holds here. */
export function receive(request: IncomingMessage, limits: BodyLimits): Receiving {
  const { limitBytes, limitRows } = limits;
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
  const isPacked = /^(x-)?gzip$/.test(encoding);
  const isPlain = encoding === '' || encoding === 'identity';
  const counts = { sent: 0, unpacked: 0, rows: 0 };

  async function* sent(): AsyncGenerator<Buffer> {
    if (!isPlain && !isPacked) {
      throw new UnsupportedFormat(`Content-Encoding ${JSON.stringify(encoding)} is not read here: send gzip, or none.`);
    }
    if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes);
    for await (const chunk of heard(request, limits)) {
      counts.sent += chunk.length;
      if (counts.sent > limitBytes) throw tooLarge(limitBytes);
      yield chunk;
    }
  }

  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      if (!isPacked) return yield* sent();
      for await (const chunk of unpacked(sent())) {
        counts.unpacked += chunk.length;
        if (counts.unpacked > limitBytes) throw tooLarge(limitBytes, true);
        assertLikely();
        yield chunk;
      }
    } catch (error) {
      throw toTold(error, request);
    }
  }

  /** Throws when a packed body swells as no rows do. */
  function assertLikely(): void {
    if (!isPacked) return;
    const { times, atLeastBytes, rowBytes } = mostUnpacked;
    if (counts.unpacked + counts.rows * rowBytes <= Math.max(atLeastBytes, counts.sent * times)) return;
    throw new TooLarge(
      `The gzip of the body unpacks to more than ${times} times its size, as no rows do. Send it unpacked, in parts.`,
    );
  }

  return {
    chunks: chunks(),
    countRows(rows) {
      counts.rows += rows;
      if (counts.rows > limitRows)
        throw new TooLarge(`A body may have at most ${limitRows.toLocaleString('en')} rows. Send it in parts.`);
      assertLikely();
    },
  };
}

/** How many lines end in some bytes. */
export function countLineEnds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(lineEnd); at >= 0; at = bytes.indexOf(lineEnd, at + 1)) count++;
  return count;
}

const lineEnd = 10;

// Rows of calls shrink to a tenth; a bomb, to a thousandth. A row costs more than its bytes: nobody sends millions of two.
const mostUnpacked = { times: 250, atLeastBytes: 1024 ** 2, rowBytes: 16 };

const tooLarge = (limitBytes: number, isPacked = false) => {
  const most = limitBytes >= 1024 ** 2 ? `${Math.floor(limitBytes / 1024 ** 2)} MB` : `${limitBytes} bytes`;
  return new TooLarge(`A body may have at most ${most}${isPacked ? ', also unpacked' : ''}. Send it in parts.`);
};

function unpacked(sent: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  // Whoever reads hears of a failure of either.
  pipeline(Readable.from(sent, { objectMode: false }), gunzip, () => {});
  return gunzip as AsyncIterable<Buffer>;
}

// What may wait here while what came before it is worked on.
const aheadBytes = 64 * 1024;
// The first bytes tell what a body is.
const leastAtFirst = 4;

/**
 * The bytes as they come, gathered while nobody reads. It is the socket that is paused, not the request: what was read from it
 * already would wait in the request as it was cut, and a piece of one byte is an object of hundreds.
 */
async function* heard(request: IncomingMessage, { entry, slowestBytes }: BodyLimits): AsyncGenerator<Buffer> {
  const held = openHeld((bytes) => entry.hold(bytes));
  const pace = openPace(slowestBytes);
  const pieces = openPieces();
  let isWhole = request.readableEnded;
  let resting: NodeJS.Timeout | undefined;
  let isWaking = false;
  let failure: { error: unknown } | undefined;
  let then = () => {};
  // After all that one read brought: waking somebody for each byte costs a thousand times the byte.
  const wake = () => {
    if (isWaking) return;
    isWaking = true;
    setImmediate(() => {
      isWaking = false;
      then();
    });
  };
  const fail = (error: unknown) => {
    failure ??= { error };
    wake();
  };
  const tap = openTap(request);
  const readOn = () => {
    const restMs = pieces.restMs();
    resting = restMs > 0 ? setTimeout(readOn, restMs).unref() : undefined;
    tap.turn(!resting && held.size < aheadBytes);
  };
  const onData = (chunk: Buffer) => {
    if (failure) return;
    try {
      held.add(chunk);
      pieces.add(chunk.length);
    } catch (error) {
      return fail(error);
    }
    if (!resting) readOn();
    wake();
  };
  const onEnd = () => {
    isWhole = true;
    wake();
  };
  const onClose = () => isWhole || fail(new QueryCanceled());
  request.on('error', fail).on('end', onEnd).on('close', onClose).on('data', onData);
  try {
    if (request.destroyed && !isWhole) onClose();
    for (let least = leastAtFirst; ; ) {
      if (failure) throw failure.error;
      if (held.size >= (isWhole ? 1 : least)) {
        least = 1;
        const bytes = held.take();
        pace.came(bytes.length);
        if (!resting) readOn();
        yield bytes;
      } else if (isWhole) return;
      else
        await pace.wait((resolve) => {
          then = resolve;
        });
    }
  } finally {
    request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', fail);
    // Whatever goes wrong with it from here on is nobody's concern.
    request.on('error', () => {});
    held.take();
    // What comes in crumbs is not read to its end for the sake of an answer.
    if (isWhole || !resting) tap.turn(true);
    clearTimeout(resting);
  }
}

/** Closes and opens what a request is read from, while the request itself goes on handing over what was read already. */
function openTap(request: IncomingMessage): { turn(on: boolean): void } {
  const read = request._read;
  let isOn = true;
  let isAsked = false;
  // A request opens its socket whenever it could take more.
  request._read = (size) => {
    if (isOn) read.call(request, size);
    else isAsked = true;
  };
  return {
    turn(on) {
      if (on === isOn) return;
      isOn = on;
      if (!on) request.socket.pause?.();
      else request.socket.resume?.();
      if (on && isAsked) read.call(request, aheadBytes);
      if (on) isAsked = false;
    },
  };
}

// A piece costs its reader more than a microsecond, however small it is. This is what all of them may come at together,
// and how many of one body.
const piecesPerMs = 200;
const mostPieces = 1_000_000;
const smallestPiece = 64;
let restsUntil = 0;

/** Counts the pieces in which a body comes, and tells how long to rest when they are far too small. */
function openPieces() {
  let [surplus, rested, restUntil] = [0, 0, 0];
  return {
    /** Throws BodyInCrumbs. */
    add(bytes: number): void {
      surplus = Math.max(0, surplus + 1 - bytes / smallestPiece);
      if (surplus < 1000) return;
      rested += surplus;
      if (rested > mostPieces) throw new BodyInCrumbs();
      restsUntil = Math.max(performance.now(), restsUntil) + surplus / piecesPerMs;
      restUntil = restsUntil;
      surplus = 0;
    },
    restMs: () => (restUntil === 0 ? 0 : Math.max(0, restUntil - performance.now())),
  };
}

const patienceMs = 30_000;

/**
 * How long a body is waited for: half a minute, which bytes make up for as they come. So a pause of half a minute ends it, and
 * so does less than the lowest rate, however its bytes are spread. Time that is not spent waiting does not count.
 */
function openPace(slowestBytes: number) {
  let leftMs = patienceMs;
  return {
    came(bytes: number): void {
      const earnedMs = slowestBytes > 0 ? (bytes / slowestBytes) * 1000 : patienceMs;
      leftMs = Math.min(patienceMs, leftMs + earnedMs);
    },
    async wait(until: (then: () => void) => void): Promise<void> {
      const from = performance.now();
      let timer: NodeJS.Timeout | undefined;
      try {
        await new Promise<void>((resolve, reject) => {
          timer = setTimeout(() => reject(new BodyStalled(slowestBytes)), Math.max(0, leftMs));
          until(resolve);
        });
      } finally {
        clearTimeout(timer);
        leftMs -= performance.now() - from;
      }
    },
  };
}

function toTold(error: unknown, request: IncomingMessage): unknown {
  const { code } = error as { code?: string };
  if (code === 'Z_BUF_ERROR' || code === 'Z_DATA_ERROR') {
    const what = code === 'Z_BUF_ERROR' ? 'breaks off' : 'is damaged, or not gzip at all';
    return new UnreadableFile(`The gzip of the body ${what}. Nothing of it was taken in: pack and send it again.`);
  }
  // The client went away in the middle: there is nobody to tell.
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || (request.destroyed && !request.readableEnded)) {
    return error instanceof QueryCanceled ? error : new QueryCanceled({ cause: error });
  }
  return error;
}
