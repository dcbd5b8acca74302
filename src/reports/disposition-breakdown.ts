/** How do agents say that their calls ended, and what share has each of those endings? */
import { choice, code, color, decimal, integer, shareOfAll, text } from '../engine/columns.ts';
import * as metrics from '../engine/metrics.ts';
import { defineReport } from '../engine/report.ts';
import { fixed } from '../engine/round.ts';
import { sql, sqlText as textOf } from '../sql.ts';
import { tables } from '../tables.ts';

const { category, color: badge } = tables.dispositions.columns;
const codes = ['SALE', 'CALLBACK', 'NO_ANSWER', 'BUSY', 'WRONG_NUMBER', 'DNC'];
const labels = ['Sale', 'Call back', 'No answer', 'Busy', 'Wrong number', 'Do not call'];

const all = sql`sum(counted.calls) OVER ()`;

export default defineReport({
  name: 'disposition-breakdown',
  title: 'Disposition breakdown',
  about: 'How calls ended in the agents\u2019 own words: each disposition code with its share.',
  key: ['code'],
  columns: {
    code: code('Code', 'Disposition code'),
    label: text('Disposition', 'Display label'),
    category: choice('Category', 'Outcome group', category.choices),
    color: color('Color', 'Badge color', 'label'),
    count: integer('Calls', 'Dials with this disposition', 'calls', { figure: 'disposed', better: 'neither' }),
    pct: decimal('Share', 'count / sum of all counts x 100', 2, 'percent', {
      figure: 'disposition_pct',
      better: 'neither',
      ratio: shareOfAll('count', 'all_disposed'),
    }),
  },
  hidden: { all_disposed: integer('Disposed', 'Dials with any disposition', 'calls', { figure: 'disposed' }) },
  counts: { of: 'calls', only: sql`calls.is_disposed`, by: () => ({ code: sql`toString(calls.disposition_code)` }) },
  picture: { kind: 'bars', along: 'label', values: ['count'] },
  sample: {
    rows: 6,
    row: (row) => ({ code: codes[row], label: labels[row] }),
  },
  sql: ({ calls, dispositions }, _, { only, by }) => sql`
    SELECT
      counted.code AS code,
      if(known.code = '', counted.code, known.label) AS label,
      if(known.code = '', ${textOf(category.default)}, toString(known.category)) AS category,
      if(known.code = '', ${textOf(badge.default)}, known.color) AS color,
      counted.calls AS count,
      ${fixed(metrics.dispositionPct(2, { part: sql`counted.calls`, of: all }), 2)} AS pct,
      ${all} AS all_disposed
    FROM (
      SELECT ${by.code} AS code, ${metrics.disposed} AS calls
      FROM ${calls} AS calls WHERE ${only} GROUP BY code
    ) AS counted
    LEFT JOIN ${dispositions} AS known ON known.code = counted.code
    ORDER BY count DESC, code`,
});
