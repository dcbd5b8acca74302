/** How a route answers: what OpenAPI says of it, and how what its handler gives goes out. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { Asker } from '../asker.ts';
import { type ErrorStatus, errorAnswers, toData, toDataList } from './answers.ts';

/** Whom an answer goes to. */
export interface Addressee {
  request: FastifyRequest;
  reply: FastifyReply;
  asker: Asker;
}

/** A kind of answer. */
export interface AnswerKind<Result> {
  status: 200 | 201;
  /** What OpenAPI says of it; nothing of a route that has errors alone. */
  says?: { description: string; content: object };
  /** Sends what the handler gave. */
  send(result: Result, addressee: Addressee): unknown;
}

/** `{ data }`. */
export const dataAnswer = <S extends TSchema>(schema: S, status: 200 | 201 = 200): AnswerKind<Static<S>> => ({
  status,
  says: asJson(toData(schema)),
  send: (data, { reply }) => {
    reply.code(status);
    return { data };
  },
});

/** `{ data: [...] }` of a list that is held as one. */
export const listAnswer = <S extends TSchema>(item: S): AnswerKind<readonly Static<S>[]> => ({
  ...dataAnswer(item),
  says: asJson(toDataList(item)),
});

/** What the handler gives, as it is; nothing when it writes by itself. */
export const plainAnswer = (says?: { description: string; content: object }): AnswerKind<unknown> => ({
  status: 200,
  ...(says && { says }),
  send: (result) => result,
});

/** What OpenAPI says of a JSON answer. */
export const asJson = (schema: TSchema) => ({
  description: 'The answer',
  content: { 'application/json': { schema } },
});

/** What OpenAPI says of an answer, and of the errors in its place. */
export function toResponses<Result>({ status, says }: AnswerKind<Result>, faults: readonly ErrorStatus[]): object {
  return { ...(says && { [status]: says }), ...errorAnswers(faults) };
}
