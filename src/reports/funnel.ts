import { choice, integer } from '../engine/columns.ts';
import { defineReport } from '../engine/report.ts';
import { sql } from '../sql.ts';

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
        ('Total leads', count()),
        ('Dialed', countIf(leads.is_dialed)),
        ('Connected', countIf(leads.is_connected)),
        ('Talked > 30s', countIf(leads.is_talked)),
        ('Disposed', countIf(leads.is_disposed)),
        ('Converted', countIf(leads.is_converted))
      ]) AS stages
      FROM ${leads} AS leads
    )
    ORDER BY indexOf(['Total leads', 'Dialed', 'Connected', 'Talked > 30s', 'Disposed', 'Converted'], stage)`,
});
