/** One request to a webhook: signed, sent to an address that may be called, and its answer. */
import { createHmac } from 'node:crypto';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type AddressRule, addressOf, ForbiddenAddress } from './addresses.ts';

/** A message for a webhook. */
export interface Message {
  url: string;
  secret: string;
  eventId: string;
  body: string;
  /** The present, in epoch milliseconds. */
  now: number;
}

/** What came of it: the receiver's status, or 0 and the reason why there was none. */
export interface Reply {
  status: number;
  reason: string;
  /** Nobody was called: how long that took tells nothing of anybody. */
  wasRefused?: true;
}

/** The signature of a body: `t=<seconds>,v1=<hex of HMAC-SHA256 over "<seconds>.<body>">`. */
export function signatureOf({ secret, body, now }: Pick<Message, 'secret' | 'body' | 'now'>): string {
  const seconds = Math.floor(now / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** Sends a message once. Redirects are not followed, and addresses that `rule` refuses are not called. Never throws. */
export async function post(message: Message, rule: AddressRule, timeoutMs = 10_000): Promise<Reply> {
  try {
    const response = await exchange(new URL(message.url), message, rule, AbortSignal.timeout(timeoutMs));
    const status = response.statusCode ?? 0;
    const to = response.headers.location;
    // What it says beside its status is of no interest: closing the connection spares reading it.
    response.destroy();
    if (status >= 300 && status < 400)
      return { status, reason: `redirects are not followed (to ${String(to).slice(0, 200)})` };
    return { status, reason: status >= 200 && status < 300 ? '' : `answered ${status}` };
  } catch (error) {
    if (error instanceof ForbiddenAddress) return { status: 0, reason: error.message, wasRefused: true };
    return { status: 0, reason: toReason(error, timeoutMs) };
  }
}

function exchange(url: URL, { secret, body, eventId, now }: Message, rule: AddressRule, signal: AbortSignal) {
  const address = addressOf(url);
  return new Promise<IncomingMessage>((resolve, reject) => {
    // An address needs no look-up, so it is judged here.
    if (address !== undefined && !rule.allows(address)) throw new ForbiddenAddress(address);
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method: 'POST',
      agent: false,
      lookup: rule.lookup,
      signal,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Dialtally',
        'dialtally-event': eventId,
        'dialtally-signature': signatureOf({ secret, body, now }),
      },
    });
    request.once('response', resolve);
    request.on('error', reject);
    request.end(body);
  });
}

function toReason(error: unknown, timeoutMs: number): string {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  // OpenSSL's words end with a place in its source.
  const tls = /SSL routines:[^:]*:([^:]+)/.exec(message)?.[1];
  if (tls) return `TLS failed: ${tls}`;
  return code === undefined ? message.slice(0, 200) : `${code}: ${message.slice(0, 200)}`;
}
