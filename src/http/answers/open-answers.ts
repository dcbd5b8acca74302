/** Every answer that is being given: whether anybody still waits for it, and how many there may be. */
import { setMaxListeners } from 'node:events';
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Tokens } from '../../access/tokens.ts';
import type { Config } from '../../config.ts';
import { QueryCanceled, TooManyAnswers, Unauthenticated } from '../../errors.ts';
import { tokenOf } from '../guards/auth.ts';
import { networkOf } from '../guards/rates.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Aborts when there is nobody to answer any more. */
    gone: AbortSignal;
  }
}

interface OpenAnswer {
  request: FastifyRequest;
  reply: FastifyReply;
  ending: AbortController;
  /** How much the client had taken when it was last looked, and when that was. */
  taken: number;
  lookedAt: number;
  /** How long it may still take too little. */
  leftMs: number;
}

const lookEveryMs = 500;

/**
 * Knows every answer that is being given, from the first moment of its request. `request.gone` aborts when there is nobody
 * to answer any more: the client left, took nothing for ANSWER_STALLED_SEC, or its token ended.
 */
export function watchAnswers(
  app: FastifyInstance,
  { tokens, now, config }: { tokens: Tokens; now: () => number; config: Config },
): void {
  const open = new Set<OpenAnswer>();
  const stalledMs = config.answerStalledSec * 1000;

  app.decorateRequest('gone');
  app.addHook('onRequest', (request, reply, done) => {
    const ending = new AbortController();
    const answer = { request, reply, ending, taken: 0, lookedAt: performance.now(), leftMs: stalledMs };
    const { raw } = reply;
    request.gone = ending.signal;
    // A dozen parts of the server, and of what it is built on, wait for the end of an answer; so does each of its queries.
    raw.setMaxListeners(30);
    setMaxListeners(30, ending.signal);
    // Writing to a client that is gone is no error that anybody has to hear of: the signal says it.
    raw.on('error', () => {});
    raw.once('close', () => {
      open.delete(answer);
      if (!raw.writableFinished) ending.abort(new QueryCanceled());
    });
    if (raw.destroyed || raw.socket?.destroyed) ending.abort(new QueryCanceled());
    else open.add(answer);
    done();
  });

  const looking = setInterval(() => {
    const areGood = new Map<string, boolean>();
    const isGood = (token: string) => {
      const known = areGood.get(token) ?? tokens.find(token, now()) !== undefined;
      areGood.set(token, known);
      return known;
    };
    // A link's token ends with the asking.
    const hasGoodToken = (request: FastifyRequest) =>
      request.routeOptions.config.signsIn || isGood(tokenOf(request) ?? '');
    for (const answer of open) {
      const { request, reply, ending } = answer;
      // Whoever was told a moment ago and still sends is cut off.
      if (ending.signal.aborted) {
        if (reply.raw.headersSent) cutOff(reply);
      } else if (request.asking?.tokenId !== undefined && !hasGoodToken(request)) {
        ending.abort(new Unauthenticated('The token has ended.'));
      } else if (isStalled(answer, stalledMs)) {
        ending.abort(new QueryCanceled());
        cutOff(reply);
      }
    }
  }, lookEveryMs).unref();
  app.addHook('onClose', async () => clearInterval(looking));
}

// The lowest rate at which an answer is taken, on average; bytes make up for time as they go.
const slowestBytes = 1024;

/** Whether the client has taken too little for so long, though there was something to take. */
function isStalled(answer: OpenAnswer, stalledMs: number): boolean {
  const { raw } = answer.reply;
  // An answer that waits for the one before it on its connection ends with that one.
  if (!raw.socket) {
    answer.lookedAt = performance.now();
    return false;
  }
  const taken = raw.socket.bytesWritten - raw.socket.writableLength;
  const [at, more] = [performance.now(), taken - answer.taken];
  const earnedMs = raw.writableLength === 0 ? stalledMs : (more / slowestBytes) * 1000;
  answer.leftMs = Math.min(stalledMs, answer.leftMs - (at - answer.lookedAt) + earnedMs);
  [answer.taken, answer.lookedAt] = [taken, at];
  return answer.leftMs < 0;
}

/** Breaks an answer off, so that nobody takes a part for the whole, also where an end is all that says how long it is. */
export function cutOff({ raw }: FastifyReply): void {
  raw.socket?.resetAndDestroy?.();
  raw.destroy();
}

// Pages that need no token.
const mostOfStranger = 64;

/** Refuses what a tenant, or an address without a token, asks for while ANSWER_LIMIT of its answers are being given: each holds memory until it is read. */
export function limitAnswers(app: FastifyInstance, { config }: { config: Config }): void {
  const open = new Map<number | string, number>();
  app.addHook('onRequest', (request, reply, done) => {
    const { asking, method, routeOptions } = request;
    const { takesRows, isEndless, isCounted = true } = routeOptions.config;
    // Rows that come in have limits of their own, and so have streams. Nobody is kept from ending a token by who has it.
    const isFree = method === 'DELETE' || takesRows || isEndless || !isCounted;
    if (asking?.role === 'operator' || isFree) return done();
    const who = asking?.tenantId ?? networkOf(request.ip);
    const limit = asking ? config.answerLimit : Math.min(config.answerLimit, mostOfStranger);
    const answers = open.get(who) ?? 0;
    if (answers >= limit) return done(new TooManyAnswers(limit));
    open.set(who, answers + 1);
    reply.raw.once('close', () => {
      const left = (open.get(who) ?? 1) - 1;
      if (left > 0) open.set(who, left);
      else open.delete(who);
    });
    done();
  });
}

/** An answer that a route writes by itself, piece by piece. */
export interface WrittenAnswer {
  /** Does nothing once the answer has ended. */
  write(text: string): void;
  end(): void;
}

// A client that does not read is let go: its backlog would grow without end.
const longestBacklogBytes = 1024 ** 2;

/** Begins an answer that is written piece by piece. */
export function beginAnswer(reply: FastifyReply, headers: OutgoingHttpHeaders): WrittenAnswer {
  const { raw } = reply;
  const isOver = () => raw.writableEnded || raw.destroyed;
  reply.hijack();
  if (!isOver()) raw.writeHead(200, headers);
  return {
    write(text) {
      if (isOver()) return;
      if (raw.writableLength > longestBacklogBytes) cutOff(reply);
      else raw.write(text);
    },
    end() {
      if (!isOver()) raw.end();
    },
  };
}
