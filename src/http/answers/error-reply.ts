/** How failures are answered, whatever failed and however early: in one shape, with faults of ours left to the log. */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { shorten } from '../../document/short.ts';
import {
  DialtallyError,
  Internal,
  InvalidParams,
  KeyInUse,
  NotFound,
  QueryCanceled,
  StoreFull,
  TooLarge,
  TooManyRequests,
  UnsupportedFormat,
} from '../../errors.ts';
import type { FieldErrors, ParamFault } from '../../faults.ts';
import { isFull } from '../../store/failures.ts';
import { plainHeaders } from '../guards/headers.ts';
import type { ErrorBody } from './answers.ts';

/** The header with which a client says that it words faults by itself (`data`): it gets them beside the sentences. */
export const faultsHeader = 'dialtally-faults';

/** Makes every failure an answer of one shape: `{ message, code, errors? }`. What is ours to mend goes to the log. */
export function replyWithErrors(app: FastifyInstance): void {
  app.setErrorHandler(replyWithError);
  app.setNotFoundHandler((request) => {
    throw nothingAt(request);
  });
}

/** The error of an address that nothing is at. */
export const nothingAt = ({ method, url }: FastifyRequest) =>
  new NotFound(`There is nothing at ${method} ${url.split('?')[0]}.`);

/** Answers with an error; also with one from before any route was found (Fastify's `frameworkErrors`). */
export function replyWithError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  // A query that ended with its token is told as a token that has ended.
  const isGone = request.gone?.aborted && (error as { code?: string }).code === 'ERR_STREAM_PREMATURE_CLOSE';
  const why = isGone || error instanceof QueryCanceled ? request.gone?.reason : undefined;
  const told = toTold(why ?? error);
  // That there is no room or no place just now is no fault of ours; without a cause, it was we who said so.
  if (told.status === 503 && told.cause === undefined) request.log.warn({ code: told.code }, told.message);
  else if (told.status >= 500) request.log.error({ err: error }, told.message);
  // What failed before any route was found has not been given them.
  if (!reply.hasHeader('cache-control')) reply.headers(plainHeaders);
  if (told instanceof TooManyRequests) reply.header('retry-after', String(told.retryAfterSec));
  else if (told instanceof KeyInUse || told.status === 429 || told.status === 503) reply.header('retry-after', '1');
  if (told.status === 401) reply.header('www-authenticate', 'Bearer');
  // The client is gone: nobody reads this.
  if (told instanceof QueryCanceled && reply.raw.destroyed) return reply.hijack();
  return reply.code(told.status).type('application/json; charset=utf-8').send(toBody(told, request));
}

// Of an answer's characters: what is said of bad input is short, however large the input was.
const [longestMessage, longestSentence, longestField, mostInErrors] = [4000, 1000, 200, 8000];

/** What is told of an error: `{ message, code, errors? }`, a few kilobytes at most; also `faults` to whoever asked for them. */
export function toBody(
  told: DialtallyError,
  { headers }: FastifyRequest,
): ErrorBody & { faults?: readonly ParamFault[] } {
  const body = { message: shorten(told.message, longestMessage), code: told.code };
  if (!('errors' in told)) return body;
  const errors = bounded(told.errors as FieldErrors);
  const isData = told instanceof InvalidParams && headers[faultsHeader] === 'data' && isShort(told.faults);
  return { ...body, errors, ...(isData && { faults: told.faults }) };
}

/** Whether faults can be told as they are. Too many are told by their sentences alone, which can be cut. */
const isShort = (faults: readonly ParamFault[]) => JSON.stringify(faults).length <= mostInErrors;

function bounded(errors: FieldErrors): FieldErrors {
  const fields = Object.entries(errors);
  const told: [field: string, sentences: string[]][] = [];
  let length = 0;
  for (const [field, sentences] of fields) {
    const shown = sentences.slice(0, 10).map((sentence) => shorten(sentence, longestSentence));
    const name = shorten(field, longestField);
    length += shown.reduce((sum, sentence) => sum + sentence.length, name.length);
    if (length > mostInErrors && told.length > 0) {
      told.push(['(more)', [`There are ${fields.length - told.length} more. Mend these first.`]]);
      break;
    }
    told.push([name, shown]);
  }
  return Object.fromEntries(told);
}

/** Answers what is no HTTP request at all, or one with too long a head, on its bare socket. */
export function refuseBroken(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error);
  const [status, message] = brokenness[error.code ?? ''] ?? [
    '400 Bad Request',
    'This is no HTTP request that can be read.',
  ];
  refuseOn(socket, status, message);
}

/** Answers requests that no route can be asked for: `CONNECT`, and an expectation other than 100-continue. */
export function refuseUnheard(server: Server): void {
  server.on('connect', ({ method }: IncomingMessage, socket: Socket) =>
    refuseOn(
      socket.on('error', () => {}),
      '405 Method Not Allowed',
      `${method} is not answered here.`,
    ),
  );
  server.on('checkExpectation', ({ socket }: IncomingMessage) =>
    refuseOn(socket, '417 Expectation Failed', 'Of all that Expect may say, 100-continue alone is met here.'),
  );
}

/** Says no on a bare socket, and hangs up. */
function refuseOn(socket: Socket, status: string, message: string): void {
  const body = JSON.stringify({ message, code: 'BAD_REQUEST' });
  const head = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    ...plainHeaders,
    Connection: 'close',
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`);
  // It may never hang up by itself.
  setTimeout(() => socket.destroy(), hangUpMs).unref();
}

const hangUpMs = 1000;
const brokenness: Record<string, [status: string, message: string]> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'The address and headers of the request are too long. Ask for less at once.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The head of the request did not come in time.'],
};

/** An error as it is told: ours as they are, those of the HTTP layer in our words, any other as a fault of ours. */
export function toTold(error: unknown): DialtallyError {
  if (error instanceof DialtallyError) return error;
  if (isFull(error)) return new StoreFull(undefined, { cause: error });
  const { statusCode, code } = error as { statusCode?: number; code?: string };
  if (statusCode === 413) return new TooLarge('The body is too large.');
  if (statusCode === 415) return new UnsupportedFormat('This content type is not read here.');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const body = code?.startsWith('FST_ERR_CTP') ? 'The body is not valid JSON.' : 'The request could not be read.';
    return new DialtallyError('BAD_REQUEST', statusCode, body);
  }
  return new Internal({ cause: error });
}
