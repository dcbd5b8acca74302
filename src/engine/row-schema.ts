/** The JSON schemas of columns: whatever has rows of them says so from one place. */
import { type TProperties, type TSchema, Type } from 'typebox';
import { closed } from '../shapes.ts';
import { kindOf } from './column-kinds.ts';
import type { Columns } from './columns.ts';

/** A row of these columns. */
export const toRowSchema = (columns: Columns): TSchema => closed(toProperties(columns));

/** The values of columns, by their names: all of them, or those that are named. */
export function toProperties(columns: Columns, names: readonly string[] = Object.keys(columns)): TProperties {
  return Object.fromEntries(
    names.map((name) => {
      const column = columns[name]!;
      return [name, Type.Unsafe({ ...kindOf(column).schema(column), description: column.meaning })];
    }),
  );
}
