/** How did things go over the window, all in all, in one row of figures? */
import { decimal, integer, number, per, shareOf } from '../engine/columns.ts';
import { handleParts } from '../engine/handle-time.ts';
import * as metrics from '../engine/metrics.ts';
import { defineReport } from '../engine/report.ts';
import { fixed } from '../engine/round.ts';
import { sql } from '../sql.ts';

export default defineReport({
  name: 'dashboard',
  title: 'Dashboard',
  about: 'How the window went at a glance: dials, answers, talk time, conversions.',
  columns: {
    total_dials: integer('Dials', 'Dial attempts', 'calls', { figure: 'dials', better: 'neither' }),
    total_answers: integer('Answers', 'Dials that a person picked up', 'calls', { figure: 'answers', better: 'more' }),
    answer_rate_pct: decimal('Answer rate', 'total_answers / total_dials x 100', 2, 'percent', {
      figure: 'answer_rate_pct',
      better: 'more',
      ratio: shareOf('total_answers', 'total_dials'),
    }),
    avg_talk_time_sec: decimal('Average talk time', 'Talk time / answers', 1, 'seconds', {
      figure: 'acd_sec',
      better: 'neither',
      ratio: per('total_talk_time_sec', 'total_answers'),
    }),
    total_talk_time_sec: decimal('Total talk time', 'Agent and customer in conversation', 0, 'seconds', {
      figure: 'talk_sec',
      better: 'neither',
    }),
    unique_agents: integer('Agents', 'Different agents with a dial', 'agents', {
      figure: 'unique_agents',
      better: 'neither',
    }),
    pdpl_blocked_count: integer(
      'PDPL blocked',
      'Attempts stopped before dialing: outside the allowed calling window',
      'calls',
      { figure: 'pdpl_blocked', better: 'less' },
    ),
    avg_aht_sec: integer('AHT', 'Average handle time: talk, hold and wrap time / answered calls', 'seconds', {
      figure: 'aht_sec',
      better: 'neither',
      ratio: per('handle_sec', 'handled_calls'),
    }),
    conversions: integer('Conversions', 'Dials that converted', 'calls', { figure: 'conversions', better: 'more' }),
    conv_rate: number('Conversion rate', 'conversions / total_answers x 100', 2, 'percent', {
      figure: 'conv_rate',
      better: 'more',
      ratio: per('conversions', 'total_answers'),
    }),
  },
  hidden: handleParts,
  counts: { of: 'calls' },
  sql: ({ calls }) => sql`
    SELECT
      ${metrics.dials} AS total_dials,
      ${metrics.answers} AS total_answers,
      ${fixed(metrics.answerRatePct(2), 2)} AS answer_rate_pct,
      ${metrics.avgTalkSec} AS avg_talk_time_sec,
      toString(${metrics.talkSec}) AS total_talk_time_sec,
      ${metrics.uniqueAgents} AS unique_agents,
      ${metrics.pdplBlocked} AS pdpl_blocked_count,
      ${metrics.ahtSec} AS avg_aht_sec,
      ${metrics.conversions} AS conversions,
      ${metrics.convRatePct(2)} AS conv_rate,
      ${metrics.handleSec} AS handle_sec,
      ${metrics.handled} AS handled_calls
    FROM ${calls} AS calls`,
});
