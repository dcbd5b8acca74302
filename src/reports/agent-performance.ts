/** How does each agent do: how much do they dial, whom do they reach and win, and how long do calls take? */
import { code, integer, number, per, text } from '../engine/columns.ts';
import { handleParts } from '../engine/handle-time.ts';
import * as metrics from '../engine/metrics.ts';
import { defineReport } from '../engine/report.ts';
import { sql } from '../sql.ts';

export default defineReport({
  name: 'agent-performance',
  title: 'Agent performance',
  about: 'Who dialed, who got through, who converted, and how long a call takes them.',
  key: ['agent_id'],
  columns: {
    agent_id: integer('Agent id', 'Agent user id'),
    name: text('Agent', 'Full name'),
    username: code('Username', 'Login name'),
    dials: integer('Dials', 'Dial attempts', 'calls', { figure: 'dials', better: 'neither' }),
    answers: integer('Answers', 'Dials that a person picked up', 'calls', { figure: 'answers', better: 'more' }),
    avg_aht_sec: integer('AHT', 'Average handle time: talk, hold and wrap time / answered calls', 'seconds', {
      figure: 'aht_sec',
      better: 'neither',
      ratio: per('handle_sec', 'handled_calls'),
    }),
    conversions: integer('Conversions', 'Dials that converted', 'calls', { figure: 'conversions', better: 'more' }),
    conv_rate: number('Conversion rate', 'conversions / answers x 100', 2, 'percent', {
      figure: 'conv_rate',
      better: 'more',
      ratio: per('conversions', 'answers'),
    }),
  },
  hidden: handleParts,
  counts: {
    of: 'calls',
    only: sql`calls.is_dial AND calls.agent_id != 0`,
    by: () => ({ agent_id: sql`calls.agent_id` }),
  },
  sample: { rows: 12, row: (row) => ({ agent_id: 25 + row, username: `agent.${25 + row}` }) },
  sql: ({ calls, agents }, _, { only, by }) => sql`
    SELECT
      counted.agent_id AS agent_id,
      if(known.agent_id = 0, concat('Agent ', toString(counted.agent_id)), known.name) AS name,
      known.username AS username,
      counted.dials AS dials,
      counted.answers AS answers,
      counted.avg_aht_sec AS avg_aht_sec,
      counted.conversions AS conversions,
      counted.conv_rate AS conv_rate,
      counted.handle_sec AS handle_sec,
      counted.handled_calls AS handled_calls
    FROM (
      SELECT
        ${by.agent_id} AS agent_id,
        ${metrics.dials} AS dials,
        ${metrics.answers} AS answers,
        ${metrics.ahtSec} AS avg_aht_sec,
        ${metrics.conversions} AS conversions,
        ${metrics.convRatePct(2)} AS conv_rate,
        ${metrics.handleSec} AS handle_sec,
        ${metrics.handled} AS handled_calls
      FROM ${calls} AS calls WHERE ${only} GROUP BY agent_id
    ) AS counted
    LEFT JOIN ${agents} AS known ON known.agent_id = counted.agent_id
    ORDER BY dials DESC, agent_id`,
});
