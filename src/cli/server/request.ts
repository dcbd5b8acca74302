/** Asks a server over HTTP, and makes errors of its answers again. */
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { DialtallyError, InvalidParams } from '../../errors.ts';
import { type FieldErrors, isParamFault } from '../../faults.ts';
import { faultsHeader } from '../../http/answers/error-reply.ts';
import { tenantHeader } from '../../http/guards/auth.ts';

/** A server, and what opens it. */
export interface Address {
  url: string;
  token: string;
}

/** One request to a server. */
export interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  query?: readonly (readonly [name: string, value: string])[];
  /** Whose rows; only the local key may choose. */
  tenantId?: number | undefined;
  json?: object;
  /** A body that is sent as it is read. */
  stream?: { from: Readable; type: string; bytes: number };
  /** Gives up when no answer has begun by then. */
  timeoutMs?: number;
}

/** The answer to a request, its body still to be read. Throws what the server says went wrong. */
export async function send({ url, token }: Address, ask: Ask): Promise<IncomingMessage> {
  const address = new URL(`${url.replace(/\/+$/, '')}${ask.path}`);
  for (const [name, value] of ask.query ?? []) address.searchParams.append(name, value);
  const json = ask.json && JSON.stringify(ask.json);
  const headers = {
    authorization: `Bearer ${token}`,
    [faultsHeader]: 'data',
    ...(ask.tenantId !== undefined && { [tenantHeader]: String(ask.tenantId) }),
    ...(json && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }),
    ...(ask.stream && { 'content-type': ask.stream.type, 'content-length': ask.stream.bytes }),
  };
  const response = await exchange(address, ask, headers, json);
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return response;
  throw toError(status, await text(response), url);
}

/** The body of an answer as text. */
export async function askText(to: Address, ask: Ask): Promise<string> {
  return text(await send(to, ask));
}

/** The `data` of a JSON answer. */
export async function askData<Data>(to: Address, ask: Ask): Promise<Data> {
  return (JSON.parse(await askText(to, ask)) as { data: Data }).data;
}

/** An error as a server tells it: its whole answer, or the last line of progress. */
interface Told {
  message: string;
  code: string;
  errors?: FieldErrors;
  faults?: unknown;
}

/**
 * The `data` at the end of an answer that tells its progress line by line; each line before it goes to `onLine`. Throws
 * what went wrong, and `stopped` as the message when the answer ends without either.
 */
export async function askProgress<Data, Line>(
  to: Address,
  ask: Ask,
  { onLine, stopped }: { onLine: (line: Line) => void; stopped: string },
): Promise<Data> {
  for await (const text of createInterface({ input: await send(to, ask) })) {
    const line = JSON.parse(text) as Line | { data: Data } | (Told & { status: number });
    if ('data' in (line as object)) return (line as { data: Data }).data;
    if ('message' in (line as object)) throw toTold(line as Told, (line as { status: number }).status);
    onLine(line as Line);
  }
  throw new DialtallyError('SERVER_UNREACHABLE', 503, stopped);
}

// `fetch` gives up after five minutes without an answer: an import or a purge may take longer.
function exchange(address: URL, ask: Ask, headers: Record<string, string | number>, json: string | undefined) {
  const request = address.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request(address, { method: ask.method ?? 'GET', headers, agent: false });
    const signal = ask.timeoutMs === undefined ? undefined : AbortSignal.timeout(ask.timeoutMs);
    signal?.addEventListener('abort', () => outgoing.destroy(new Error('it took too long')), { once: true });
    outgoing.once('response', resolve);
    outgoing.once('error', (error) => reject(toUnreachable(error, address.origin)));
    // An answer that comes before the whole body was sent says why it was not wanted.
    if (ask.stream) pipeline(ask.stream.from, outgoing).catch((error) => reject(toUnreachable(error, address.origin)));
    else outgoing.end(json);
  });
}

function toUnreachable(error: Error & { code?: string }, origin: string): DialtallyError {
  return new DialtallyError(
    'SERVER_UNREACHABLE',
    503,
    `${origin} does not answer (${error.code ?? error.message}). Is the server running, and is the address right?`,
    { cause: error },
  );
}

function toError(status: number, body: string, url: string): DialtallyError {
  try {
    const told = JSON.parse(body) as Partial<Told>;
    if (told.message && told.code) return toTold(told as Told, status);
  } catch {
    // Not ours: a proxy's page, perhaps.
  }
  return new DialtallyError('UNEXPECTED_ANSWER', 502, `${url} answered ${status}, not as a Dialtally server does.`);
}

/** A server of another version may name faults that there are no words for here: its sentences are told then, each with its option. */
function toTold({ message, code, errors, faults }: Told, status: number): DialtallyError {
  if (code !== 'INVALID_PARAMS' || !errors) return new DialtallyError(code, status, message);
  if (Array.isArray(faults) && faults.length > 0 && faults.every(isParamFault)) return new InvalidParams(faults);
  const told = Object.entries(errors).flatMap(([field, sentences]) =>
    sentences.map((sentence) => ({ id: 'told' as const, field, sentence })),
  );
  return new InvalidParams(told);
}
