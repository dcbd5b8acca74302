import type { Column, Columns } from './columns.ts';
import { kindOf } from './kinds.ts';
import { type Part, partsOf, type Report } from './report.ts';

/** A JSON schema (2020-12), as OpenAPI 3.1 uses it. */
export type JsonSchema = Record<string, unknown>;

/** What JSON holds for a column. */
export function toSchema(column: Column): JsonSchema {
  return { ...kindOf(column).schema(column), description: column.meaning };
}

/** What JSON holds for a row of these columns. */
export function toRowSchema(columns: Columns): JsonSchema {
  return {
    type: 'object',
    required: Object.keys(columns),
    additionalProperties: false,
    properties: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, toSchema(column)])),
  };
}

/** What a report answers with. */
export function toResponseSchema(report: Report): JsonSchema {
  const [main, ...others] = partsOf(report);
  const beside = others.filter(({ name }) => !Object.hasOwn(main.columns, name));
  const listsOf = (owner: Part['of']) => beside.filter(({ of }) => of === owner);
  const row = withParts(toRowSchema(main.columns), listsOf('row'));
  const own: JsonSchema = main.rows === 'one' ? row : { type: 'array', items: row };
  const data =
    report.main === undefined
      ? own
      : withParts(
          { type: 'object', required: [main.name], additionalProperties: false, properties: { [main.name]: own } },
          listsOf('answer'),
        );
  return { type: 'object', required: ['data'], additionalProperties: false, properties: { data } };
}

/** An object with lists beside its properties; those that a parameter asks for may be missing. */
function withParts(object: JsonSchema, parts: readonly Part[]): JsonSchema {
  const always = parts.filter(({ asked }) => asked === undefined).map(({ name }) => name);
  const lists = parts.map(({ name, about, columns }) => [
    name,
    { type: 'array', items: toRowSchema(columns), description: about },
  ]);
  return {
    ...object,
    required: [...(object.required as string[]), ...always],
    properties: { ...(object.properties as object), ...Object.fromEntries(lists) },
  };
}
