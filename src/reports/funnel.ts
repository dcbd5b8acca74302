/** How many leads got as far as each stage, from coming in to converting? */
import { choice, integer } from '../engine/columns.ts';
import * as metrics from '../engine/metrics.ts';
import { defineReport } from '../engine/report.ts';
import { join, sql, sqlText } from '../sql.ts';

const stages = {
  'Total leads': metrics.leads,
  Dialed: metrics.leadsDialed,
  Connected: metrics.leadsConnected,
  'Talked > 30s': metrics.leadsTalked,
  Disposed: metrics.leadsDisposed,
  Converted: metrics.leadsConverted,
};
const words = Object.keys(stages);
const reached = Object.entries(stages).map(([stage, figure]) => [stage, metrics.countedBy(figure)]);

export default defineReport({
  name: 'funnel',
  title: 'Funnel',
  about: 'How far leads came: Lead, Dialed, Connected, Talked > 30s, Disposed, Converted.',
  key: ['stage'],
  columns: {
    stage: choice('Stage', 'Funnel stage', words),
    count: integer('Leads', 'Leads of the window that reached this stage in it', 'leads', { better: 'more' }),
  },
  counts: { of: 'leads', by: () => ({ stage: Object.fromEntries(reached) }), but: { count: { which: () => sql`1` } } },
  picture: { kind: 'bars', along: 'stage', values: ['count'] },
  sample: { rows: words.length },
  sql: ({ leads }) => sql`
    SELECT stages.1 AS stage, stages.2 AS count
    FROM (
      SELECT arrayJoin([${join(
        Object.entries(stages).map(([stage, figure]) => sql`(${sqlText(stage)}, ${figure})`),
        sql`, `,
      )}]) AS stages
      FROM ${leads} AS leads
    )
    ORDER BY indexOf([${join(words.map(sqlText), sql`, `)}], stage)`,
});
