/** What became of a mapped file: the reconciliation, as JSON. */
import { type Static, Type } from 'typebox';
import { reconciliationSchema } from '../ingest/reconciliation.ts';
import { amount, closed, named, word } from '../shapes.ts';
import { absentColumnSchema } from './source/record.ts';

const sourceTotalSchema = closed({
  values: named(Type.String(), { description: 'By the file\u2019s column' }),
  rows: amount(),
  skipped: amount(),
  refused: amount(),
  merged: amount(),
  taken_in: amount(),
  outcomes: named(amount(), { description: 'Rows taken in by outcome (calls only)' }),
});

/** What became of the rows with certain values of the file's counted columns. */
export type SourceTotal = Static<typeof sourceTotalSchema>;

const { rows_read: _, ...shared } = reconciliationSchema.properties;

/** What became of a file that a mapping was for, as JSON. */
export const mappedReconciliationSchema = closed(
  {
    ...shared,
    rows_read: amount(),
    skipped: amount(),
    skipped_by: Type.Array(closed({ because: Type.String(), rows: amount() })),
    merged: amount('Parts of calls, beside the row that stands for each'),
    merged_calls: Type.Array(closed({ parts: amount(), calls: amount() }), {
      description: 'How many calls were made of how many parts, the most frequent first',
    }),
    incomplete_calls: amount('Calls taken in though a row of them is refused, which could not have decided them'),
    repeated_times: amount('Local times that the clock showed twice, taken as the mapping says'),
    numbered_by: word(
      ['line', 'record'],
      'What the line of a refused row is: its line in the file, or the number of its record (JSON)',
    ),
    absent_columns: Type.Array(absentColumnSchema, {
      description: 'Columns that the mapping names and no record of a JSON file has: they were taken as empty',
    }),
    source_totals: Type.Array(sourceTotalSchema, {
      description: 'The file\u2019s own values, and what became of their rows',
    }),
    by_outcome: named(amount(), { description: 'What was taken in by outcome (calls only)' }),
    by_disposition: named(amount()),
  },
  { description: 'rows_read = taken_in + refused + skipped + merged' },
);

/** What became of a file: `rows_read = taken_in + refused + skipped + merged`. */
export type MappedReconciliation = Static<typeof mappedReconciliationSchema>;
