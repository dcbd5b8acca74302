/** What the API answers, as its own declarations say it: types alone come from the server. */
import type { Static } from 'typebox';
import type { About } from '../../../src/engine/about-schema.ts';
import type { Comparison } from '../../../src/engine/comparison-schema.ts';
import type { ShownReport, startSchema } from '../../../src/http/answers/catalogue.ts';
import type { meSchema } from '../../../src/http/answers/me.ts';
import type { reconciliationSchema } from '../../../src/ingest/reconciliation.ts';
import type { mappedReconciliationSchema } from '../../../src/mapping/reconciliation.ts';

/** Who is signed in. */
export type Me = Static<typeof meSchema>;
/** All that a page of the console begins with. */
export type Start = Static<typeof startSchema>;
/** A report of the catalogue. */
export type Report = ShownReport;
/** A part of a report's answer. */
export type Part = Report['parts'][number];
/** A column of a report. */
export type Column = Report['columns'][number];
export type { About, Comparison };

/** A row of an answer; lists of some rows stand inside of them. */
export type Row = Record<string, unknown>;

/** A report's rows, in whatever shape it has them. */
export interface RowsAnswer {
  data: unknown;
}

/** A report's answer with what the console always asks for. */
export interface Answer extends RowsAnswer {
  about: About;
  comparison?: Comparison;
}

/** What became of a file; of a mapped one also what was left out of it. */
export type Reconciliation = Static<typeof reconciliationSchema> &
  Partial<Pick<Static<typeof mappedReconciliationSchema>, 'skipped' | 'skipped_by' | 'merged'>>;
