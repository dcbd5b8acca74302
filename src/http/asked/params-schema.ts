/** Parameters as the JSON schemas that OpenAPI says of them. */
import { type TObject, type TSchema, Type } from 'typebox';
import { type Param, type Params, toQueryName } from '../../engine/params.ts';

/** Parameters as the JSON schema of a query string. */
export function toQuerySchema(params: Params): TObject {
  return toObject(Object.entries(params).map(([name, param]) => [toQueryName(name, param), param]));
}

/** Parameters as the JSON schema of a body. */
export function toBodySchema(params: Params): TObject {
  return toObject(Object.entries(params));
}

function toObject(params: [name: string, param: Param][]): TObject {
  return Type.Object(Object.fromEntries(params.map(([name, param]) => [name, toSchema(param)])));
}

function toSchema({ schema, about, example, required }: Param): TSchema {
  const described = { ...schema, description: about, ...(example !== undefined && { examples: [example] }) };
  return required ? described : Type.Optional(described);
}
