/** One row of a table, under the column names of the import format. */
export type GeneratedRow = Record<string, string | number | boolean | null>;

/** A row and the table that it goes into. */
export interface DemoRow {
  table: 'campaigns' | 'teams' | 'agents' | 'dispositions' | 'caller_ids' | 'leads' | 'calls';
  row: GeneratedRow;
}

/** An instant in ISO 8601, as every row carries it. */
export function iso(instant: number): string {
  return new Date(instant).toISOString();
}

/** When the rows were set up that never change: long before any span. */
export const SET_UP = '2020-01-02T01:00:00.000Z';
