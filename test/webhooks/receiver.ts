import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One message as it arrived. */
export interface Received {
  path: string;
  eventId: string;
  event: string;
  body: Record<string, unknown>;
  signature: string;
  text: string;
}

/** Somebody who is told of alerts, and behaves as the story says. */
export interface Receiver {
  url: string;
  received: Received[];
  /** How the next messages are answered: a status, or never. */
  behave(how: (response: ServerResponse, request: IncomingMessage) => void): void;
  close(): Promise<void>;
}

/** Opens a receiver on 127.0.0.1. It answers 204 until told otherwise. */
export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const ok = (response: ServerResponse) => void response.writeHead(204).end();
  let answer: Parameters<Receiver['behave']>[0] = ok;
  const server = createServer(async (request, response) => {
    const raw = await text(request);
    const body = JSON.parse(raw) as Record<string, unknown>;
    received.push({
      path: request.url ?? '',
      eventId: String(request.headers['dialtally-event']),
      event: String(body.event),
      body,
      signature: String(request.headers['dialtally-signature']),
      text: raw,
    });
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    behave(how) {
      answer = how;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Whether a message carries the signature that its secret makes: what a receiver has to check. */
export function isSigned({ signature, text: body }: Received, secret: string): boolean {
  const [, seconds, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
  return mac === createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
}
