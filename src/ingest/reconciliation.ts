/** The answer to whoever sent a file: how many of its rows are in, which are not, and why. */
import { type Static, Type } from 'typebox';
import { amount, closed, uuidText, word } from '../shapes.ts';
import { tableNames } from '../tables.ts';
import { refusedRowSchema } from './refused.ts';

/** What became of a file, as JSON. */
export const reconciliationSchema = closed({
  import_id: uuidText(),
  table: word(tableNames),
  file: Type.String(),
  rows_read: amount('taken_in + refused; with strict, none is taken in when one is bad'),
  taken_in: amount(),
  refused: amount(),
  refused_by: Type.Array(closed({ field: Type.String(), reason: Type.String(), rows: amount() }), {
    description: 'Reasons with their counts',
  }),
  unknown_columns: Type.Array(Type.String()),
  first_refused: Type.Array(refusedRowSchema, {
    description: 'The first hundred: line, faults, row; all of them are kept for 30 days',
  }),
  held_back: Type.Optional(Type.String({ description: 'With strict: why nothing was taken in' })),
});

/** What became of a file: `rows_read = taken_in + refused`; when `held_back` is there, nothing was taken in. */
export type Reconciliation = Static<typeof reconciliationSchema>;
