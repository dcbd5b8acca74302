import { expect, test } from 'vitest';
import { readBehind } from '../../src/engine/behind-params.ts';
import { integer } from '../../src/engine/columns.ts';
import { defineReport } from '../../src/engine/report.ts';
import { sql } from '../../src/sql.ts';
import { reportOf } from '../questions.ts';

const week = { date_from: '2026-06-08', date_to: '2026-06-14' };
const now = Date.parse('2026-06-20T00:00:00Z');

test('a row of a campaign is named by the parameter that filters by campaigns', () => {
  const byCampaign = defineReport({
    name: 'dials-by-campaign',
    title: 'Dials by campaign',
    about: 'How often each campaign dials.',
    key: ['campaign_id'],
    columns: {
      campaign_id: integer('Campaign id', 'Campaign'),
      dials: integer('Dials', 'Dial attempts', 'calls', { figure: 'dials', better: 'neither' }),
    },
    counts: { of: 'calls', only: sql`calls.is_dial`, by: () => ({ campaign_id: sql`calls.campaign_id` }) },
    picture: { kind: 'bars', along: 'campaign_id', values: ['dials'] },
    sample: { rows: 1, row: () => ({ campaign_id: 43 }) },
    sql: ({ calls }, _, { only, by }) => sql`
      SELECT ${by.campaign_id} AS campaign_id, count() AS dials FROM ${calls} AS calls WHERE ${only} GROUP BY campaign_id`,
  });
  const { figured, question } = readBehind(byCampaign, {}, { ...week, campaign_id: '43' }, { now });
  expect(figured).toEqual({ column: 'dials', key: { campaign_id: 43 } });
  expect(question.filters.campaignId).toBe(43);
});

test('beside the row of an agent, a campaign is a filter', () => {
  const asked = { ...week, agent_id: '25', campaign_id: '43' };
  const { figured, question } = readBehind(reportOf('agent-performance'), {}, asked, { now });
  expect(figured.key).toEqual({ agent_id: 25 });
  expect(question.filters.campaignId).toBe(43);
});
