import type { Column, Columns } from './columns.ts';
import type { Report } from './report.ts';

/** A JSON schema (2020-12), as OpenAPI 3.1 uses it. */
export type JsonSchema = Record<string, unknown>;

const reasonSchema: JsonSchema = {
  type: 'object',
  required: ['code', 'value', 'limit', 'sample'],
  additionalProperties: false,
  properties: {
    code: { type: 'string' },
    value: { type: 'number' },
    limit: { type: 'number' },
    sample: { type: 'integer', minimum: 0 },
  },
};

/** What JSON holds for a column. */
export function toSchema(column: Column): JsonSchema {
  const description = column.meaning;
  switch (column.kind) {
    case 'integer':
      return { type: 'integer', minimum: 0, description };
    case 'number':
      return { type: 'number', minimum: 0, ...(column.max !== undefined && { maximum: column.max }), description };
    case 'decimal':
      return { type: 'string', pattern: column.digits > 0 ? `^\\d+\\.\\d{${column.digits}}$` : '^\\d+$', description };
    case 'choice':
      return { type: 'string', enum: [...column.choices], description };
    case 'color':
      return { type: 'string', pattern: '^#[0-9A-Fa-f]{6}$', description };
    case 'flag':
      return { type: 'boolean', description };
    case 'instant':
      return { type: 'nullable' in column ? ['string', 'null'] : 'string', format: 'date-time', description };
    case 'reasons':
      return { type: 'array', items: reasonSchema, description };
    case 'text':
      return { type: 'nullable' in column ? ['string', 'null'] : 'string', description };
  }
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
  const extras = Object.entries(report.extras ?? {}).map(([name, { meaning, columns }]) => [
    name,
    { type: 'array', items: toRowSchema(columns), description: meaning },
  ]);
  const withExtras = (properties: object) => ({ ...properties, ...Object.fromEntries(extras) });
  const flat = toRowSchema(report.columns);
  const row = { ...flat, properties: withExtras(flat.properties as object) };
  const data =
    report.over === 'now'
      ? {
          type: 'object',
          required: ['current', 'breaches'],
          additionalProperties: false,
          properties: withExtras({
            current: flat,
            breaches: { type: 'array', items: toRowSchema(report.breachColumns) },
          }),
        }
      : report.rows === 'one'
        ? row
        : { type: 'array', items: row };
  return { type: 'object', required: ['data'], additionalProperties: false, properties: { data } };
}
