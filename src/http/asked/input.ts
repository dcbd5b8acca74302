/** What a route reads of a request: as OpenAPI says it, and as it is read. */
import type { TSchema } from 'typebox';
import { type Params, type ParamValues, type RawParams, type ReadContext, readParams } from '../../engine/params.ts';
import type { ParamFault } from '../../faults.ts';
import { readBodyParams } from './body-params.ts';
import { toBodySchema, toQuerySchema } from './params-schema.ts';

/** Something of a request that a route reads: its query string, or its body. */
export interface Input<Raw, Value> {
  /** What OpenAPI says of it. */
  schema: TSchema;
  /** Reads it. Throws InvalidParams, naming every bad field at once. */
  read(raw: Raw, context: ReadContext): Value;
}

type Check<P extends Params> = (values: Partial<ParamValues<P>>, faults: ParamFault[]) => void;

/** Parameters in the query string. `check` looks at what they are together. */
export const queryOf = <P extends Params>(params: P, check?: Check<P>): Input<RawParams, ParamValues<P>> => ({
  schema: toQuerySchema(params),
  read: (raw, context) => readParams(params, raw, context, check),
});

/** Parameters in a JSON body. `check` looks at what they are together. */
export const bodyOf = <P extends Params>(params: P, check?: Check<P>): Input<unknown, ParamValues<P>> => ({
  schema: toBodySchema(params),
  read: (body, context) => readBodyParams(params, body, context, check),
});

/** A body that is handed over as it comes, for it may be larger than memory. */
export interface ComingBody {
  isComing: true;
  /** What OpenAPI says of it. */
  schema?: object;
  limitBytes?: number;
}
