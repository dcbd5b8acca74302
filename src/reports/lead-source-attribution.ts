/** Which sources bring leads that can be reached and won? */
import { decimal, integer, shareOf, text } from '../engine/columns.ts';
import * as metrics from '../engine/metrics.ts';
import { defineReport } from '../engine/report.ts';
import { fixed } from '../engine/round.ts';
import { sql } from '../sql.ts';

const sources = ['website', 'facebook', 'giới thiệu', 'event', '(unknown)', 'partner'];

export default defineReport({
  name: 'lead-source-attribution',
  title: 'Lead-source attribution',
  about: 'Which sources of leads are worth their money: leads, dialed, contacted and converted by source.',
  key: ['source'],
  columns: {
    source: text('Source', 'Lead source; leads without one are (unknown)'),
    total_leads: integer('Leads', 'Leads of the window from this source', 'leads', {
      figure: 'leads',
      better: 'neither',
    }),
    dialed_count: integer('Dialed', 'Leads that were dialed', 'leads', { figure: 'leads_dialed', better: 'neither' }),
    contacted_count: integer('Contacted', 'Leads that picked up', 'leads', {
      figure: 'leads_connected',
      better: 'more',
    }),
    conv_count: integer('Conversions', 'Leads that converted', 'leads', { figure: 'leads_converted', better: 'more' }),
    conv_rate_pct: decimal('Conversion rate', 'conv_count / total_leads x 100', 2, 'percent', {
      figure: 'lead_conv_rate_pct',
      better: 'more',
      ratio: shareOf('conv_count', 'total_leads'),
    }),
  },
  counts: { of: 'leads', by: () => ({ source: sql`if(leads.source = '', '(unknown)', leads.source)` }) },
  picture: { kind: 'bars', along: 'source', values: ['total_leads', 'contacted_count', 'conv_count'] },
  sample: { rows: 6, row: (row) => ({ source: sources[row] }) },
  sql: ({ leads }, _, { by }) => sql`
    SELECT
      ${by.source} AS source,
      ${metrics.leads} AS total_leads,
      ${metrics.leadsDialed} AS dialed_count,
      ${metrics.leadsConnected} AS contacted_count,
      ${metrics.leadsConverted} AS conv_count,
      ${fixed(metrics.leadConvRatePct(2), 2)} AS conv_rate_pct
    FROM ${leads} AS leads
    GROUP BY source
    ORDER BY total_leads DESC, source`,
});
