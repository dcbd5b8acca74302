/** How many leads got as far as each stage, from coming in to converting? */
import { choice, integer } from '../engine/columns.ts';
import * as metrics from '../engine/metrics.ts';
import { defineReport } from '../engine/report.ts';
import { join, sql, sqlText } from '../sql.ts';

const stages = ['Total leads', 'Dialed', 'Connected', 'Talked > 30s', 'Disposed', 'Converted'];

export default defineReport({
  name: 'funnel',
  title: 'Funnel',
  about: 'How far leads came: Lead, Dialed, Connected, Talked > 30s, Disposed, Converted.',
  key: ['stage'],
  columns: {
    stage: choice('Stage', 'Funnel stage', stages),
    count: integer('Leads', 'Leads of the window that reached this stage in it', 'leads', { better: 'more' }),
  },
  picture: { kind: 'bars', along: 'stage', values: ['count'] },
  sample: { rows: stages.length },
  sql: ({ leads }) => sql`
    SELECT stages.1 AS stage, stages.2 AS count
    FROM (
      SELECT arrayJoin([
        ('Total leads', ${metrics.leads}),
        ('Dialed', ${metrics.leadsDialed}),
        ('Connected', ${metrics.leadsConnected}),
        ('Talked > 30s', ${metrics.leadsTalked}),
        ('Disposed', ${metrics.leadsDisposed}),
        ('Converted', ${metrics.leadsConverted})
      ]) AS stages
      FROM ${leads} AS leads
    )
    ORDER BY indexOf([${join(stages.map(sqlText), sql`, `)}], stage)`,
});
