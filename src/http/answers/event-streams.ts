/** Answers without an end: server-sent events, with a limit for each tenant, and beats between them. */
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Config } from '../../config.ts';
import { TooManyStreams } from '../../errors.ts';
import type { Asker } from '../asker.ts';
import { beginAnswer } from './open-answers.ts';

// Whoever listens knows within some seconds that nobody talks any more.
const beatMs = 5000;

/** Something that is told again and again. */
export interface Telling {
  /** Tells the text of one event's data. Its first time begins the stream. */
  onText(text: string): void;
  /** What goes wrong before the first text is the answer instead of a stream. */
  onError(error: unknown): void;
}

/** The streams of one server. */
export interface EventStreams {
  /**
   * Answers with a stream that begins with its first text: what fails before that is an error as any other. `listen` gives what ends
   * its telling. Throws TooManyStreams.
   */
  answer(
    asker: Pick<Asker, 'tenantId' | 'gone'>,
    reply: FastifyReply,
    listen: (telling: Telling) => () => void,
  ): Promise<void>;
  /** Ends all of them, so that a server which stops need not wait for their ends. */
  close(): void;
}

/** Opens the streams of one server. */
export function openEventStreams({ streamLimit }: Pick<Config, 'streamLimit'>): EventStreams {
  const open = new Map<number, Set<FastifyReply>>();
  return {
    async answer({ tenantId, gone }, reply, listen) {
      const streams = open.get(tenantId) ?? new Set();
      if (streams.size >= streamLimit) throw new TooManyStreams(streamLimit);
      open.set(tenantId, streams.add(reply));
      const endings: (() => void)[] = [() => streams.delete(reply)];
      const endAll = () => {
        for (const end of endings.splice(0)) end();
        if (streams.size === 0 && open.get(tenantId) === streams) open.delete(tenantId);
      };
      reply.raw.once('close', endAll);

      let say = (text: string): void => void early.push(text);
      const early: string[] = [];
      await new Promise<void>((resolve, reject) => {
        const onText = (text: string) => {
          say(`data: ${text}\n\n`);
          resolve();
        };
        // Whoever leaves meanwhile waits for nothing.
        endings.push(resolve);
        endings.push(listen({ onText, onError: reject }));
      }).catch((error: unknown) => {
        endAll();
        throw error;
      });
      gone.throwIfAborted();

      const answer = beginAnswer(reply, {
        ...(reply.getHeaders() as OutgoingHttpHeaders),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        // So that a server which stops need not wait for what would have come after the stream.
        connection: 'close',
      });
      say = answer.write;
      say(`retry: 2000\n\n${early.join('')}`);
      // A token that ended ends its streams.
      gone.addEventListener('abort', answer.end, { once: true });
      const beat = setInterval(() => say(': still here\n\n'), beatMs).unref();
      endings.push(() => clearInterval(beat));
    },
    close() {
      for (const streams of open.values()) for (const { raw } of streams) if (raw.headersSent) raw.end();
    },
  };
}
