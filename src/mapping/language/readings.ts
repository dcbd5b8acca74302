/** Our columns as a mapping fills them, and how each is read. */
import { type NameKind, nameKinds } from '../../ingest/names.ts';
import { type TableColumn, type TableName, tables, updatedAt } from '../../tables.ts';
import type { ColumnRule, ReadAs } from './rule.ts';

/** The columns of a table, `updated_at` included. */
export function columnsOfTable(table: TableName): Record<string, TableColumn> {
  return { ...tables[table].columns, updated_at: updatedAt };
}

/** What names stand for in a column of ours: only ids of these kinds are given out. */
export function kindOfName(column: string): NameKind | undefined {
  return nameKinds.find((kind) => column === `${kind}_id`);
}

/** How a column is read when its rule does not say. */
export function readingOf(rule: ColumnRule, column: TableColumn): ReadAs {
  if (rule.as) return rule.as;
  // A fixed value, or one of a list, is written as ours are.
  const isOurs = rule.value !== undefined || rule.values !== undefined || rule.cases !== undefined;
  return isOurs ? 'text' : column.kind === 'instant' ? 'time' : column.kind === 'seconds' ? 'seconds' : 'text';
}
