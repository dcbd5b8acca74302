import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toBody, toTold } from './error-reply.ts';

/** Answers with one line of progress after another, and with what the work gives, or its error, as the last one. */
export async function tellProgress(
  request: FastifyRequest,
  reply: FastifyReply,
  work: (say: (line: object) => void) => Promise<unknown>,
): Promise<void> {
  reply.hijack();
  const say = (line: object) => void reply.raw.write(`${JSON.stringify(line)}\n`);
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as OutgoingHttpHeaders),
    'content-type': 'application/x-ndjson',
  });
  try {
    say({ data: await work(say) });
  } catch (error) {
    const told = toTold(error);
    if (told.status >= 500) request.log.error({ err: error }, told.message);
    else request.log.info({ code: told.code }, told.message);
    say({ ...toBody(told), status: told.status });
  }
  reply.raw.end();
}
