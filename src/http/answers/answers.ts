/** What answers look like as JSON: data, or an error. */
import { type Static, type TSchema, Type } from 'typebox';
import { closed, named } from '../../shapes.ts';

/** What every error answers with, as JSON. */
export const errorSchema = closed({
  message: Type.String({ description: 'What went wrong, and the remedy' }),
  code: Type.String({ pattern: '^[A-Z][A-Z_]*$', description: 'Stable name of the error' }),
  errors: Type.Optional(named(Type.Array(Type.String()), { description: 'With 422: each bad field and its faults' })),
});
/** What every error answers with. */
export type ErrorBody = Static<typeof errorSchema>;

const faults = {
  400: 'The body or its encoding can\u2019t be read',
  401: 'No valid token',
  403: 'The token may not do this',
  404: 'No such report, campaign or row',
  408: 'The body stopped coming',
  409: 'It can\u2019t be done as things stand: the message says why',
  413: 'The body is too large',
  415: 'The body is of no type that is read here',
  422: 'Bad parameters: all of them are named',
  429: 'Too many requests, or too much that waits; see Retry-After',
  503: 'The store is down, or the query went over its limits',
};
/** The status of an error. */
export type ErrorStatus = keyof typeof faults;

/** The errors of any route that takes no body. */
export const askingFaults = [401, 403, 404, 422, 429, 503] as const satisfies readonly ErrorStatus[];

/** The errors of any route that takes a body. */
export const sendingFaults = [400, 401, 403, 408, 413, 415, 422, 429, 503] as const satisfies readonly ErrorStatus[];

/** `{ data }`, as every answer but an error is. */
export const toData = <S extends TSchema>(data: S) => closed({ data });

/** `{ data: [...] }`. */
export const toDataList = <S extends TSchema>(item: S) => toData(Type.Array(item));

/** What OpenAPI says of the errors of a route. */
export function errorAnswers(codes: readonly ErrorStatus[]): object {
  return Object.fromEntries(codes.map((code) => [code, { description: faults[code], content: toJson(errorSchema) }]));
}

const toJson = (schema: TSchema) => ({ 'application/json': { schema } });
