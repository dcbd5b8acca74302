/** Answers that tell how far a long work is, line by line. */
import { type Static, type TSchema, Type } from 'typebox';
import { closed } from '../../shapes.ts';
import type { Addressee, AnswerKind } from './answer-kinds.ts';
import { errorSchema, toData } from './answers.ts';
import { toBody, toTold } from './error-reply.ts';
import { beginAnswer } from './open-answers.ts';

/** An error as the last line. */
const failureSchema = closed({ ...errorSchema.properties, status: Type.Integer() });

/** A work that says how far it is. */
export type Work<Step, Data> = (say: (step: Step) => void) => Promise<Data>;

/** One line of progress after another, and what the work gives, or its error, as the last one. */
export const progressAnswer = <S extends TSchema, D extends TSchema>(
  step: S,
  data: D,
): AnswerKind<Work<Static<S>, Static<D>>> => ({
  status: 200,
  says: {
    description: 'One line after another; the last has the data, or the error',
    content: { 'application/x-ndjson': { schema: Type.Union([step, toData(data), failureSchema]) } },
  },
  send: tellProgress,
});

async function tellProgress<Step, Data>(work: Work<Step, Data>, { request, reply }: Addressee): Promise<void> {
  const answer = beginAnswer(reply, { 'content-type': 'application/x-ndjson' });
  const say = (line: unknown) => answer.write(`${JSON.stringify(line)}\n`);
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
