/** Keeps a server's connections within bounds, without cutting off those that are at work. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TooManyAtOnce } from '../../errors.ts';
import { openShare } from '../../ingest/share.ts';

/** The connections of a server. */
export interface Connections {
  /**
   * Says that a request showed a good token, or the operator's key; it counts as its tenant's, if it has one, until it is
   * answered. Throws TooManyAtOnce.
   */
  admit(request: IncomingMessage, response: ServerResponse, tenantId: number | undefined): void;
  /** Hangs up on whoever has asked for nothing, now and from now on: Node takes them for busy, and a server that stops would wait. */
  stop(): void;
}

/** How long a head may take to come, and how often it is looked whether one is late. */
export const headTimes = { headersTimeout: 10_000, connectionsCheckingInterval: 2000 };

// A client that is still sending when its answer is ready shall hear it before it finds the door closed.
const lingering = {
  stranger: { ms: 2000, bytes: 4 * 1024 ** 2 },
  known: { ms: 10_000, bytes: 64 * 1024 ** 2 },
};
// Clients that send on without waiting for answers send a few: all that came at once is worked on before anybody else's turn.
const mostUnanswered = 16;
// What may come with a question, which has no body.
const mostAskedBytes = 1024 ** 2;

/**
 * Bounds a server's connections. When there are too many, one goes that nobody waits for: the oldest on which no good token was
 * ever shown, or else the one that is idle for longest. Whoever works is never cut off, and no tenant works on more of
 * them than it leaves to the others. A body that nobody reads is not listened to for long, and who sends more and more requests
 * on one connection without waiting for answers is hung up on.
 */
export function boundConnections(server: Server, limit: number): Connections {
  const most = limit > 0 ? limit : Math.min(10_000, Math.floor(openFiles() / 2));
  const open = new Set<Socket>();
  // Each in the order in which they became so.
  const strangers = new Set<Socket>();
  const idle = new Set<Socket>();
  // No request came on these yet.
  const silent = new Set<Socket>();
  let isStopping = false;
  const atWork = openShare(most);

  server.on('connection', (socket) => {
    if (isStopping) return void socket.destroy();
    if (open.size >= most) {
      const [leaving = socket] = strangers.size > 0 ? strangers : idle;
      forget(leaving);
      leaving.destroy();
      if (leaving === socket) return;
    }
    open.add(socket);
    strangers.add(socket);
    silent.add(socket);
    socket.once('close', () => {
      // Node ends the answer that has the socket, and says nothing to those that wait for it behind that one.
      const waiting = [...(unanswered.get(socket) ?? [])].filter((response) => response.socket !== socket);
      forget(socket);
      unanswered.delete(socket);
      for (const response of waiting) response.destroy().emit('close');
    });
  });
  // What answers hears of a request only when it may come.
  const answering = server.listeners('request');
  server.removeAllListeners('request');
  const unanswered = new Map<Socket, Set<ServerResponse>>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    // One read can bring a thousand of them: what came behind those that were too many is nobody's any more.
    if (socket.destroyed) return;
    const waiting = unanswered.get(socket) ?? new Set();
    if (waiting.size >= mostUnanswered) return void socket.destroy();
    unanswered.set(socket, waiting.add(response));
    idle.delete(socket);
    silent.delete(socket);
    // Nobody reads what comes with a question. Waiting for its answer, small pieces would be held as objects of hundreds of bytes.
    if (isQuestion(request)) discard(request, mostAskedBytes);
    response.once('finish', () => linger(request, strangers.has(socket)));
    response.once('close', () => {
      waiting.delete(response);
      if (waiting.size === 0) unanswered.delete(socket);
      if (waiting.size === 0 && open.has(socket) && !strangers.has(socket)) idle.add(socket);
    });
    for (const answer of answering) answer.call(server, request, response);
  });

  function forget(socket: Socket): void {
    open.delete(socket);
    strangers.delete(socket);
    idle.delete(socket);
    silent.delete(socket);
  }

  return {
    admit({ socket }, response, tenantId) {
      strangers.delete(socket);
      if (tenantId === undefined) return;
      if (!atWork.take(tenantId)) throw new TooManyAtOnce();
      response.once('close', () => atWork.give(tenantId));
    },
    stop() {
      isStopping = true;
      for (const socket of [...silent]) socket.destroy();
    },
  };
}

/** Reads on for a while when the rest of a body is not wanted, then hangs up. */
function linger(request: IncomingMessage, isStranger: boolean): void {
  if (request.complete) return;
  const { socket } = request;
  request.on('error', () => {});
  const { ms, bytes } = isStranger ? lingering.stranger : lingering.known;
  if (!isQuestion(request)) discard(request, bytes);
  const hangUp = setTimeout(() => request.complete || socket.destroy(), ms).unref();
  request.once('end', () => clearTimeout(hangUp));
}

const isQuestion = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD';

// A small piece costs as much to read as one of this size.
const smallestPiece = 1024;

/** Reads a body for nothing, and hangs up when that becomes too much. */
function discard(request: IncomingMessage, mostBytes: number): void {
  let size = 0;
  request.on('data', (piece: Buffer) => {
    size += Math.max(piece.length, smallestPiece);
    if (size > mostBytes) request.socket.destroy();
  });
  request.resume();
}

/** How many files this process may have open; each connection is one, and the engine needs some as well. */
function openFiles(): number {
  try {
    const [, most = ''] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return Number(most) || 20_000;
  } catch {
    // Only Linux tells; elsewhere the usual limit is so high.
    return 10_000;
  }
}
