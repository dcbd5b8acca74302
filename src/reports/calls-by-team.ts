/** How do the teams compare in calls made, calls answered and customers won? */
import { integer, number, shareOf, text } from '../engine/columns.ts';
import * as metrics from '../engine/metrics.ts';
import { defineReport } from '../engine/report.ts';
import { sql } from '../sql.ts';

const teams = ['Sunrise', 'Đội Sen Vàng', 'North', 'Evening shift', 'Trainees', '(no team)'];

export default defineReport({
  name: 'calls-by-team',
  title: 'Calls by team',
  about: 'How each team does: its dials, who picked up, and who was won.',
  key: ['team_id'],
  columns: {
    team_id: integer('Team id', 'Team; 0: calls of no team'),
    team: text('Team', 'Team name'),
    dials: integer('Dials', 'Dial attempts', 'calls', { figure: 'dials', better: 'neither' }),
    answers: integer('Answers', 'Dials that a person picked up', 'calls', { figure: 'answers', better: 'more' }),
    answer_rate_pct: number('Answer rate', 'answers / dials x 100', 2, 'percent', {
      figure: 'answer_rate_pct',
      better: 'more',
      ratio: shareOf('answers', 'dials'),
    }),
    conversions: integer('Conversions', 'Dials that converted', 'calls', { figure: 'conversions', better: 'more' }),
  },
  counts: { of: 'calls', only: sql`calls.is_dial`, by: () => ({ team_id: sql`calls.team_id` }) },
  picture: { kind: 'bars', along: 'team', values: ['dials'] },
  sample: { rows: teams.length, row: (row) => ({ team_id: (row + 1) % teams.length, team: teams[row] }) },
  sql: ({ calls, teams }, _, { only, by }) => sql`
    SELECT
      counted.team_id AS team_id,
      multiIf(counted.team_id = 0, '(no team)', known.team_id = 0, concat('Team ', toString(counted.team_id)), known.name) AS team,
      counted.dials AS dials,
      counted.answers AS answers,
      counted.answer_rate_pct AS answer_rate_pct,
      counted.conversions AS conversions
    FROM (
      SELECT
        ${by.team_id} AS team_id,
        ${metrics.dials} AS dials,
        ${metrics.answers} AS answers,
        ${metrics.answerRatePct(2)} AS answer_rate_pct,
        ${metrics.conversions} AS conversions
      FROM ${calls} AS calls WHERE ${only} GROUP BY team_id
    ) AS counted
    LEFT JOIN ${teams} AS known ON known.team_id = counted.team_id
    ORDER BY dials DESC, team_id`,
});
