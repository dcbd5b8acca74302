/** Reports that only tests have, put beside the product's own: loaded before anything reads the catalogue. */
import { integer, number, shareOf, text } from '../../src/engine/columns.ts';
import * as metrics from '../../src/engine/metrics.ts';
import { defineReport, type Report } from '../../src/engine/report.ts';
import { reports } from '../../src/reports/index.ts';
import { sql } from '../../src/sql.ts';

const outcomes = ['answered', 'no_answer', 'busy'];

/** A report that the console has never heard of. */
const callsByOutcome = defineReport({
  name: 'calls-by-outcome',
  title: 'Ends <b>of</b> calls',
  about: 'How attempts end & who picks up.',
  key: ['ending'],
  columns: {
    ending: text('Ending', 'How attempts ended'),
    dials: integer('Dials', 'Dial attempts', 'calls', { figure: 'dials', better: 'neither' }),
    answers: integer('Answers', 'Dials that a person picked up', 'calls', { figure: 'answers', better: 'more' }),
    answer_rate_pct: number('Answer rate', 'answers / dials x 100', 2, 'percent', {
      figure: 'answer_rate_pct',
      better: 'more',
      ratio: shareOf('answers', 'dials'),
    }),
  },
  counts: { of: 'calls', only: sql`calls.is_dial`, by: () => ({ ending: sql`toString(calls.ended_as)` }) },
  picture: { kind: 'bars', along: 'ending', values: ['dials', 'answers'] },
  sample: { rows: outcomes.length, row: (row) => ({ ending: outcomes[row] }) },
  sql: ({ calls }, _, { only, by }) => sql`
    SELECT
      ${by.ending} AS ending,
      ${metrics.dials} AS dials,
      ${metrics.answers} AS answers,
      ${metrics.answerRatePct(2)} AS answer_rate_pct
    FROM ${calls} AS calls WHERE ${only} GROUP BY ending ORDER BY dials DESC, ending`,
});

/** The same rows, drawn as something else. */
const others = (['table', 'line'] as const).map((kind) => ({
  ...callsByOutcome,
  name: `calls-by-outcome-${kind}`,
  title: `Ends as a ${kind}`,
  picture: kind === 'line' ? { kind, along: 'ending', values: ['dials'] } : { kind },
}));

(reports as Report[]).push(callsByOutcome as unknown as Report, ...(others as unknown as Report[]));
