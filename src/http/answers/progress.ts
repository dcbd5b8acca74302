import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { closed } from '../../shapes.ts';
import { type ErrorStatus, errorAnswers, errorSchema, sendingFaults, toData } from './answers.ts';
import { toBody, toTold } from './error-reply.ts';
import { beginAnswer } from './open-answers.ts';

/** An error as the last line. */
const failureSchema = closed({ ...errorSchema.properties, status: Type.Integer() });

/** What OpenAPI says of progress, line by line: its steps, then what the work gave. */
export function toProgress(step: TSchema, data: TSchema, codes: readonly ErrorStatus[] = sendingFaults): object {
  const schema = Type.Union([step, toData(data), failureSchema]);
  const content = { 'application/x-ndjson': { schema } };
  return {
    200: { description: 'One line after another; the last has the data, or the error', content },
    ...errorAnswers(codes),
  };
}

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
    say({ ...toBody(told, request), status: told.status });
  }
  answer.end();
}
