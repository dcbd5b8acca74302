import type { FastifyReply, FastifyRequest } from 'fastify';
import { toBody, toTold } from './error-reply.ts';
import { beginAnswer } from './open-answers.ts';

/** Answers with one line of progress after another, and with what the work gives, or its error, as the last one. */
export async function tellProgress(
  request: FastifyRequest,
  reply: FastifyReply,
  work: (say: (line: object) => void) => Promise<unknown>,
): Promise<void> {
  const answer = beginAnswer(reply, { 'content-type': 'application/x-ndjson' });
  const say = (line: object) => answer.write(`${JSON.stringify(line)}\n`);
  try {
    say({ data: await work(say) });
  } catch (error) {
    const told = toTold(error);
    if (told.status >= 500) request.log.error({ err: error }, told.message);
    else request.log.info({ code: told.code }, told.message);
    say({ ...toBody(told), status: told.status });
  }
  answer.end();
}
