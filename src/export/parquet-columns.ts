/** Columns as a Parquet file declares them, and their values as its writer takes them. */
import type { SchemaElement } from 'hyparquet';
import { kindOf, type ParquetType } from '../engine/column-kinds.ts';
import type { Column, Columns } from '../engine/columns.ts';

// The most digits that 64 bits hold whatever they are.
const precision = 18;

/** The schema of a file of such rows. */
export function toParquetSchema(columns: Columns): SchemaElement[] {
  const fields = Object.entries(columns);
  return [
    { name: 'rows', num_children: fields.length },
    ...fields.flatMap(([name, column]) => toElements(name, column)),
  ];
}

/** The values of one column. */
export function toParquetValues(column: Column, values: readonly unknown[]): unknown[] {
  const toValue = valueMaker(column);
  return values.map((value) => (value === null ? null : toValue(value)));
}

/** A column, and behind it those that it is made of. */
function toElements(name: string, column: Column): SchemaElement[] {
  const type = kindOf(column).parquet(column);
  const repetition_type = 'nullable' in column && column.nullable ? 'OPTIONAL' : 'REQUIRED';
  if (type !== 'LIST') return [{ name, repetition_type, ...toElement(type) }];
  const fields = Object.entries(partOf(column));
  return [
    { name, repetition_type, converted_type: 'LIST', logical_type: { type: 'LIST' }, num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'REQUIRED', num_children: fields.length },
    ...fields.flatMap(([field, its]) => toElements(field, its)),
  ];
}

/** Both ways to say a type: readers of today know the logical one, older ones the converted. */
function toElement(type: Exclude<ParquetType, 'LIST'>): Omit<SchemaElement, 'name'> {
  if (typeof type === 'object') {
    const digits = { scale: type.decimals, precision };
    return { type: 'INT64', converted_type: 'DECIMAL', ...digits, logical_type: { type: 'DECIMAL', ...digits } };
  }
  if (type === 'STRING') return { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
  if (type !== 'TIMESTAMP') return { type };
  return {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  };
}

/** What makes a value of a column. */
function valueMaker(column: Column): (value: unknown) => unknown {
  const type = kindOf(column).parquet(column);
  if (type === 'INT64') return (value) => BigInt(value as number);
  if (type === 'TIMESTAMP') return (value) => BigInt(Date.parse(value as string));
  // Its digits without the point: through a number, some would change.
  if (typeof type === 'object') return (value) => BigInt((value as string).replace('.', ''));
  if (type !== 'LIST') return (value) => value;
  const fields = Object.entries(partOf(column)).map(([name, its]) => [name, valueMaker(its)] as const);
  return (rows) =>
    (rows as readonly Record<string, unknown>[]).map((row) =>
      Object.fromEntries(fields.map(([name, toValue]) => [name, toValue(row[name])])),
    );
}

function partOf(column: Column): Columns {
  const { part } = kindOf(column);
  if (!part) throw new TypeError(`${column.kind} is no list of rows`);
  return part.columns;
}
