import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  DialtallyError,
  Internal,
  KeyInUse,
  NotFound,
  QueryCanceled,
  TooLarge,
  TooManyRequests,
  UnsupportedFormat,
} from '../errors.ts';

/** Makes every failure an answer of one shape: `{ message, code, errors? }`. What is ours to mend goes to the log. */
export function replyWithErrors(app: FastifyInstance): void {
  app.setErrorHandler(replyWithError);
  app.setNotFoundHandler((request) => {
    throw new NotFound(`There is nothing at ${request.method} ${request.url.split('?')[0]}.`);
  });
}

/** Answers with an error; also with one from before any route was found (Fastify's `frameworkErrors`). */
export function replyWithError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  // A query that ended with its token is told as a token that has ended.
  const why = error instanceof QueryCanceled ? request.gone?.reason : undefined;
  const told = toTold(why ?? error);
  if (told.status >= 500) request.log.error({ err: error }, told.message);
  if (told instanceof KeyInUse || told.status === 429 || told.status === 503) reply.header('retry-after', '1');
  if (told.status === 401) reply.header('www-authenticate', 'Bearer');
  // The client is gone: nobody reads this.
  if (told instanceof QueryCanceled && reply.raw.destroyed) return reply.hijack();
  return reply
    .code(told.status)
    .type('application/json; charset=utf-8')
    .send({
      message: told.message,
      code: told.code,
      ...('errors' in told && { errors: told.errors }),
    });
}

/** Answers what is no HTTP request at all, or one with too long a head, on its bare socket. */
export function refuseBroken(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error);
  const [status, message] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [
          '431 Request Header Fields Too Large',
          'The address and headers of the request are too long. Ask for less at once.',
        ]
      : ['400 Bad Request', 'This is no HTTP request that can be read.'];
  const body = JSON.stringify({ message, code: 'BAD_REQUEST' });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** An error as it is told: ours as they are, those of the HTTP layer in our words, any other as a fault of ours. */
export function toTold(error: unknown): DialtallyError {
  if (error instanceof DialtallyError) return error;
  const { statusCode, code } = error as { statusCode?: number; code?: string };
  if (statusCode === 413) return new TooLarge('The body is too large.');
  if (statusCode === 415) return new UnsupportedFormat('This content type is not read here.');
  if (statusCode === 429) return new TooManyRequests(0);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const body = code?.startsWith('FST_ERR_CTP') ? 'The body is not valid JSON.' : 'The request could not be read.';
    return new DialtallyError('BAD_REQUEST', statusCode, body);
  }
  return new Internal({ cause: error });
}
