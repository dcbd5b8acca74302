/** A route as it is declared: who may ask what, and what the answer is. All that Fastify and OpenAPI are told is made from that. */
import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import type { Permission } from '../access/roles.ts';
import type { RawParams } from '../engine/params.ts';
import { type AnswerKind, toResponses } from './answers/answer-kinds.ts';
import { askingFaults, type ErrorStatus, sendingFaults } from './answers/answers.ts';
import type { ComingBody, Input } from './asked/input.ts';
import type { Asker, AskerOf } from './asker.ts';

declare module 'fastify' {
  interface FastifyContextConfig extends Terms {}
}

/** On which terms a route may be asked. */
export interface Terms {
  /** What the token must be allowed, all of it where it is more than one thing; null: no token is asked for. */
  permission?: Permission | readonly Permission[] | 'any' | null;
  /** Rows come one by one: it may be asked for more often. */
  takesRows?: true;
  /** False: it may be asked for at any rate. */
  isCounted?: false;
  /** Its answers have no end, and a limit of their own. */
  isEndless?: true;
  /** A link's token may ask it, as no other. */
  signsIn?: true;
}

/** What a handler is given: everything read, and nothing left to check. */
export interface AskedRoute<Path extends string, Query, Body> {
  query: Query;
  body: Body;
  /** The parts of the path that have names, as text. */
  path: Record<PathNames<Path>, string>;
  /** The instant at which the request was read, in epoch milliseconds. */
  now: number;
  asker: Asker;
  /** For what reads a body as it comes, or writes its answer by itself. */
  request: FastifyRequest;
  reply: FastifyReply;
}

type PathNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathNames<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** A route as its author writes it. */
export interface RouteDeclaration<Path extends string, Query, Body, Result> extends Terms {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: Path;
  permission: NonNullable<Terms['permission']> | null;
  /** What OpenAPI says of it; a route without is left out there. */
  about?: { tags: readonly string[]; operationId: string; summary: string; description?: string };
  query?: Input<RawParams, Query>;
  body?: Input<unknown, Body> | ComingBody;
  /** What OpenAPI says of its headers. */
  headers?: object;
  answer: AnswerKind<Result>;
  /** The errors that it may answer with; when not given, those of any route with a body, or of any without. */
  faults?: readonly ErrorStatus[];
  handler(asked: AskedRoute<Path, Query, Body>): Result | Promise<Result>;
}

/** What answering any route takes. */
export interface RouteServices {
  /** Epoch milliseconds. */
  now: () => number;
  askerOf: AskerOf;
}

/** A route as it is served. */
export interface Route extends Pick<RouteDeclaration<string, unknown, unknown, never>, 'method' | 'path'> {
  terms: Terms;
  schema: FastifySchema;
  /** Its body, where that is handed over as it comes. */
  coming: ComingBody | undefined;
  respond(request: FastifyRequest, reply: FastifyReply, services: RouteServices): Promise<unknown>;
}

/** Declares a route. */
export function defineRoute<const Path extends string, Query, Body, Result>(
  declared: RouteDeclaration<Path, Query, Body, Result>,
): Route {
  const { method, path, permission, takesRows, isCounted, isEndless, signsIn, query, body, answer } = declared;
  const coming = body && 'isComing' in body ? body : undefined;
  const readable = body && 'read' in body ? body : undefined;
  return {
    method,
    path,
    terms: {
      permission,
      ...(takesRows && { takesRows }),
      ...(isCounted === false && { isCounted }),
      ...(isEndless && { isEndless }),
      ...(signsIn && { signsIn }),
    },
    schema: toSchema(declared),
    coming,
    async respond(request, reply, { now, askerOf }) {
      const context = { now: now() };
      const asked: AskedRoute<Path, Query, Body> = {
        query: query?.read(request.query as RawParams, context) as Query,
        body: readable?.read(request.body, context) as Body,
        path: request.params as AskedRoute<Path, Query, Body>['path'],
        now: context.now,
        // Not of a route that asks for no token.
        get asker() {
          return askerOf(request);
        },
        request,
        reply,
      };
      return answer.send(await declared.handler(asked), asked);
    },
  };
}

function toSchema<Path extends string, Query, Body, Result>({
  permission,
  about,
  query,
  body,
  headers,
  answer,
  faults = body ? sendingFaults : askingFaults,
}: RouteDeclaration<Path, Query, Body, Result>): FastifySchema {
  return {
    ...(about ?? { hide: true }),
    ...(permission === null && { security: [] }),
    ...(query && { querystring: query.schema }),
    ...(body?.schema && { body: body.schema }),
    ...(headers && { headers }),
    response: toResponses(answer, faults),
  };
}
